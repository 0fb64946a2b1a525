// Whether a change made steps slower: the time of a training step in this checkout and in others, in alternation.
//
//   node bench/compare-checkouts.mjs DIR…                 this checkout beside those; they need their node_modules
//   node bench/compare-checkouts.mjs --rounds 21 --only tutorial DIR
//
// Default kernels, untuned, on one adapter in one process. Each round times every checkout once, in turning order; the table has
// medians and the median of the rounds' ratios to the first of the others, which drift of the machine leaves alone.

import { parseArgs } from 'node:util';
import { openCheckouts } from './checkouts.mjs';

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '11' }, only: { type: 'string' } },
  allowPositionals: true,
});
const rounds = Number(values.rounds);

/** What is timed: so many steps a time. */
const TASKS = [
  { name: 'tutorial', sizes: [64, 48, 32, 10], batch: 'full', steps: 60 },
  { name: 'tutorial naive', sizes: [64, 48, 32, 10], batch: 'full', steps: 20, program: 'naive' },
  { name: 'minibatch 32', sizes: [64, 50, 30, 10], batch: 32, steps: 460 },
  { name: 'ten networks', sizes: [64, 48, 32, 10], batch: 'full', steps: 10, members: 10 },
  { name: '784-256-128-10, 128 rows', sizes: [784, 256, 128, 10], rows: 128, batch: 'full', steps: 12 },
].filter(({ name }) => !values.only || values.only.split(',').includes(name));

function madeUp(library, rows, columns, classes) {
  const random = new library.RandomState(1);
  return {
    name: 'made up',
    rows,
    columns,
    classes,
    features: Float32Array.from(random.uniform(0, 1, rows * columns)),
    labels: Uint32Array.from(random.uniform(0, classes, rows), Math.floor),
  };
}

async function prepare({ device, library, Group, splits }, { sizes, rows, batch, members = 1, program = 'fused' }) {
  const made = rows && madeUp(library, rows, sizes[0], sizes.at(-1));
  const began = performance.now();
  const group = await Group.create(device, {
    network: library.denseNetwork(sizes),
    members: Array.from({ length: members }, (_, i) => ({
      optimiser: library.optimiser({ learningRate: 0.2, momentum: 0.9, l2: 0.1 * (i + 1) }),
      seed: 0,
    })),
    splits: made ? { train: made, valid: made, test: made } : splits,
    batch,
    program,
    runner: 'chained',
    profile: false,
  });
  return { group, created: performance.now() - began };
}

/** Milliseconds a step. */
async function time(group, steps) {
  const began = performance.now();
  for await (const _ of group.run({ steps, every: 1e9 })) {
    // Trains.
  }
  return (performance.now() - began) / steps;
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

const checkouts = await openCheckouts(['.', ...positionals]);
for (const task of TASKS) {
  const prepared = [];
  for (const checkout of checkouts) {
    prepared.push(await prepare(checkout, task));
  }
  const times = checkouts.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (let k = 0; k < checkouts.length; k++) {
      const i = (k + Math.max(0, round)) % checkouts.length;
      const ms = await time(prepared[i].group, task.steps);
      // The first round only warms up.
      if (round >= 0) {
        times[i].push(ms);
      }
    }
  }
  const ratio = checkouts.length > 1 ? median(times[0].map((ms, round) => ms / times[1][round])).toFixed(3) : '';
  const medians = times.map((list) => `${median(list).toFixed(3)} ms`).join('  ');
  const created = prepared.map(({ created: ms }) => `${ms.toFixed(0)} ms`).join('  ');
  console.log(`${task.name.padEnd(26)} ${medians}  ratio ${ratio}  created in ${created}`);
  for (const { group } of prepared) {
    group.dispose();
  }
}
for (const { dispose } of checkouts) {
  await dispose();
}
process.exit(0);
