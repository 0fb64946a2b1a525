// The result: loss and accuracy of the three splits, and what they mean.

import { formatCount, formatPercent } from '../../base/units';
import type { HistoryEntry } from '../../index';
import { differences, TUTORIAL } from '../../experiment/read';
import type { Settings } from '../../experiment/setting';
import type { SplitRows } from '../protocol';
import type { TrainingRun } from '../run';
import { SPLITS } from '../splits';
import { formatLoss } from './measures';

/** The test accuracy that the tutorial's author reports, and its mean and standard deviation over 20 seeds. */
const AUTHOR = { accuracy: 0.9596, mean: 0.9576, deviation: 0.0166 } as const;

/** The latest numbers while training, the final ones after it. */
export function Results({ run }: { readonly run: TrainingRun }) {
  const best = run.best.value;
  const last = best ?? run.history.value.at(-1);
  const rows = run.rows.value;
  const finished = run.stage.value === 'finished';
  return (
    <section class="results" aria-labelledby="results-title">
      <div class="section-head">
        <h2 id="results-title">{finished ? 'Result' : 'Result so far'}</h2>
        <p>{last ? `${best ? 'best weights, ' : ''}after ${formatCount(last.epoch)} epochs` : ''}</p>
      </div>
      <table>
        <thead>
          <tr>
            <th scope="col">split</th>
            <th scope="col">images</th>
            <th scope="col">loss</th>
            <th scope="col">accuracy</th>
          </tr>
        </thead>
        <tbody>
          {SPLITS.map(({ key, name }) => (
            <tr key={key}>
              <th scope="row">{name}</th>
              <td>{rows ? formatCount(rows[key]) : '–'}</td>
              <td>{formatLoss(last?.[key].loss ?? Number.NaN)}</td>
              <td data-testid={`accuracy-${key}`}>{formatPercent(last?.[key].accuracy ?? Number.NaN)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="verdict">{words(run, last)}</p>
    </section>
  );
}

function words({ stage, settings, rows }: TrainingRun, last: HistoryEntry | undefined): string {
  const ofTheTutorial = isTutorial(settings.value);
  const finished = stage.value === 'finished' && last !== undefined;
  const reading = finished && rows.value ? `${reads(last, rows.value)} ` : '';
  if (!ofTheTutorial) {
    return `${reading}With the tutorial’s settings, 20 seeds came to a test accuracy of ${formatPercent(AUTHOR.mean)} on average.`;
  }
  return finished ? `${reading}${verdict(last)}` : EXPECTATION;
}

/** Whether the settings are the tutorial's; the seed and the way of computing make no other experiment. */
function isTutorial(settings: Settings): boolean {
  return differences(settings, TUTORIAL).every((name) => name === 'seed' || name === 'program');
}

const EXPECTATION =
  `The tutorial’s author reports a test accuracy of ${formatPercent(AUTHOR.accuracy)} after 1,000 epochs. ` +
  `Every seed gives other first weights and so another end: 20 of them came to ${formatPercent(AUTHOR.mean)} on average.`;

function reads({ test }: HistoryEntry, rows: SplitRows): string {
  const right = Math.round(test.accuracy * rows.test);
  return `Of ${formatCount(rows.test)} digits that it never learnt from, the network reads ${formatCount(right)} rightly.`;
}

function verdict({ test }: HistoryEntry): string {
  const usual = Math.abs(test.accuracy - AUTHOR.mean) <= 2 * AUTHOR.deviation;
  return (
    `The tutorial’s author reports ${formatPercent(AUTHOR.accuracy)}; over 20 seeds the mean is ` +
    `${formatPercent(AUTHOR.mean)}, give or take ${(AUTHOR.deviation * 100).toFixed(1)} points, ` +
    (usual ? 'so this is what one should see.' : 'so this seed is out of the ordinary: try another.')
  );
}
