// Run by one-place.test.ts: trains with parts that were added to a copy of the sources, and prints what came of it.
//
//   node one-place-probe.mjs FOLDER ACTIVATION OPTIMISER

import { openCheckouts } from '../../bench/checkouts.mjs';

const [folder, hidden, kind] = process.argv.slice(2);
const [{ device, library, Group, splits, dispose }] = await openCheckouts([folder]);
const network = library.denseNetwork([64, 12, 10], { hidden, output: 'linear' });
const modes = [
  { program: 'naive', runner: 'chained' },
  { program: 'fused', runner: 'chained' },
  { program: 'fused', runner: 'resident' },
];
const trained = [];
for (const mode of modes) {
  const members = [0, 1].map((l2) => ({ optimiser: library.optimiser({ kind, l2 }), seed: 0 }));
  const group = await Group.create(device, { network, members, splits, batch: 32, profile: false, ...mode });
  for await (const _ of group.run({ epochs: 1, every: 1 })) {
    // One epoch.
  }
  const [first] = await group.parameters(1);
  trained.push({ runner: group.runner, weights: Array.from(first.w.slice(0, 50)) });
  group.dispose();
}
console.log(JSON.stringify(trained));
await dispose();
process.exit(0);
