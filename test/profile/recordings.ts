// Recordings for tests: a small network's operations with made-up times.

import { denseNetwork } from '../../src/nn/network';
import { fuse } from '../../src/program/fuse';
import { lowerStep } from '../../src/program/lower';
import { operationCost } from '../../src/program/operation-cost';
import { estimate } from '../../src/profile/estimate';
import { type Recording, RECORDING_FORMAT, RECORDING_VERSION, type TimelineSubmit } from '../../src/profile/recording';
import { NO_DISCARDS } from '../../src/profile/spans';

const QUANTUM = 1;

const estimateOf = (durationsNs: readonly number[]) =>
  estimate({ durationsNs, discards: NO_DISCARDS }, { quantumNs: QUANTUM });

/**
 * A recording of the naive or the fused program, each of whose operations takes `us` µs, give or take a fiftieth.
 *
 * Its two submits overlap on the CPU: the second is encoded while the GPU works on the first.
 */
export function recordingOf(kind: 'naive' | 'fused', us: number): Recording {
  const naive = lowerStep({
    network: denseNetwork([4, 3, 2]),
    data: 'train',
    dataRows: 20,
    batchRows: 5,
    orderRows: 20,
    slots: 4,
    members: 1,
  });
  const program = kind === 'naive' ? naive : fuse(naive);
  const operations = program.operations.map((operation, i) => {
    const samplesNs = Array.from({ length: 40 }, (_, k) => Math.round(us * (1000 + 20 * Math.sin(7 * k + i))));
    return {
      label: operation.label,
      kind: operation.kind,
      phase: operation.phase,
      layer: operation.layer ?? null,
      variant: '1x1 block, 16 threads',
      grid: [2, 1, 1],
      workgroup: [16, 1, 1],
      cost: operationCost(program, operation, { rows: 5 }),
      repeats: 1,
      samplesNs,
      estimate: estimateOf(samplesNs),
    };
  });
  const total = us * operations.length;
  const step = Array.from({ length: 40 }, (_, k) => Math.round(total * (1000 + 10 * Math.sin(3 * k))));
  const submit = (index: number, gpuUs: number): TimelineSubmit => ({
    encode: { beginUs: 50 * index, endUs: 50 * index + 20 },
    submit: { beginUs: 50 * index + 20, endUs: 50 * index + 40 },
    readBack: { beginUs: 50 * index + 40, endUs: gpuUs + total + 105 },
    passes: [
      ...operations.map(({ label: name }, i) => ({
        name,
        operation: i,
        beginUs: gpuUs + i * us,
        endUs: gpuUs + (i + 1) * us,
      })),
      { name: '7 steps', operation: null, beginUs: gpuUs + total, endUs: gpuUs + total + 100 },
    ],
    steps: 8,
    loss: 2.3 - 0.1 * index,
  });
  return {
    format: RECORDING_FORMAT,
    version: RECORDING_VERSION,
    device: { vendor: 'test', architecture: 'synthetic', description: '', software: true },
    clock: { kind: 'stamps', quantumNs: QUANTUM, stamps: 100, sure: true },
    phaseLock: { verdict: 'free', order: undefined },
    gaps: false,
    config: { sizes: [4, 3, 2], batch: 5, program: kind },
    operations,
    profiledStep: estimateOf(step),
    productionStep: estimateOf(step.map((ns) => Math.round(ns / 2))),
    tax: { value: 2, low: 1.99, high: 2.01 },
    ceilings: { flops: 1e9, memory: 1e9, cache: 1e10, cacheBytes: 1e6, launch: 1e-7 },
    accounting: null,
    timeline: [submit(0, 45), submit(1, 45 + total + 110)],
  };
}
