// Runs the tests several times in a row, if asked beside a load on every core, and tells each run's verdict and time.
//
//   npm run test:repeat -- 10            ten runs
//   npm run test:repeat -- 5 --load      five beside the load
//   npm run test:repeat -- 3 --project node test/train   what follows goes to Vitest
//
// The logs stay in a folder that is named at the end. The exit code is 0 if every run passed.

import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

const { runs, load, rest } = readArguments(process.argv.slice(2));
const folder = await mkdtemp(join(tmpdir(), 'underglass-repeat-'));

/** Threads of this process that compute without end; they end with it. */
const busy = load
  ? Array.from({ length: availableParallelism() }, () => new Worker('for (;;) Math.sqrt(2);', { eval: true }))
  : [];

const results = [];
for (let run = 1; run <= runs; run++) {
  const result = await runOnce(run);
  results.push(result);
  console.log(
    `run ${run} of ${runs}: ${result.totals}, ${result.seconds.toFixed(0)} s${result.passed ? '' : `, ${result.log}`}`,
  );
}
await Promise.all(busy.map((worker) => worker.terminate()));

const seconds = results.map((result) => result.seconds).toSorted((a, b) => a - b);
const passed = results.filter((result) => result.passed).length;
console.log(
  `${passed} of ${runs} runs passed${load ? ` beside a load on ${busy.length} cores` : ''}; ` +
    `from ${seconds[0].toFixed(0)} to ${seconds.at(-1).toFixed(0)} s, median ${seconds[Math.floor(runs / 2)].toFixed(0)} s; logs in ${folder}`,
);
process.exitCode = passed === runs ? 0 : 1;

function readArguments([count = '', ...others]) {
  const number = Number(count);
  if (!Number.isInteger(number) || number < 1) {
    console.error('error: say how many runs: npm run test:repeat -- 10 [--load] [what Vitest takes]');
    process.exit(2);
  }
  return { runs: number, load: others.includes('--load'), rest: others.filter((other) => other !== '--load') };
}

/** One run, its output in a file. */
async function runOnce(run) {
  const log = join(folder, `run-${run}.log`);
  const start = performance.now();
  const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...rest], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  const file = createWriteStream(log);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
      file.write(text);
    });
  }
  const code = await new Promise((done) => child.on('close', done));
  file.end();
  const totals = output.match(/^\d+ passed, \d+ failed.*$/m)?.[0] ?? 'no totals';
  return { passed: code === 0, totals, log, seconds: (performance.now() - start) / 1000 };
}
