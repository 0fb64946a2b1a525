// Hashes of the parameters that trainings end with, to hold one checkout against another on the same adapter, bit by bit.
//
//   node bench/parameter-hashes.mjs                      of this checkout: the tutorial, 1000 epochs, seeds 0 to 2
//   node bench/parameter-hashes.mjs --epochs 20 DIR…     of other checkouts too, side by side; they need their node_modules
//
// The tutorial's network with sigmoid and linear output, full batch and 32 rows, naive, fused, resident, and a group of three.

import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { openCheckouts } from './checkouts.mjs';

const { values, positionals } = parseArgs({
  options: {
    epochs: { type: 'string', default: '1000' },
    seeds: { type: 'string', default: '3' },
    only: { type: 'string' },
  },
  allowPositionals: true,
});
const epochs = Number(values.epochs);
const seeds = Array.from({ length: Number(values.seeds) }, (_, seed) => seed);

const MODES = [
  { name: 'naive', program: 'naive', runner: 'chained' },
  { name: 'fused', program: 'fused', runner: 'chained' },
  { name: 'resident', program: 'fused', runner: 'resident' },
  { name: 'three', program: 'fused', runner: 'chained', members: 3 },
].filter(({ name }) => !values.only || values.only.split(',').includes(name));

async function hashes({ device, library, Group, splits }, { program, runner, members = 1 }, output, batch, seed) {
  const network = library.denseNetwork([64, 48, 32, 10], { output });
  const optimiser = (l2) => library.optimiser({ learningRate: output === 'linear' ? 0.05 : 0.2, momentum: 0.9, l2 });
  const options = {
    network,
    members: Array.from({ length: members }, (_, i) => ({ optimiser: optimiser(0.599484 * (i + 1)), seed })),
    splits,
    batch,
    program,
    runner,
    profile: false,
  };
  const group = await Group.create(device, options);
  try {
    for await (const _ of group.run({ epochs, every: epochs })) {
      // Trains.
    }
    const hash = createHash('sha256');
    for (let member = 0; member < members; member++) {
      for (const tensor of tensorsOf(await group.parameters(member))) {
        hash.update(Float32Array.from(tensor));
      }
    }
    return hash.digest('hex').slice(0, 12);
  } finally {
    group.dispose();
  }
}

/** The tensors of a list of layers, weights before biases. */
const tensorsOf = (layers) => layers.flatMap(({ w, b }) => [w, b]);

const opened = await openCheckouts(['.', ...positionals]);
let different = 0;
for (const output of ['sigmoid', 'linear']) {
  for (const batch of ['full', 32]) {
    for (const mode of MODES) {
      for (const seed of seeds) {
        const found = [];
        for (const checkout of opened) {
          found.push(await hashes(checkout, mode, output, batch, seed));
        }
        const same = new Set(found).size === 1;
        different += Number(!same);
        const what = `${output.padEnd(7)} ${String(batch).padEnd(4)} ${mode.name.padEnd(8)} seed ${seed}`;
        console.log(`${what}  ${found.join('  ')}${same ? '' : '  DIFFERENT'}`);
      }
    }
  }
}
console.log(different === 0 ? 'all the same' : `${different} different`);
for (const { dispose } of opened) {
  await dispose();
}
process.exit(different === 0 ? 0 : 1);
