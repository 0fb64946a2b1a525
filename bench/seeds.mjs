// The tutorial's test accuracy over many seeds: trains each with the command line and prints the mean and its spread.
//
//   npm run seeds            seeds 0 to 19
//   npm run seeds -- 5       seeds 0 to 4

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const seeds = Number(process.argv[2] ?? 20);
if (!Number.isInteger(seeds) || seeds < 2) {
  console.error(`how many seeds: "${process.argv[2]}" is no whole number of at least 2; give one such as 20`);
  process.exit(2);
}

const command = fileURLToPath(new URL('../bin/underglass.js', import.meta.url));
const accuracies = [];
for (let seed = 0; seed < seeds; seed++) {
  const run = spawnSync(process.execPath, [command, 'train', '--seed', `${seed}`, '--every', '1000', '--json', '-'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (run.status !== 0) {
    process.stderr.write(run.stderr);
    process.exit(run.status ?? 1);
  }
  const { device, config, final, wall } = JSON.parse(run.stdout);
  if (seed === 0) {
    console.log(`${device.description || device.architecture}, ${config.epochs} epochs, λ ${config.l2}`);
  }
  accuracies.push(final.test.accuracy);
  console.log(`seed ${seed}: test accuracy ${final.test.accuracy.toFixed(4)} in ${(wall.totalMs / 1000).toFixed(1)} s`);
}

const mean = accuracies.reduce((sum, value) => sum + value, 0) / seeds;
const variance = accuracies.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (seeds - 1);
console.log(`${seeds} seeds: mean ${mean.toFixed(4)}, standard deviation ${Math.sqrt(variance).toFixed(4)}`);
