// The page: header, the model beside the run and its panels, footer.

import { AdapterBadge } from './adapter-badge';
import { Announcer } from './announcer';
import { FailureNotice, takesThePage } from './failure-notice';
import type { Lab } from './lab';
import { LossNotice } from './loss-notice';
import { ModelPanel } from './model/model-panel';
import { RunBar } from './run-bar';
import { Tabs } from './tabs';
import { ThemeSwitch } from './theme-switch';

/** The whole page. A failure that no setting can mend takes the place of everything else. */
export function Page({ lab }: { readonly lab: Lab }) {
  const { run } = lab;
  const failure = run.failure.value;
  const whole = failure !== undefined && takesThePage(failure, run);
  return (
    <>
      <header class="masthead">
        <div class="name">
          <Mark />
          <div>
            <h1>Underglass</h1>
            <p>A neural network learns on your own GPU, and you see what every shader does.</p>
          </div>
        </div>
        <AdapterBadge run={run} />
        <ThemeSwitch />
      </header>
      <main class={whole ? 'alone' : 'lab'}>
        {whole ? (
          <FailureNotice failure={failure} lab={lab} whole />
        ) : (
          <>
            <ModelPanel lab={lab} />
            <div class="bench">
              <RunBar lab={lab} />
              {failure && <FailureNotice failure={failure} lab={lab} whole={false} />}
              <LossNotice run={run} />
              {run.notices.value.map((text) => (
                <p key={text} class="notice" role="status">
                  {text}
                </p>
              ))}
              <Tabs lab={lab} />
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
