// Progress of a training: one line drawn again and again on a terminal, a line now and then in a pipe.

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
  return screen.live ? liveProgress(screen, epochs) : plainProgress(screen, epochs);
}

/** Time between two pictures on a terminal, and the longest between two lines in a pipe. */
const PICTURES_A_SECOND = 10;
const LINE_MS = 5000;

/** A narrower bar says nothing. */
const LEAST_BAR = 4;
const GOOD_BAR = 12;
const MOST_BAR = 40;

function liveProgress(screen: Screen, epochs: number): Progress {
  const { colours } = screen;
  let last: ProgressState | undefined;
  const format: NonNullable<Options['format']> = (_, { maxWidth }) => {
    if (!last) return '';
    const fraction = epochs === 0 ? 1 : last.epoch / epochs;
    const room = (texts: readonly string[]): number => Math.min(MOST_BAR, maxWidth - texts.join('  ').length - 5);
    let texts = words(last, epochs);
    if (room(texts) < GOOD_BAR) texts = texts.map((text) => text.replace('validation', 'valid.'));
    const width = room(texts);
    const [epoch = '', ...others] = texts;
    const text = `${colours.bold(epoch)}  ${others.join('  ')}`;
    if (width < LEAST_BAR) return `  ${text}`;
    const full = bar(fraction, width);
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
    update(state) {
      last = state;
      if (!started) line.start(epochs, state.epoch);
      else line.update(state.epoch);
      started = true;
    },
    stop: () => line.stop(),
  };
}

/** Prints the evaluations at every tenth of the way, and something at least every few seconds. */
function plainProgress(screen: Screen, epochs: number): Progress {
  let tenth = -1;
  let printed = performance.now();
  let stopped = false;
  return {
    update(state) {
      const now = performance.now();
      const reached = Math.floor((10 * state.epoch) / Math.max(1, epochs));
      const isFresh = state.last.epoch === state.epoch;
      if (stopped || !((isFresh && reached > tenth) || now - printed >= LINE_MS)) return;
      tenth = isFresh ? reached : tenth;
      printed = now;
      screen.print(`  ${words(state, epochs, isFresh).join('  ')}`.trimEnd());
    },
    stop() {
      if (!stopped) screen.print();
      stopped = true;
    },
  };
}

/** The loss is the training set's, with the L2 term. */
function words({ epoch, last, milliseconds }: ProgressState, epochs: number, withScores = true): string[] {
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
