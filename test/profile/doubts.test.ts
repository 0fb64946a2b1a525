// Recordings whose stamps are wrong in the ways that drivers and browsers have: what can be known is, and the rest is told.

import { describe, expect, test } from 'vitest';
import { RandomState } from '../../src/base/random';
import { describeClock } from '../../src/profile/clock';
import { describeEstimate, estimate } from '../../src/profile/estimate';
import type { StampedSpan, TimedStep, WatchedSubmit } from '../../src/profile/evidence';
import { findingsOf } from '../../src/profile/findings';
import { readRecording, writeRecording } from '../../src/profile/recording';
import { NO_DISCARDS } from '../../src/profile/spans';
import { profilingTax } from '../../src/profile/tax';
import { traceOf } from '../../src/profile/trace';
import { recordingOf } from './recordings';

const LABELS = ['a', 'b', 'c', 'd', 'e'];

/** Submits of 4 ms each on the host, in which the GPU is at work for five passes of about 300 µs. */
const SUBMITS = 190;
const PERIOD_US = 4000;
const PASS_US = 300;

interface Fault {
  /** What the GPU's clock shows at a time in ns. */
  readonly clock?: (ns: number) => number;
  /** Spoils a span. */
  readonly spoil?: (span: StampedSpan, submit: number) => StampedSpan;
  /** Times as long as usual that passes of a submit take. */
  readonly slower?: (submit: number) => number;
}

/** The evidence of a training, and for how long the GPU was truly at work, in µs. */
function train({ clock = (ns) => ns, spoil = (span) => span, slower = () => 1 }: Fault = {}) {
  const random = new RandomState(3);
  const submits: WatchedSubmit[] = [];
  const steps: TimedStep[] = [];
  let [at, busyUs] = [1e6, 0];
  // Far from zero, as the clock of a machine that has run for an hour.
  const stamp = (us: number) => BigInt(Math.round(clock(3.6e12 + 1000 * us)));
  for (let i = 0; i < SUBMITS; i++) {
    const begin = at;
    let end = at + 300 + 50 * random.randomDouble();
    const spans = LABELS.map((_, operation) => {
      const beginUs = end;
      end += PASS_US * slower(i) * (0.95 + 0.1 * random.randomDouble());
      busyUs += end - beginUs;
      return spoil({ what: 'operation', operation, beginNs: stamp(beginUs), endNs: stamp(end) }, i);
    });
    at = Math.max(at + PERIOD_US, end + 500);
    submits.push({
      run: 1,
      steps: 0,
      timedSteps: 1,
      done: i + 1,
      loss: 1,
      encode: { beginUs: begin, endUs: begin + 100 },
      submit: { beginUs: begin + 100, endUs: begin + 200 },
      readBack: { beginUs: begin + 200, endUs: end + 200 },
      spans,
    });
    const stamps = BigUint64Array.from(spans.flatMap(({ beginNs, endNs }) => [beginNs, endNs]));
    steps.push({ number: i, stamps, longestNs: 1000 * (end + 200 - begin) });
  }
  return { evidence: { steps, submits }, busyUs };
}

function judge(fault: Fault) {
  const { evidence, busyUs } = train(fault);
  const found = findingsOf(evidence, LABELS);
  return { ...found, share: found.accounting!.busyUs / busyUs };
}

describe('the account of the GPU', () => {
  test('holds all of its time, without a warning, where every stamp is right', () => {
    const { share, warnings, accounting } = judge({});
    expect(accounting!.wallUs).toBeGreaterThan(750_000);
    expect(share).toBeCloseTo(1, 3);
    expect(warnings).toEqual([]);
  });

  test.each<readonly [string, (span: StampedSpan) => StampedSpan]>([
    ['never ends', (span) => ({ ...span, endNs: 0n })],
    ['ends before it begins', (span) => ({ ...span, endNs: span.beginNs - 5000n })],
    ['lasts longer than the host waited', (span) => ({ ...span, endNs: span.endNs + 20_000_000_000n })],
    ['is of another time', (span) => ({ ...span, beginNs: span.beginNs >> 3n, endNs: span.endNs >> 3n })],
  ])('holds the four other passes where one in every submit %s, and says so', (_, change) => {
    const { share, warnings, estimates } = judge({ spoil: (span) => (span.operation === 2 ? change(span) : span) });
    expect(share).toBeGreaterThan(0.79);
    expect(share).toBeLessThan(0.81);
    expect(warnings.join('\n')).toMatch(/190 passes have stamps that make no sense/);
    for (const i of [0, 1, 4]) expect(estimates[i]).toMatchObject({ kind: 'measured', samples: SUBMITS });
  });

  test('says in how many submits nothing makes sense, rather than that the GPU rested', () => {
    const { share, warnings } = judge({ spoil: (span, i) => (i % 2 === 0 ? { ...span, endNs: 0n } : span) });
    expect(share).toBeCloseTo(0.5, 2);
    expect(warnings.join('\n')).toMatch(/95 of 190 submits have no stamps that make sense/);
  });

  test.each<readonly [string, (ns: number) => number]>([
    ['wraps', (ns) => ns % 3_601_400_000_000],
    ['wraps amid a submit', (ns) => ns % (3.6e12 + 1e9 + 95 * 4e6 + 900_000)],
    ['is reset', (ns) => (ns < 3.6e12 + 1.4e9 ? ns : ns - 3.6e12)],
    ['jumps ahead', (ns) => (ns < 3.6e12 + 1.4e9 ? ns : ns + 7.2e12)],
  ])('holds all but a submit where the counter %s, and says so', (_, clock) => {
    const { share, warnings } = judge({ clock });
    expect(share).toBeGreaterThan(1 - 1.5 / SUBMITS);
    expect(share).toBeLessThan(1.001);
    expect(warnings.join('\n')).toMatch(/The GPU's clock jumped once/);
  });
});

test.each([
  ['52 times slower than', 1 / 52.083],
  ['52 times as fast as', 52.083],
  ['2 times as fast as', 2],
])('stamps that run %s the host’s clock are not taken for nanoseconds', (words, rate) => {
  const { clock, estimates, accounting, productionStep } = judge({ clock: (ns) => ns * rate });
  expect(describeClock(clock)).toBe(
    `wall clock over many steps, since its stamps run ${words} the host's clock: they are in another unit than nanoseconds`,
  );
  expect(estimates.every(({ kind }) => kind === 'none')).toBe(true);
  expect(accounting!.busyUs).toBe(0);
  // Steps are still timed, by the host.
  expect(productionStep.kind === 'measured' && productionStep.meanUs).toBeCloseTo(PERIOD_US, -1);
});

test.each([
  ['drifts by a thousandth', (ns: number) => ns * 1.001],
  ['is reset in between', (ns: number) => (ns < 3.6e12 + 1.4e9 ? ns : ns - 3.6e12)],
  ['is rounded as Chrome does', (ns: number) => 65_536 * Math.floor(ns / 65_536)],
])('stamps of a clock that %s are taken for nanoseconds', (_, clock) => {
  expect(judge({ clock }).clock.kind).toBe('stamps');
});

describe('a trend', () => {
  test('is told where the clock was still rising, or the GPU slowed down', () => {
    const rising = judge({ slower: (i) => Math.max(1, 16 * 0.97 ** i) }).warnings;
    expect(rising).toHaveLength(1);
    expect(rising[0]).toMatch(/^Steps took [\d.]+ times as long at the start of the recording as at its end: .*rising/);
    const slowing = judge({ slower: (i) => (i < 120 ? 1 : 1.6) }).warnings;
    expect(slowing[0]).toMatch(/^Steps took 1\.6 times as long at the end of the recording as at its start/);
  });

  test('is not told where times only scatter', () => {
    const random = new RandomState(8);
    expect(judge({ slower: () => 1 + 2 * random.randomDouble() }).warnings).toEqual([]);
    // Held up now and then by other work.
    expect(judge({ slower: () => (random.randomDouble() < 0.1 ? 6 : 1) }).warnings).toEqual([]);
  });
});

describe('one sample', () => {
  const one = estimate({ durationsNs: [12_300], discards: NO_DISCARDS }, { quantumNs: 1 });
  const many = recordingOf('fused', 10).productionStep;

  test('has no interval that could be told, and no tax', () => {
    expect(describeEstimate(one)).toBe('12.3 µs (one sample)');
    expect(one).toMatchObject({ kind: 'measured', lowUs: 0 });
    expect(one.kind === 'measured' && one.highUs).toBeGreaterThan(100);
    expect(profilingTax(one, many)).toBeUndefined();
    expect(profilingTax(many, one)).toBeUndefined();
  });

  test('of each operation is told', () => {
    const { evidence } = train();
    const found = findingsOf({ ...evidence, steps: evidence.steps.slice(0, 1) }, LABELS);
    expect(found.warnings.join('\n')).toMatch(/Every time rests on one sample/);
    expect(found.tax).toBeUndefined();
  });

  test('holds the truth in 95 of 100 cases, whatever the jitter', () => {
    const random = new RandomState(5);
    for (const jitter of [0.01, 0.3, 1]) {
      let held = 0;
      for (let i = 0; i < 1000; i++) {
        // Log-normal: one peak, and a long tail as times have.
        const ns = Math.round(1e5 * Math.exp(jitter * random.standardNormal(1)[0]! - jitter ** 2 / 2));
        const value = estimate({ durationsNs: [Math.max(11, ns)], discards: NO_DISCARDS }, { quantumNs: 1 });
        held += Number(value.kind === 'measured' && value.lowUs <= 100 && 100 <= value.highUs);
      }
      expect(held, String(jitter)).toBeGreaterThanOrEqual(930);
    }
  });
});

test('zeros of a fine clock are stamps that were not written, not times', () => {
  const zeros = estimate(
    { durationsNs: Array.from({ length: 300 }, () => 0), discards: NO_DISCARDS },
    { quantumNs: 1 },
  );
  expect(zeros).toMatchObject({ kind: 'none', samples: 0, discards: { zero: 300 } });
  expect(describeEstimate(zeros)).toBe('not measured');
});

test.each([1, 52.083, 80, 1000, 65_536])('no time reads as zero, with a quantum of %f ns', (quantumNs) => {
  for (const length of [2, 300, 100_000]) {
    for (const ticks of [0, 1, 7, 1000]) {
      const durationsNs = Array.from({ length }, () => Math.round(ticks * quantumNs));
      const text = describeEstimate(estimate({ durationsNs, discards: NO_DISCARDS }, { quantumNs }));
      expect(text).not.toMatch(/(^|[^.\d])0(\.0+)? [nµm]?s/);
    }
  }
});

test('warnings are kept in the file, a recording of before has none, and a trace is drawn of what is left', () => {
  const { timeline, warnings } = judge({ clock: (ns) => ns % 3_601_400_000_000 });
  const { warnings: _, ...before } = recordingOf('fused', 10);
  const recording = { ...before, warnings, timeline };
  expect(readRecording(writeRecording(recording), 'a.json').warnings).toEqual(warnings);
  expect(readRecording(writeRecording(before), 'a.json').warnings).toBeUndefined();
  expect(traceOf({ ...recording, timeline }).traceEvents.length).toBeGreaterThan(5 * SUBMITS);
});
