// Draw a digit: a pad, the pixels that the network sees, and what it makes of them.

import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { DIGITS_COLUMNS } from '../../data/digits';
import { isBlank } from '../../data/drawing';
import { digitFromStrokes, type Stroke } from '../../index';
import { largestProbability, rangeOf } from '../activation-range';
import { formatAge } from '../position';
import { Activations } from './activations';
import { imageOf } from './digit-list';
import { useWhileInSight } from './in-sight';
import { type Findings, isAtWork } from './findings';
import type { ImageReading } from './messages';
import { formatShare } from './numbers';
import { Pad } from './pad';
import { PixelGrid } from './pixel-grid';

const BLANK = new Float32Array(DIGITS_COLUMNS);

/** The panel; what it reads follows the training while it is in sight. */
export function DrawDigit({ findings }: { readonly findings: Findings }) {
  const element = useRef<HTMLElement>(null);
  useWhileInSight(element, findings);
  const { strokes } = findings;
  /** The image that the strokes made; another one did not come from the pad. */
  const own = useRef(strokes.value.length > 0 ? findings.image.peek() : undefined);
  const frame = useRef(0);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);
  useSignalEffect(() => {
    if (findings.image.value !== own.current) strokes.value = [];
  });

  const draw = (next: readonly Stroke[]) => {
    strokes.value = next;
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => {
      own.current = digitFromStrokes(strokes.value);
      findings.image.value = own.current;
    });
  };
  const set = (pixels: Float32Array | undefined) => {
    cancelAnimationFrame(frame.current);
    own.current = undefined;
    strokes.value = [];
    findings.image.value = pixels && !isBlank(pixels) ? pixels : undefined;
  };

  const image = findings.image.value;
  const reading = findings.reading.value;
  return (
    <section class="draw-digit" aria-labelledby="draw-title" ref={element}>
      <div class="section-head">
        <h2 id="draw-title">Draw a digit</h2>
        <p>{reading ? `read ${formatAge(reading.position)}` : ''}</p>
      </div>
      <div class="drawing">
        <div class="pad-side">
          <h3>Draw here</h3>
          <Pad strokes={strokes.value} onDraw={draw} />
          <div class="pad-buttons">
            <button
              type="button"
              class="secondary"
              disabled={strokes.value.length === 0}
              onClick={() => draw(strokes.value.slice(0, -1))}
            >
              Undo
            </button>
            <button type="button" class="secondary" disabled={!image} onClick={() => set(undefined)}>
              Clear
            </button>
          </div>
          <TestImage findings={findings} onLoad={set} />
        </div>
        <div class="pixel-side">
          <h3>What the network sees</h3>
          <PixelGrid pixels={image ?? BLANK} onChange={set} />
          <p class="note">
            The drawing is scaled to 32 × 32 points with as much ink as the data set’s digits have, and the points of
            each 4 × 4 field are counted, as those digits were made. By keyboard: arrows move, Space sets, + and −
            change a pixel.
          </p>
        </div>
        <Probabilities image={image} reading={reading} />
      </div>
      {image && reading && <Activations reading={reading} />}
    </section>
  );
}

interface TestImageProps {
  readonly findings: Findings;
  readonly onLoad: (pixels: Float32Array) => void;
}

/** Takes an image of the test set by its number. */
function TestImage({ findings, onLoad }: TestImageProps) {
  const number = useSignal('1');
  const images = findings.images.value.test;
  useEffect(() => {
    if (isAtWork(findings.stage.value)) findings.wantImages('test');
  }, [findings, findings.stage.value]);
  const rows = images?.labels.length ?? 0;
  const load = (event: SubmitEvent) => {
    event.preventDefault();
    const pixels = imageOf(images, Number(number.value) - 1);
    if (pixels) onLoad(pixels);
  };
  return (
    <form class="test-image" onSubmit={load}>
      <label>
        <span>test image</span>
        <input
          type="number"
          min="1"
          max={Math.max(1, rows)}
          step="1"
          required
          value={number.value}
          onInput={(event) => {
            number.value = event.currentTarget.value;
          }}
        />
      </label>
      <button type="submit" class="secondary" disabled={rows === 0}>
        Load
      </button>
    </form>
  );
}

interface ProbabilitiesProps {
  readonly image: Float32Array | undefined;
  readonly reading: ImageReading | undefined;
}

/** The probability of each digit as a bar, and the verdict in words. */
function Probabilities({ image, reading }: ProbabilitiesProps) {
  const said = useSignal('');
  const announced = useRef<Float32Array | undefined>(undefined);
  const probabilities = Array.from(reading?.probabilities ?? { length: 10 }, Number);
  const best = probabilities.indexOf(Math.max(...probabilities));
  const verdict = !image
    ? 'Nothing is drawn, so there is nothing to read: draw a digit, set pixels, or load a test image.'
    : reading
      ? `It reads a ${best}, with a probability of ${formatShare(probabilities[best]!)}.`
      : 'The network reads it as soon as there is one.';
  useEffect(() => {
    // Once an image: training changes the numbers every second.
    if (image !== announced.current && (!image || reading)) {
      announced.current = image;
      said.value = verdict;
    }
  }, [image, reading]);
  // Where outputs are bounded, softmax of them never comes near certainty.
  const range = reading && rangeOf(reading.output);
  const ceiling = reading ? largestProbability(reading.output, probabilities.length) : 1;
  return (
    <div class="reading">
      <h3>What it reads</h3>
      <p class="reading-verdict">{verdict}</p>
      <p class="unseen" role="status">
        {said}
      </p>
      <table class="probabilities" aria-label="Probability of each digit">
        <tbody>
          {probabilities.map((probability, digit) => (
            <tr key={digit} class={reading && digit === best ? 'best' : ''}>
              <th scope="row">{digit}</th>
              <td class="probability-bar">
                <span style={{ width: `${reading ? Math.min(100, (probability / ceiling) * 100) : 0}%` }} />
              </td>
              <td>{reading ? formatShare(probability) : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {range && ceiling < 1 && (
        <p class="note">
          A full bar is {formatShare(ceiling)}: this network’s outputs lie between {range.least.toFixed(0)} and{' '}
          {range.most.toFixed(0)}, and softmax makes no more of them.
        </p>
      )}
    </div>
  );
}
