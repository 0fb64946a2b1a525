// Histograms of what is inside: weights, activations and gradients of every layer.

import { formatCount } from '../../base/units';
import type { Histogram, LayerSpread } from '../../index';
import { NumbersTable } from '../numbers-table';
import { formatSmall } from './numbers';

const KINDS = [
  { key: 'weights', name: 'weights' },
  { key: 'activations', name: 'activations' },
  { key: 'gradients', name: 'gradients' },
] as const;

/** A row of histograms for each layer, and their numbers as a table. */
export function Spreads({ spreads }: { readonly spreads: readonly LayerSpread[] }) {
  return (
    <section class="spreads" aria-labelledby="spreads-title">
      <h3 id="spreads-title">How the numbers are spread</h3>
      <p class="note">
        Weights that stay near zero have learnt nothing; activations that crowd at the ends of a sigmoid or tanh are
        saturated, and let hardly any gradient through.
      </p>
      <div class="spread-grid">
        {spreads.map((spread) => (
          <div class="spread-row" key={spread.name}>
            <h4>
              {spread.name} <span>{formatCount(spread.outputs)} units</span>
            </h4>
            {KINDS.map(({ key, name }) => (
              <HistogramFigure key={key} name={name} layer={spread.name} histogram={spread[key]} />
            ))}
          </div>
        ))}
      </div>
      <SpreadTable spreads={spreads} />
    </section>
  );
}

interface HistogramFigureProps {
  readonly name: string;
  readonly layer: string;
  readonly histogram: Histogram | undefined;
}

function HistogramFigure({ name, layer, histogram }: HistogramFigureProps) {
  if (!histogram) {
    return (
      <figure class="histogram">
        <figcaption>{name}</figcaption>
        <p class="waiting">none before the first step</p>
      </figure>
    );
  }
  const { from, to, counts } = histogram;
  const zero = from < 0 && to > 0 ? (-from / (to - from)) * counts.length : undefined;
  return (
    <figure class="histogram">
      <figcaption>{name}</figcaption>
      <svg
        viewBox={`0 0 ${counts.length} 20`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${layer} ${name}: ${inWords(histogram)}`}
      >
        <path d={bars(counts)} />
        {zero !== undefined && <line x1={zero} x2={zero} y1="0" y2="20" vector-effect="non-scaling-stroke" />}
      </svg>
      <p class="ends">
        <span>{formatSmall(from, 2)}</span>
        <span>{formatSmall(to, 2)}</span>
      </p>
    </figure>
  );
}

/** One path for all bars, 20 high and a bin wide each: hundreds of elements would slow the page down. */
function bars(counts: Uint32Array): string {
  const most = Math.max(1, ...counts);
  return Array.from(counts, (count, i) => `M${i + 0.06} 20V${20 - (19 * count) / most}h0.88V20z`).join('');
}

function inWords({ from, to, mean, deviation, strange }: Histogram): string {
  const odd = strange > 0 ? `; ${formatCount(strange)} are no finite numbers` : '';
  return (
    `from ${formatSmall(from)} to ${formatSmall(to)}, mean ${formatSmall(mean)}, ` +
    `standard deviation ${formatSmall(deviation)}${odd}`
  );
}

function SpreadTable({ spreads }: { readonly spreads: readonly LayerSpread[] }) {
  return (
    <NumbersTable
      summary="The histograms as a table"
      label="Spread of weights, activations and gradients"
      columns={['numbers', 'least', 'mean', 'largest', 'deviation', 'not finite']}
      rows={() =>
        spreads.flatMap((spread) =>
          KINDS.flatMap(({ key, name }) => {
            const found = spread[key];
            if (!found) return [];
            const { from, mean, to, deviation, strange } = found;
            const sizes = [from, mean, to, deviation].map((size) => formatSmall(size));
            return [[`${spread.name} ${name}`, ...sizes, formatCount(strange)] as const];
          }),
        )
      }
    />
  );
}
