// A small picture of an activation, drawn from its float64 definition.

import { activations } from '../../index';
import { isPart } from '../../nn/part';

/** What is shown: z from -4 to 4, y from -1.4 to 3. */
const REACH = 4;
const [LOWEST, HIGHEST] = [-1.4, 3];
const POINTS = 48;

/** Settings that are activations. */
const OF_ACTIVATIONS: readonly string[] = ['activation', 'output'];

/** The curve of the activation that a field is set to; nothing for other fields. */
export function CurvePicture({ name, word }: { readonly name: string; readonly word: string }) {
  if (!OF_ACTIVATIONS.includes(name) || !isPart(activations, word)) return null;
  const { value } = activations[word];
  const points = Array.from({ length: POINTS + 1 }, (_, i) => {
    const z = -REACH + (2 * REACH * i) / POINTS;
    return `${z.toFixed(2)},${(-value(z)).toFixed(3)}`;
  });
  return (
    <svg class="curve" viewBox={`${-REACH} ${-HIGHEST} ${2 * REACH} ${HIGHEST - LOWEST}`} aria-hidden="true">
      <path class="axes" d={`M${-REACH},0H${REACH}M0,${-HIGHEST}V${-LOWEST}`} />
      <polyline points={points.join(' ')} />
    </svg>
  );
}
