// Progress of a training or a sweep: one line drawn again and again on a terminal, a line now and then in a pipe.

import { type Options, SingleBar } from 'cli-progress';
import { formatCount, formatDuration, formatPercent } from '../base/units';
import type { HistoryEntry } from '../index';
import type { Screen } from './screen';
import { bar } from './tables';

/** How far the training is. */
export interface ProgressState {
  readonly epoch: number;
  readonly last: HistoryEntry;
  /** Time since the first step, in ms. */
  readonly milliseconds: number;
}

/** Shows how far a training is. */
export interface Progress {
  update(state: ProgressState): void;
  /** Leaves the terminal as it was; later updates are ignored. */
  stop(): void;
}

/** Progress that suits the screen. */
export function showProgress(screen: Screen, epochs: number): Progress {
  const line = openLine(screen);
  return {
    update: (state) => {
      line.update({
        fraction: epochs === 0 ? 1 : state.epoch / epochs,
        fresh: state.last.epoch === state.epoch,
        words: (withScores) => words(state, epochs, withScores),
      });
    },
    stop: () => line.stop(),
  };
}

/** How far a sweep is. */
export interface SweepState {
  readonly done: number;
  readonly networks: number;
  /** Of the networks in training. */
  readonly epoch: number;
  readonly epochs: number;
  readonly fraction: number;
  /** Devices lost so far. */
  readonly losses: number;
  /** Time since the sweep began, in ms. */
  readonly milliseconds: number;
}

/** Progress of a sweep that suits the screen. */
export function showSweepProgress(screen: Screen): { update(state: SweepState): void; stop(): void } {
  const line = openLine(screen);
  let first: SweepState | undefined;
  return {
    update: (state) => {
      // Time is counted from where networks are set up, which comes once, and anew where a loss took all that was done.
      if (!first || state.fraction <= first.fraction) first = state;
      const done = state.fraction - first.fraction;
      const left = ((state.milliseconds - first.milliseconds) * (1 - state.fraction)) / done;
      line.update({
        fraction: state.fraction,
        fresh: true,
        words: () => sweepWords(state, done > 0 ? left : undefined),
      });
    },
    stop: () => line.stop(),
  };
}

/** How far a profile is. */
export interface ProfileState {
  /** Steps that have been timed, of those to be. */
  readonly timed: number;
  readonly steps: number;
  readonly epoch: number;
  /** The last evaluation. */
  readonly last: HistoryEntry | undefined;
  /** Time since the first step, in ms. */
  readonly milliseconds: number;
}

/** Progress of a profile that suits the screen. */
export function showProfileProgress(screen: Screen): { update(state: ProfileState): void; stop(): void } {
  const line = openLine(screen);
  return {
    update: (state) =>
      line.update({ fraction: Math.min(1, state.timed / state.steps), fresh: true, words: () => profileWords(state) }),
    stop: () => line.stop(),
  };
}

/** How far a tuning is. */
export interface TuningState {
  readonly timed: number;
  readonly untimed: number;
}

/** Progress of a tuning that suits the screen. */
export function showTuningProgress(screen: Screen): { update(state: TuningState): void; stop(): void } {
  const line = openLine(screen);
  return {
    update: ({ timed, untimed }) => {
      const all = timed + untimed;
      line.update({
        fraction: all === 0 ? 1 : timed / all,
        fresh: true,
        words: () => [`${formatCount(timed)}/${formatCount(all)} variants timed`],
      });
    },
    stop: () => line.stop(),
  };
}

/** What a line of progress says. */
interface Picture {
  /** Share of the work that is done. */
  readonly fraction: number;
  /** Whether its scores are of now; else a pipe shows it only when it has shown nothing for long, and without them. */
  readonly fresh: boolean;
  readonly words: (withScores: boolean) => string[];
}

/** A line of progress. */
interface Line {
  update(picture: Picture): void;
  stop(): void;
}

function openLine(screen: Screen): Line {
  return screen.live ? liveLine(screen) : plainLines(screen);
}

/** Time between two pictures on a terminal, and the longest between two lines in a pipe. */
const PICTURES_A_SECOND = 10;
const LINE_MS = 5000;

/** A narrower bar says nothing. */
const LEAST_BAR = 4;
const GOOD_BAR = 12;
const MOST_BAR = 40;

function liveLine(screen: Screen): Line {
  const { colours } = screen;
  let last: Picture | undefined;
  const format: NonNullable<Options['format']> = (_, { maxWidth }) => {
    if (!last) return '';
    const room = (texts: readonly string[]): number => Math.min(MOST_BAR, maxWidth - texts.join('  ').length - 5);
    let texts = last.words(true);
    if (room(texts) < GOOD_BAR) texts = texts.map((text) => text.replace('validation', 'valid.'));
    const width = room(texts);
    const [first = '', ...others] = texts;
    const text = `${colours.bold(first)}  ${others.join('  ')}`;
    if (width < LEAST_BAR) return `  ${thatFit(texts, maxWidth - 3).join('  ')}`;
    const full = bar(last.fraction, width);
    return `  ${colours.cyan(full)}${colours.dim('·'.repeat(width - full.length))}  ${text}`;
  };
  const line = new SingleBar({
    stream: screen.stream,
    fps: PICTURES_A_SECOND,
    format,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
  });
  let started = false;
  return {
    update(picture) {
      last = picture;
      if (!started) line.start(1, picture.fraction);
      else line.update(picture.fraction);
      started = true;
    },
    stop: () => line.stop(),
  };
}

/** As many texts, from the first, as fit beside each other; at least one. */
function thatFit(texts: readonly string[], width: number): readonly string[] {
  let count = texts.length;
  while (count > 1 && texts.slice(0, count).join('  ').length > width) count--;
  return texts.slice(0, count);
}

/** Prints a picture at every tenth of the way, and something at least every few seconds. */
function plainLines(screen: Screen): Line {
  let tenth = -1;
  let printed = performance.now();
  let stopped = false;
  return {
    update({ fraction, fresh, words: wordsOf }) {
      const now = performance.now();
      const reached = Math.floor(10 * fraction);
      if (stopped || !((fresh && reached > tenth) || now - printed >= LINE_MS)) return;
      tenth = fresh ? reached : tenth;
      printed = now;
      screen.print(`  ${wordsOf(fresh).join('  ')}`.trimEnd());
    },
    stop() {
      if (!stopped) screen.print();
      stopped = true;
    },
  };
}

/** @param left time left in ms; undefined while unknown */
function sweepWords(
  { done, networks, epoch, epochs, fraction, losses }: SweepState,
  left: number | undefined,
): string[] {
  const padded = (count: number, total: number): string =>
    `${formatCount(count).padStart(formatCount(total).length)}/${formatCount(total)}`;
  return [
    `${padded(done, networks)} networks`,
    `epoch ${padded(epoch, epochs)}`,
    `${Math.floor(100 * fraction)}%`.padStart(4),
    ...(left === undefined ? [] : [`${formatDuration(left)} left`]),
    ...(losses > 0 ? ['GPU lost'] : []),
  ];
}

function profileWords({ timed, steps, epoch, last, milliseconds }: ProfileState): string[] {
  const total = formatCount(steps);
  return [
    `${formatCount(Math.min(timed, steps)).padStart(total.length)}/${total} steps timed`,
    `epoch ${formatCount(epoch)}`,
    ...(last ? [`loss ${formatLoss(last.train.loss)}`] : []),
    ...(timed > 0 ? [`${formatDuration(milliseconds * Math.max(0, steps / timed - 1))} left`] : []),
  ];
}

/** The loss is the training set's, with the L2 term. */
function words({ epoch, last, milliseconds }: ProgressState, epochs: number, withScores: boolean): string[] {
  const total = formatCount(epochs);
  const rate = (1000 * epoch) / milliseconds;
  const left = (1000 * (epochs - epoch)) / rate;
  return [
    `${formatCount(epoch).padStart(total.length)}/${total}`,
    ...(withScores
      ? [`loss ${formatLoss(last.train.loss)}`, `validation ${formatPercent(last.valid.accuracy).padStart(6)}`]
      : []),
    ...(epoch > 0 ? [`${formatRate(rate)} epochs/s`.padStart(13), `${formatDuration(left)} left`] : []),
  ];
}

/** A loss, four decimals. */
export function formatLoss(loss: number): string {
  return Number.isFinite(loss) ? loss.toFixed(4) : '–';
}

/** Things a second, three digits. */
export function formatRate(rate: number): string {
  if (!Number.isFinite(rate)) return '–';
  if (rate >= 99.95) return formatCount(rate);
  return rate.toFixed(rate >= 9.995 ? 1 : 2);
}
