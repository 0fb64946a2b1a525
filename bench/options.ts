// What can be asked of the benchmark, and how much time that gives to each measurement.

import { Command, InvalidArgumentError } from 'commander';
import { PEERS } from './peers';
import { FIRST_STEP, SLOW_TASKS, TASKS } from './tasks';

export interface Options {
  readonly quick: boolean;
  readonly tasks: readonly string[];
  readonly peers: readonly string[];
  /** Timed batches of each peer at each task. */
  readonly rounds: number;
  /** Cold pages of each peer. */
  readonly coldRounds: number;
  /** Time of one batch that is aimed at, in ms. */
  readonly batch: number;
  /** Time after which a peer is spared further rounds of a task, in ms. */
  readonly patience: number;
  /** A peer that would take longer for one step, judged by its earlier tasks, is left out of a task; in ms. */
  readonly longestStep: number;
  readonly growth: boolean;
  /** Time after which no other task is begun, from the start of the run, in ms. */
  readonly budget: number;
  /** Folder for results.json and results.svg. */
  readonly out: string;
}

/** @throws CommanderError for what makes no sense, and for `--help` */
export function parseOptions(argv: readonly string[]): Options {
  const taskNames = [...TASKS.map(({ name }) => name), FIRST_STEP];
  const command = new Command('npm run bench --')
    .description(
      "Measures Underglass and its peers at the same tasks, in one Chromium and in alternation, and this adapter's ceilings.",
    )
    .option(
      '--quick',
      `fewer and shorter measurements, without growth, ${SLOW_TASKS.join(' and ')}; stops when the time is over`,
      false,
    )
    .option('--tasks <names>', `some of ${taskNames.join(', ')}`, listOf(taskNames))
    .option('--peers <names>', `some of ${PEERS.join(', ')}`, listOf(PEERS))
    .option('--rounds <count>', 'timed batches of each peer at each task', count)
    .option('--batch <ms>', 'time of one batch that is aimed at', count)
    .option('--no-growth', 'leave out how the time grows with rows, width, depth and members')
    .option('--out <folder>', 'where results.json and results.svg go', 'bench')
    .addHelpText(
      'after',
      `
Tasks: ${TASKS.map(({ name, title }) => `${name} (${title})`).join('; ')}; ${FIRST_STEP} (from a cold page to the tutorial's first step).
The peers' packages are installed into bench/node_modules on the first run. UNDERGLASS_ADAPTER=gpu measures on the GPU of this machine.`,
    )
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .parse([...argv]);
  const given = command.opts<{
    quick: boolean;
    tasks?: string[];
    peers?: string[];
    rounds?: number;
    batch?: number;
    growth: boolean;
    out: string;
  }>();
  const { quick } = given;
  const rounds = given.rounds ?? (quick ? 3 : 11);
  return {
    quick,
    tasks: given.tasks ?? taskNames.filter((name) => !quick || !SLOW_TASKS.includes(name)),
    peers: given.peers ?? PEERS,
    rounds,
    coldRounds: Math.min(rounds, quick ? 1 : 5),
    batch: given.batch ?? (quick ? 80 : 500),
    patience: quick ? 700 : 20_000,
    longestStep: quick ? 500 : 60_000,
    growth: given.growth && !quick,
    budget: quick ? 108_000 : Number.POSITIVE_INFINITY,
    out: given.out,
  };
}

function listOf(known: readonly string[]): (text: string) => string[] {
  return (text) => {
    const names = text.split(',').map((name) => name.trim());
    const strange = names.find((name) => !known.includes(name));
    if (strange !== undefined) throw new InvalidArgumentError(`"${strange}" is none of ${known.join(', ')}.`);
    return known.filter((name) => names.includes(name));
  };
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('Give a whole number of at least 1.');
  return value;
}
