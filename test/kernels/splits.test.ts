// Gradients in slots: layers that split their batch differently, added up by one update.

import { expect, test } from 'vitest';
import { RandomState } from '../../src/base/random';
import { download, upload } from '../../src/gpu/tensor';
import { denseNetwork } from '../../src/nn/network';
import { fuse } from '../../src/program/fuse';
import { lowerStep, valueNames } from '../../src/program/lower';
import { downloadGradient } from '../../src/schedule/gradients';
import { Memory } from '../../src/schedule/memory';
import { recordSteps } from '../../src/schedule/record';
import { schedule } from '../../src/schedule/schedule';
import { StepTable } from '../../src/schedule/step-table';
import { openTestDevice } from '../support/device';

const ROWS = 203;
const NETWORK = denseNetwork([9, 6, 7, 3]);

/** Whether layers 0, 1 and 2 split their batch. */
type Splits = readonly [boolean, boolean, boolean];

/** 203 rows are 51 blocks, in leaves of eight. */
const LEAVES = 7;

/** Gradients and parameters after one step for each of `splits`, over one memory. */
async function steps(gradientSlots: number, splits: readonly Splits[]): Promise<Float32Array[][]> {
  const device = await openTestDevice();
  const options = {
    network: NETWORK,
    data: 'd',
    dataRows: ROWS,
    batchRows: ROWS,
    orderRows: ROWS,
    slots: 1,
    members: 1,
  };
  const program = fuse(lowerStep({ ...options, gradientSlots }));
  const memory = new Memory(device, program);
  const table = new StepTable(device, 'steps', [{ start: 0, rows: ROWS }]);
  const random = new RandomState(3);
  try {
    const { features, labels, order, numbers, w, dw, db, b } = valueNames;
    upload(device, memory.tensor(features('d')), random.uniform(0, 1, ROWS * 9));
    upload(device, memory.tensor(labels('d')), Uint32Array.from(random.uniform(0, 3, ROWS), Math.floor));
    upload(device, memory.tensor(order('d')), random.permutation(ROWS));
    upload(device, memory.tensor(numbers), [0.3, 0.5, 0, 0, 0.9, 0, 0, 0]);
    const weights = NETWORK.layers.map(({ inputs, outputs }) => random.uniform(-1, 1, inputs * outputs));
    const results: Float32Array[][] = [];
    for (const split of splits) {
      for (const [i, { name, outputs }] of NETWORK.layers.entries()) {
        upload(device, memory.tensor(w(name)), weights[i]!);
        upload(device, memory.tensor(b(name)), new Float32Array(outputs));
        upload(device, memory.tensor(valueNames.state(w(name), 'velocity')), new Float32Array(weights[i]!.length));
        upload(device, memory.tensor(valueNames.state(b(name), 'velocity')), new Float32Array(outputs));
      }
      const ready = await schedule(device, program, memory, ({ kind, layer }, candidates) =>
        kind === 'denseBackward'
          ? candidates.find(({ constants }) => constants['SPLIT'] === (split[layer!] ? LEAVES : 1))!
          : candidates[0]!,
      );
      const encoder = device.gpu.createCommandEncoder();
      recordSteps(encoder, ready, table, 0, 1);
      device.gpu.queue.submit([encoder.finish()]);
      const tensors: Float32Array[] = [];
      for (const [i, { name }] of NETWORK.layers.entries()) {
        for (const gradient of [dw(name), db(name)]) {
          tensors.push(await downloadGradient(device, memory, gradient, i));
        }
        tensors.push(await download(device, memory.tensor(w(name))), await download(device, memory.tensor(b(name))));
      }
      results.push(tensors);
    }
    return results;
  } finally {
    table.dispose();
    memory.dispose();
  }
}

test('split or not, a step has the same bits, also after others on the same memory', async () => {
  const [whole] = await steps(1, [[false, false, false]]);
  const split = await steps(LEAVES, [
    [true, true, true],
    [false, false, false],
    [false, true, true],
    [true, false, true],
  ]);
  for (const tensors of split) {
    expect(tensors).toEqual(whole);
  }
});

test('a split is not offered without slots for all of it', async () => {
  await expect(steps(LEAVES - 1, [[true, false, false]])).rejects.toThrow();
  await expect(steps(1, [[false, true, false]])).rejects.toThrow();
});
