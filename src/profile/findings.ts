// Findings: what the evidence of a training means, from raw times to estimates, accounts and a time line.

import { type Accounting, account } from './accounting';
import { type Clock, describeRate, findClock, wallSlopeNs } from './clock';
import { wrongRate } from './clock-rate';
import { type Estimate, estimate, type EstimateOptions, type Ranged } from './estimate';
import type { Evidence, TimedStep, WatchedSubmit } from './evidence';
import { detectPhaseLock, type PhaseLock } from './phase-lock';
import type { TimelineSubmit } from './recording';
import { collectSpans, NO_DISCARDS, readSpans, type Samples, type Span } from './spans';
import { profilingTax } from './tax';
import { longestNs, timelineOf } from './timeline';
import { trendOf } from './trend';
import { warningsOf } from './warnings';

/** What is known of a training's operations, one after another. */
export interface OperationFindings {
  readonly clock: Clock;
  readonly phaseLock: PhaseLock;
  readonly samples: readonly Samples[];
  readonly estimates: readonly Estimate[];
  /** From the first begin to the last end of a step with a pass for every operation. */
  readonly profiledStep: Estimate;
  /** How many times as long steps took at the start as at the end; undefined where that makes no difference. */
  readonly trend: number | undefined;
}

/** What is known of a training. */
export interface Findings extends OperationFindings {
  readonly productionStep: Estimate;
  readonly tax: Ranged | undefined;
  /** Of the last run, as far as it was kept; undefined before the first submit. */
  readonly accounting: Accounting | undefined;
  readonly timeline: readonly TimelineSubmit[];
  /** What makes the numbers doubtful, in sentences. */
  readonly warnings: readonly string[];
}

type Times = Pick<Evidence, 'steps' | 'submits'>;

/** Submits whose stamps are looked at for the clock's quantum: many times what it takes. */
const CLOCK_SUBMITS = 256;

/** Quanta from which on a zero can only be a fault. */
const LONG = 2;

/** Samples that the host's clock is cut into, where there are no stamps. */
const WALL_BLOCKS = 20;

const NONE: Samples = { durationsNs: [], discards: NO_DISCARDS };

/** Judges the operations of the timed steps. */
export function operationFindings({ steps, submits }: Times, operations: number): OperationFindings {
  const clock = clockOf(submits);
  if (clock.kind === 'wall') {
    const nothing = Array.from({ length: operations }, () => NONE);
    const none = estimate(NONE, { quantumNs: 1 });
    return {
      clock,
      phaseLock: { verdict: 'unknown', order: undefined },
      samples: nothing,
      estimates: nothing.map(() => none),
      profiledStep: none,
      trend: undefined,
    };
  }
  const { quantumNs } = clock;
  const numbers = steps.map(({ number }) => number);
  const phaseLock = detectPhaseLock(
    steps.map(({ stamps }) => stamps),
    { quantumNs, numbers },
  );
  const options: EstimateOptions = { quantumNs, locked: phaseLock.verdict === 'locked' };
  const spans = steps.map(({ stamps, longestNs: longest }) => readSpans(stamps, longest));
  const samples = collectSpans(spans, operations);
  const zeroFaults = faultShare(
    samples.map((each) => estimate(each, options)),
    quantumNs,
  );
  const whole = wholeSteps(steps, spans);
  return {
    clock,
    phaseLock,
    samples,
    estimates: samples.map((each) => estimate(each, { ...options, zeroFaults })),
    profiledStep: estimate(whole, options),
    trend: trendOf(whole.durationsNs, quantumNs),
  };
}

/** Judges all of it. @param labels of the step's operations */
export function findingsOf(evidence: Times, labels: readonly string[]): Findings {
  const found = operationFindings(evidence, labels.length);
  const { submits } = evidence;
  const run = submits.filter((submit) => submit.run === submits.at(-1)!.run);
  const productionStep = found.clock.kind === 'wall' ? wallStep(run) : stampedStep(submits, found.clock.quantumNs);
  const timeline = timelineOf(run, found.clock, labels);
  const wall = timeline.submits.length > 0 && {
    beginUs: timeline.submits[0]!.encode.beginUs,
    endUs: timeline.submits.reduce((last, { readBack }) => Math.max(last, readBack.endUs), 0),
  };
  const timed = found.clock.kind === 'wall' ? [productionStep] : found.estimates;
  return {
    ...found,
    productionStep,
    tax: profilingTax(found.profiledStep, productionStep),
    accounting: wall ? account(wall, timeline.submits) : undefined,
    timeline: timeline.submits,
    warnings: warningsOf({ estimates: timed, timeline, trend: found.trend }),
  };
}

function clockOf(submits: readonly WatchedSubmit[]): Clock {
  const spans = submits.slice(-CLOCK_SUBMITS).flatMap((submit) => submit.spans);
  if (spans.length === 0) {
    const reason = submits.length === 0 ? 'no step has been run' : 'this adapter has no timestamps';
    return { kind: 'wall', reason };
  }
  const clock = findClock(BigUint64Array.from(spans.flatMap(({ beginNs, endNs }) => [beginNs, endNs])));
  if (clock.kind === 'wall') return clock;
  const rate = wrongRate(submits, clock.quantumNs);
  return rate === undefined ? clock : { kind: 'wall', reason: describeRate(rate) };
}

/** The share of zeros among the samples of operations that are too long for them. */
function faultShare(estimates: readonly Estimate[], quantumNs: number): number {
  let [zeros, all] = [0, 0];
  for (const value of estimates) {
    if (value.kind === 'measured' && value.meanUs * 1000 >= LONG * quantumNs) {
      zeros += value.discards.zero;
      all += value.discards.zero + value.samples;
    }
  }
  return all === 0 ? 0 : zeros / all;
}

/** Whole timed steps; one of whose spans makes no sense counts for its first reason. */
function wholeSteps(steps: readonly TimedStep[], spans: readonly (readonly Span[])[]): Samples {
  const wholes = spans.map((step, i): Span => {
    const bad = step.find((span) => 'discarded' in span);
    const { stamps } = steps[i]!;
    return bad ?? { beginNs: stamps[0]!, durationNs: Number(stamps.at(-1)! - stamps[0]!) };
  });
  return collectSpans(
    wholes.map((span) => [span]),
    1,
  )[0]!;
}

/**
 * A step as it trains, from the spans of whole submits.
 *
 * Submits hold different numbers of steps: each is scaled to the middle number. Those of less than half of it, with which a
 * training begins, are left out.
 */
function stampedStep(submits: readonly WatchedSubmit[], quantumNs: number): Estimate {
  const found = submits.flatMap((submit) => {
    const { steps, spans } = submit;
    const span = spans.find(({ what }) => what === 'steps');
    const longest = longestNs(submit, quantumNs);
    return span && steps > 0
      ? [{ steps, span: readSpans(BigUint64Array.of(span.beginNs, span.endNs), longest)[0]! }]
      : [];
  });
  const middle = found.map(({ steps }) => steps).toSorted((a, b) => a - b)[Math.floor(found.length / 2)] ?? 1;
  const scaled = found
    .filter(({ steps }) => 2 * steps >= middle)
    .map(({ steps, span }): Span[] => {
      if ('discarded' in span || steps === middle) return [span];
      const quanta = Math.round((span.durationNs * middle) / steps / quantumNs);
      return [{ ...span, durationNs: quanta * quantumNs }];
    });
  return estimate(collectSpans(scaled, 1)[0]!, { quantumNs, repeats: middle });
}

/** A step as it trains by the host's clock: slopes of the time at which submits were done. */
function wallStep(run: readonly WatchedSubmit[]): Estimate {
  const points = run.map(({ done, readBack }) => [done, readBack.endUs / 1000] as const);
  const block = Math.max(2, Math.ceil(points.length / WALL_BLOCKS));
  const slopes: number[] = [];
  // Blocks share their ends, so that no step is left out.
  for (let first = 0; first + block <= points.length; first += block - 1) {
    const slope = wallSlopeNs(points.slice(first, first + block));
    if (slope !== undefined && slope > 0) slopes.push(Math.round(slope));
  }
  return estimate({ durationsNs: slopes, discards: NO_DISCARDS }, { quantumNs: 1 });
}
