// The page: header, the run and what it shows, footer.

import { AdapterBadge } from './adapter-badge';
import { Announcer } from './announcer';
import { Controls } from './controls';
import { Curves } from './curves';
import { FailureNotice } from './failure-notice';
import { Glossary } from './glossary';
import { DrawDigit } from './learned/draw-digit';
import { GradientCheck } from './learned/gradient-check';
import { GpuMemory } from './learned/memory';
import { SweepPanel } from './learned/sweep-panel';
import { WhatItLearned } from './learned/what-it-learned';
import { Results } from './results';
import type { TrainingRun } from './run';
import { TimingTable } from './timing-table';

/** The whole page. Without a run to look at, a failure takes the place of everything else. */
export function Page({ run }: { readonly run: TrainingRun }) {
  const failure = run.failure.value;
  const nothingToSee = failure !== undefined && run.history.value.length === 0;
  return (
    <>
      <header class="masthead">
        <div class="name">
          <Mark />
          <div>
            <h1>Underglass</h1>
            <p>A neural network learns to read digits on your own GPU, and you see how long every shader takes.</p>
          </div>
        </div>
        <AdapterBadge run={run} />
      </header>
      <main>
        {failure && <FailureNotice failure={failure} run={run} whole={nothingToSee} />}
        {!nothingToSee && (
          <>
            <Controls run={run} />
            <div class="panels">
              <Curves run={run} />
              <div class="pair">
                <Results run={run} />
                <Glossary run={run} />
              </div>
              <TimingTable run={run} />
            </div>
            <div class="findings">
              <WhatItLearned findings={run.findings} onLook={showPad} />
              <DrawDigit findings={run.findings} />
              <SweepPanel
                findings={run.findings}
                trainRows={run.rows.value?.train}
                onLoad={(settings) => run.load(settings)}
              />
              <div class="checks">
                <GradientCheck findings={run.findings} />
                <GpuMemory findings={run.findings} />
              </div>
            </div>
          </>
        )}
        <Announcer run={run} />
      </main>
      <footer class="colophon">
        <p>
          Everything runs on this machine; nothing leaves it. The experiment is that of B. Himmetoglu’s{' '}
          <cite>Yet another introduction to Neural Networks</cite> (2017); the digits are scikit-learn’s.
        </p>
        <p>
          <a href="./README.md">About Underglass: library, command line, source</a>
        </p>
      </footer>
    </>
  );
}

/** Brings the pad into view. */
function showPad(): void {
  document.querySelector('#draw-title')?.scrollIntoView({ block: 'start' });
}

/** The name's sign: squares of a matrix, one of them under a glass. */
function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <g fill="currentColor">
        {[4, 11, 18].flatMap((y) =>
          [4, 11, 18].map((x) => <rect key={`${x} ${y}`} x={x} y={y} width="5" height="5" rx="1" opacity="0.35" />),
        )}
      </g>
      <circle cx="19" cy="19" r="7.5" fill="var(--ground)" stroke="currentColor" stroke-width="2.2" />
      <rect x="16" y="16" width="6" height="6" rx="1" fill="currentColor" />
      <path d="M24.6 24.6 29 29" stroke="currentColor" stroke-width="2.6" stroke-linecap="round" />
    </svg>
  );
}
