// The clock in words: how finely it tells time, whether steps keep time with it, and what watching costs.

import { formatCount } from '../../base/units';
import { describeEstimate } from '../../profile/estimate';
import type { Recording } from '../../profile/recording';
import { allDiscards, clockWords, discardReasons, lockWords, taxWords } from './words';

/** What the reader has to know of the numbers above. */
export function ClockWords({ recording, timedSteps }: { readonly recording: Recording; readonly timedSteps: number }) {
  const { clock, productionStep, profiledStep } = recording;
  const stamped = clock.kind === 'stamps';
  const left = discardReasons(allDiscards(recording));
  const entries: readonly (readonly [name: string, term: string, meaning: string])[] = [
    ['The clock', ...clockWords(recording)],
    [
      'A step as it trains',
      describeEstimate(productionStep),
      stamped
        ? 'From the stamps of whole submits, in as few passes as can be.'
        : 'From the times at which the results of submits were there.',
    ],
  ];
  const ofStamps: typeof entries = [
    ['Phase lock', ...lockWords(recording)],
    ['Profiling tax', ...taxWords(recording)],
    [
      'A timed step',
      describeEstimate(profiledStep),
      `With a pass for each operation; ${formatCount(timedSteps)} steps were run so, one of eight at most, with the same bits.`,
    ],
    [
      'Left out',
      left || 'nothing',
      left ? 'Samples that make no sense, of all operations together.' : 'Every sample made sense.',
    ],
  ];
  return (
    <section class="clock-words" aria-labelledby="clock-title">
      <h3 id="clock-title">How sure these numbers are</h3>
      {(recording.warnings ?? []).map((warning) => (
        <p key={warning} class="warning" role="status">
          {warning}
        </p>
      ))}
      <dl>
        {[...entries, ...(stamped ? ofStamps : [])].map(([name, term, meaning]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <b>{term}</b> <span>{meaning}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
