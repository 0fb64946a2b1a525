// The real adapter's stamps, as they are and as Chrome rounds them: both give the same times.

import { expect, test } from 'vitest';
import { tutorialSplit } from '../../src/data/digits';
import { StagingRing } from '../../src/gpu/readback';
import { denseNetwork } from '../../src/nn/network';
import { optimiser } from '../../src/nn/optimiser';
import { BROWSER_QUANTUM_NS } from '../../src/profile/clock';
import type { StampedSpan, WatchedSubmit } from '../../src/profile/evidence';
import { rangeOf } from '../../src/profile/estimate';
import { operationFindings } from '../../src/profile/findings';
import { setUp } from '../../src/train/setup';
import { openTestDevice } from '../support/device';
import { loadDigits } from '../support/digits';

/** Steps that are timed: enough for a tick of the rounded clock now and then in the shortest operation. */
const STEPS = 400;

/** As Chrome clears the low bits. */
const rounded = (ns: bigint): bigint => ns - (ns % BigInt(BROWSER_QUANTUM_NS));

const roundedSpans = (spans: readonly StampedSpan[]): StampedSpan[] =>
  spans.map((span) => ({ ...span, beginNs: rounded(span.beginNs), endNs: rounded(span.endNs) }));

test('means of operations agree within their intervals, rounded to 65,536 ns or not, in a minibatch step of the digits', async ({
  skip,
}) => {
  const device = await openTestDevice();
  if (!device.gpu.features.has('timestamp-query')) skip('this adapter has no timestamps');
  const setup = await setUp(device, {
    network: denseNetwork([64, 48, 32, 10]),
    members: [{ optimiser: optimiser({ learningRate: 0.1 }), seed: 0 }],
    splits: tutorialSplit(await loadDigits()),
    batch: 32,
    runner: 'chained',
  });
  const profiler = setup.profiler!;
  const staging = new StagingRing(device, 'stamps', profiler.size, 1);
  const places = setup.table.ranges.length;
  for (let i = 0; i < STEPS; i++) {
    // Every eighth step is due; those between are left out, as only times matter here.
    const watch = profiler.watch(8 * i);
    const encoder = device.gpu.createCommandEncoder({ label: 'timed' });
    expect(watch.recordStep(encoder, i % places)).toBe(1);
    const target = staging.take();
    watch.resolve(encoder, target, 0);
    device.gpu.queue.submit([encoder.finish({ label: 'timed' })]);
    watch.finished(await staging.read(target), 0, 0);
  }
  const { steps, submits } = profiler.evidence;
  const labels = profiler.schedule.dispatches.map(({ operation }) => operation.label);
  const exact = operationFindings({ steps, submits }, labels.length);
  const coarse = operationFindings(
    {
      steps: steps.map(({ number, stamps }) => ({ number, stamps: stamps.map(rounded) })),
      submits: submits.map((submit): WatchedSubmit => ({ ...submit, spans: roundedSpans(submit.spans) })),
    },
    labels.length,
  );
  staging.dispose();
  setup.dispose();

  expect(coarse.clock).toMatchObject({ kind: 'stamps', quantumNs: BROWSER_QUANTUM_NS });
  for (const [i, label] of labels.entries()) {
    const [a, b] = [rangeOf(exact.estimates[i]!)!, rangeOf(coarse.estimates[i]!)!];
    // Two intervals of 95% of one truth miss each other in about 6 of 1,000 cases; these share their samples, which makes it rarer.
    expect(a.low <= b.high && b.low <= a.high, `${label}: ${JSON.stringify([a, b])}`).toBe(true);
  }
  const [whole, roundedWhole] = [rangeOf(exact.profiledStep)!, rangeOf(coarse.profiledStep)!];
  expect(whole.low <= roundedWhole.high && roundedWhole.low <= whole.high).toBe(true);
});
