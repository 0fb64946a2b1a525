// Times in words: what the panel says of estimates, the clock, and what watching costs.

import { formatCount, formatMicroseconds, formatPerSecond } from '../../base/units';
import { BROWSER_QUANTUM_NS, describeClock } from '../../profile/clock';
import { describeEstimate, type Estimate, type Ranged } from '../../profile/estimate';
import type { Recording } from '../../profile/recording';
import type { Discards } from '../../profile/spans';

export const NOTHING = '–';

/** `12.3 µs ± 0.4 µs`, `< 0.20 µs` or a dash. */
export function briefly(estimate: Estimate): string {
  if (estimate.kind === 'none') return NOTHING;
  return estimate.kind === 'below' ? `< ${formatMicroseconds(estimate.belowUs)}` : describeEstimate(estimate);
}

/** `+12 µs ± 3 µs`. */
export function signed({ value, low, high }: Ranged): string {
  const half = Math.max(value - low, high - value);
  return `${value > 0 ? '+' : '−'}${formatMicroseconds(Math.abs(value))} ± ${formatMicroseconds(half)}`;
}

/** A quantile, or a dash where rounding hides it. */
export function quantileOf(estimate: Estimate, name: 'medianUs' | 'p95Us'): string {
  const value = estimate.kind === 'measured' ? estimate[name] : undefined;
  return value === undefined ? NOTHING : formatMicroseconds(value);
}

/** How much a second, three digits with a prefix; a dash where there is nothing, or no time was measured. */
export function rateOf(amount: number, estimate: Estimate): string {
  return estimate.kind === 'measured' && amount > 0 ? formatPerSecond((amount / estimate.meanUs) * 1e6, '') : NOTHING;
}

/** How long a stretch was; browsers round the host's clock, so that short ones read as nothing. */
export function lengthText(us: number): string {
  return us > 0 ? formatMicroseconds(us) : 'less than the clock tells';
}

const REASONS: readonly (readonly [keyof Discards, string])[] = [
  ['zero', 'zero or never stamped'],
  ['negative', 'ended before they began'],
  ['backward', 'ended before the pass before them'],
  ['overflow', 'longer than their submit'],
];

/** How many samples were left out. */
export function discarded(discards: Discards): number {
  return Object.values(discards).reduce((sum, count) => sum + count, 0);
}

/** Why samples were left out, the reasons that occurred: `3 zero or never stamped`; empty where none was. */
export function discardReasons(discards: Discards): string {
  return REASONS.flatMap(([reason, words]) =>
    discards[reason] > 0 ? [`${formatCount(discards[reason])} ${words}`] : [],
  ).join(', ');
}

/** The discards of all operations together. */
export function allDiscards({ operations }: Recording): Discards {
  const sum = (reason: keyof Discards) =>
    operations.reduce((total, { estimate }) => total + estimate.discards[reason], 0);
  return { zero: sum('zero'), negative: sum('negative'), backward: sum('backward'), overflow: sum('overflow') };
}

/** How finely the clock tells time, and what follows from it. */
export function clockWords({ clock }: Recording): readonly [term: string, meaning: string] {
  const name = describeClock(clock);
  if (clock.kind === 'wall') {
    return [name, 'Only whole steps can be timed so, by the slope of the host’s clock; single operations cannot.'];
  }
  const quantum = formatMicroseconds(clock.quantumNs / 1000);
  if (clock.quantumNs === BROWSER_QUANTUM_NS) {
    return [
      name,
      'Every span reads as a multiple of that, an operation of 5 µs as 0 or 65.536 µs. Over many steps the mean is right all the same, and the ± says to what extent.',
    ];
  }
  const found = `Found from ${formatCount(clock.stamps)} different stamps.`;
  return clock.quantumNs < 1000
    ? [name, `The finest step of its stamps, so that rounding plays no part here. ${found}`]
    : [name, `Every span reads as a multiple of ${quantum}; over many steps the mean is right all the same. ${found}`];
}

/** Whether steps keep time with the clock, and what follows from it. */
export function lockWords({ phaseLock, gaps }: Recording): readonly [term: string, meaning: string] {
  const answered = gaps
    ? ' Steps had kept time with the clock; since then each timed step waits a random moment first.'
    : '';
  const meanings = {
    free: 'Steps begin at all phases of the clock alike, as the mean needs it.',
    locked: 'Steps keep time with the clock: a mean can be off by a whole quantum either way, and its ± says so.',
    unknown: 'Too few steps so far, or too irregular ones, to tell whether they keep time with the clock.',
  };
  return [phaseLock.verdict, meanings[phaseLock.verdict] + answered];
}

/** What it costs to have a pass for every operation. */
export function taxWords({ tax }: Recording): readonly [term: string, meaning: string] {
  return tax
    ? [
        `${tax.value.toFixed(2)} times (${tax.low.toFixed(2)} to ${tax.high.toFixed(2)})`,
        'A step with a pass for each operation over the step as it trains. “In training” is the mean over this tax, as if it fell on all operations in proportion; short ones pay more.',
      ]
    : [
        'not measured yet',
        'It is the time of a step with a pass for each operation over that of the step as it trains.',
      ];
}
