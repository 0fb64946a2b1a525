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
  readonly growth: boolean;
  /** Folder for results.json and results.svg. */
  readonly out: string;
}

/** @throws CommanderError for what makes no sense, and for `--help` */
export function parseOptions(argv: readonly string[]): Options {
  const taskNames = [...TASKS.map(({ name }) => name), FIRST_STEP];
  const command = new Command('npm run bench --')
    .description(
      "Measures a training step of Underglass and of its peers, in one Chromium, and this adapter's ceilings.",
    )
    .option('--quick', `fewer and shorter measurements, without ${SLOW_TASKS.join(' and ')}`, false)
    .option('--tasks <names>', `some of ${taskNames.join(', ')}`, listOf(taskNames))
    .option('--peers <names>', `some of ${PEERS.join(', ')}`, listOf(PEERS))
    .option('--rounds <count>', 'timed batches of each peer at each task', count)
    .option('--batch <ms>', 'time of one batch that is aimed at', count)
    .option('--no-growth', 'leave out how the time grows with rows, width and depth')
    .option('--out <folder>', 'where results.json and results.svg go', 'bench')
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
  const rounds = given.rounds ?? (quick ? 5 : 11);
  return {
    quick,
    tasks: given.tasks ?? taskNames.filter((name) => !quick || !SLOW_TASKS.includes(name)),
    peers: given.peers ?? PEERS,
    rounds,
    coldRounds: Math.min(rounds, quick ? 1 : 5),
    batch: given.batch ?? (quick ? 150 : 500),
    patience: quick ? 2000 : 20_000,
    growth: given.growth && !quick,
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
