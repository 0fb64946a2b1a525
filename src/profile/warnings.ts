// Warnings: what makes the numbers of a recording doubtful, in plain words.

import { formatCount } from '../base/units';
import type { Estimate } from './estimate';
import type { Timeline } from './timeline';

/** What {@link warningsOf} judges. */
interface Judged {
  readonly estimates: readonly Estimate[];
  readonly timeline: Timeline;
  /** How many times as long steps took at the start as at the end. */
  readonly trend: number | undefined;
}

/** Share of an operation's samples from which on it matters that they were left out. */
const MANY = 0.1;

/** A sentence or two for each reason to doubt; none where there is none. */
export function warningsOf({ estimates, timeline, trend }: Judged): string[] {
  return [...trendWarning(trend), ...clockWarnings(timeline), ...sampleWarnings(estimates)];
}

function trendWarning(trend: number | undefined): string[] {
  if (trend === undefined) return [];
  return trend > 1
    ? [
        `Steps took ${times(trend)} as long at the start of the recording as at its end: the GPU's clock was still rising, ` +
          'or other work was going on. The means are of both; record again now that it is warm.',
      ]
    : [
        `Steps took ${times(1 / trend)} as long at the end of the recording as at its start: the GPU slowed down, ` +
          'or other work began. The means are of both; record again once it is quiet.',
      ];
}

function clockWarnings({ submits, jumps, lostPasses, lostSubmits }: Timeline): string[] {
  const warnings: string[] = [];
  if (jumps > 0) {
    const often = jumps === 1 ? 'once' : times(jumps);
    warnings.push(
      `The GPU's clock jumped ${often}, as a counter that wraps or is reset; the time line is aligned anew after that.`,
    );
  }
  if (lostSubmits > 0) {
    warnings.push(
      `${formatCount(lostSubmits)} of ${formatCount(submits.length)} submits have no stamps that make sense: ` +
        'what the GPU did in them is counted as waiting for results.',
    );
  }
  if (lostPasses > lostSubmits) {
    warnings.push(
      `${formatCount(lostPasses)} passes have stamps that make no sense: where they ran, the time line has a gap.`,
    );
  }
  return warnings;
}

function sampleWarnings(estimates: readonly Estimate[]): string[] {
  const warnings: string[] = [];
  const single = estimates.filter(({ samples }) => samples === 1).length;
  if (single > 0) {
    const what =
      single === estimates.length ? 'Every time' : `${formatCount(single)} of ${formatCount(estimates.length)} times`;
    warnings.push(`${what} rests on one sample, which does not show how much it varies; record more steps.`);
  }
  const spoilt = estimates.filter(({ samples, discards }) => {
    const left = Object.values(discards).reduce((sum, count) => sum + count, 0);
    return left > MANY * (left + samples);
  }).length;
  if (spoilt > 0) {
    warnings.push(
      `More than a tenth of the samples make no sense in ${formatCount(spoilt)} of ${formatCount(estimates.length)} operations; ` +
        'their means are of what is left.',
    );
  }
  return warnings;
}

function times(value: number): string {
  return `${value < 9.95 ? Number(value.toFixed(1)) : formatCount(value)} times`;
}
