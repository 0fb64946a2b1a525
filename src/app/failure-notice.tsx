// The failure notice: what went wrong, and what to do about it.

import type { ComponentChildren } from 'preact';
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
  readonly run: TrainingRun;
  /** Whether there is nothing else to show on the page. */
  readonly whole: boolean;
}

/** A notice above a run that stopped, or a page of its own. */
export function FailureNotice({ failure, run, whole }: FailureNoticeProps) {
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
      <button type="button" onClick={() => run.start(run.seed.value)}>
        {retry}
      </button>
      <p class="detail">
        <code>{failure.code}</code> {sentence(failure.message)}
      </p>
    </section>
  );
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
  steps: [],
  retry: 'Start again',
};

const NO_DATA: Advice = {
  title: 'The digits did not load',
  meaning: 'The page needs one file of 114 KiB with the images, from the place that it came from.',
  steps: [],
  retry: 'Try again',
};

const OTHER: Advice = {
  title: 'Training stopped',
  meaning: 'Something went wrong that should not have. What is known of it stands below.',
  steps: [],
  retry: 'Start again',
};
