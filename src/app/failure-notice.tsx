// The failure notice: what went wrong, and what to do about it.

import type { ComponentChildren } from 'preact';
import { formatCount } from '../base/units';
import type { Lab } from './lab';
import type { Failure, FailureCode } from './protocol';
import type { TrainingRun } from './run';

interface Advice {
  readonly title: string;
  /** In a few words, what it means. */
  readonly meaning: ComponentChildren;
  readonly steps: readonly ComponentChildren[];
  /** What the button says. */
  readonly retry: string;
}

interface FailureNoticeProps {
  readonly failure: Failure;
  readonly lab: Lab;
  /** Whether there is nothing else to show on the page. */
  readonly whole: boolean;
}

/** Failures that no setting causes and none mends. */
const OF_THE_PLACE: readonly FailureCode[] = ['no-webgpu', 'no-adapter', 'io', 'data', 'internal'];

/** Whether a failure leaves nothing else to look at or to change. */
export function takesThePage({ code }: Failure, { history, past }: TrainingRun): boolean {
  return OF_THE_PLACE.includes(code) && history.value.length === 0 && past.value.length === 0;
}

/** A notice above a run that stopped, or a page of its own. */
export function FailureNotice({ failure, lab, whole }: FailureNoticeProps) {
  const { title, meaning, steps, retry } = adviceOf(failure.code);
  return (
    <section class={whole ? 'failure whole' : 'failure'} role="alert" aria-labelledby="failure-title">
      <h2 id="failure-title">{title}</h2>
      <p>{meaning}</p>
      {steps.length > 0 && (
        <ul>
          {steps.map((step, i) => (
            <li key={i}>{step}</li>
          ))}
        </ul>
      )}
      <div class="buttons">
        {failure.code === 'diverged' && <GentlerButton lab={lab} />}
        <button type="button" class={failure.code === 'diverged' ? 'secondary' : ''} onClick={() => lab.restart()}>
          {retry}
        </button>
      </div>
      <p class="detail">
        <code>{failure.code}</code> {sentence(failure.message)}
        {failure.code === 'diverged' && ` ${lastFinite(lab.run)}`}
      </p>
    </section>
  );
}

/** Trains the same with a tenth of the learning rate. */
function GentlerButton({ lab }: { readonly lab: Lab }) {
  const settings = lab.run.settings.value;
  const lr = Number((settings.lr / 10).toPrecision(6));
  return (
    <button type="button" onClick={() => lab.train({ ...settings, lr })}>
      Train with α = {lr}
    </button>
  );
}

/** How far the curves can be trusted. */
function lastFinite({ history }: TrainingRun): string {
  const last = history.value.findLast(({ train }) => Number.isFinite(train.loss));
  return last ? `The last loss that was a number is that of epoch ${formatCount(last.epoch)}.` : '';
}

function sentence(text: string): string {
  const [first = '', ...rest] = text.trim();
  return `${first.toUpperCase()}${rest.join('')}${/[.!?]$/.test(text.trim()) ? '' : '.'}`;
}

function adviceOf(code: FailureCode): Advice {
  switch (code) {
    case 'no-webgpu':
      return isSecureContext ? NO_WEBGPU : NOT_SECURE;
    case 'no-adapter':
      return NO_ADAPTER;
    case 'device-lost':
      return DEVICE_LOST;
    case 'io':
    case 'data':
      return NO_DATA;
    case 'out-of-memory':
      return OUT_OF_MEMORY;
    case 'limit':
      return TOO_LARGE;
    case 'diverged':
      return DIVERGED;
    default:
      return OTHER;
  }
}

const COMMAND_LINE = (
  <>
    Or leave the browser: <code>npm run train</code> trains the same network on the command line.
  </>
);

const NO_WEBGPU: Advice = {
  title: 'This browser has no WebGPU',
  meaning: 'WebGPU is how a page computes on the GPU. Underglass trains with nothing else, so nothing can run here.',
  steps: [
    'Use Chrome or Edge 113 or later, Safari 26 or later, or a recent Firefox on Windows or macOS.',
    <>
      On Linux, Chrome offers it on some GPUs only; <code>chrome://flags/#enable-unsafe-webgpu</code> turns it on for
      the others.
    </>,
    COMMAND_LINE,
  ],
  retry: 'Look again',
};

const NOT_SECURE: Advice = {
  title: 'WebGPU is off on this address',
  meaning: 'Browsers offer WebGPU to pages that came by a safe way only: over https, or from this very machine.',
  steps: [
    <>
      Open the page over <code>https</code>, or as <code>http://localhost</code>.
    </>,
    COMMAND_LINE,
  ],
  retry: 'Look again',
};

const NO_ADAPTER: Advice = {
  title: 'WebGPU found no GPU here',
  meaning:
    'The browser knows WebGPU, but has no adapter to run it on: no GPU that it trusts, and no software in its place.',
  steps: [
    'Turn on “Use graphics acceleration when available” in the browser’s settings, then start the browser again.',
    'Update the graphics driver. In a virtual machine or over a remote desktop there may be no GPU to use.',
    <>
      In Chrome, <code>chrome://gpu</code> says why; <code>chrome://flags/#enable-unsafe-webgpu</code> lets it use GPUs
      that it does not trust.
    </>,
    COMMAND_LINE,
  ],
  retry: 'Look again',
};

const DEVICE_LOST: Advice = {
  title: 'The GPU was lost',
  meaning:
    'The graphics driver was reset, updated or stopped, or the machine slept. The weights were on the GPU and went with it; the curves up to then are below.',
  steps: [
    'The page goes on by itself where it can, from the state that it kept last. Where the GPU is lost again and again, a smaller network or batch may spare it.',
  ],
  retry: 'Start again',
};

const NO_DATA: Advice = {
  title: 'The digits did not load',
  meaning: 'The page needs one file of 114 KiB with the images, from the place that it came from.',
  steps: [],
  retry: 'Try again',
};

const OUT_OF_MEMORY: Advice = {
  title: 'The GPU has not enough memory',
  meaning:
    'This network with its data does not fit beside what else lies on the GPU. What was made for it has been freed.',
  steps: [
    'Make the layers narrower, or take fewer images a batch.',
    'Close other pages and programs that use the GPU.',
  ],
  retry: 'Try again',
};

const TOO_LARGE: Advice = {
  title: 'The network is too large for this GPU',
  meaning: 'A limit of this adapter stands against it, and nothing was put on the GPU.',
  steps: ['Make the layers narrower, or take fewer images a batch.'],
  retry: 'Try again',
};

const DIVERGED: Advice = {
  title: 'Training diverged',
  meaning:
    'The steps went too far: each made the weights larger, until the loss was no number any more. The curves up to then are below.',
  steps: ['Take a smaller learning rate α, less momentum μ, or a smaller penalty λ.'],
  retry: 'Train the form’s settings',
};

const OTHER: Advice = {
  title: 'Training stopped',
  meaning: 'Something went wrong that should not have. What is known of it stands below.',
  steps: [],
  retry: 'Start again',
};
