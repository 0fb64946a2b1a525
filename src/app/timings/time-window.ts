// The time window: the part of a chart that is in sight, and what is drawn of it.

import type { Bar } from './bars';

/** A stretch of time, in µs. */
export interface TimeWindow {
  readonly beginUs: number;
  readonly endUs: number;
}

/** The shortest that is shown: clocks tell no more. */
const SHORTEST_US = 0.5;

/** A window of `factor` times the length, in which the moment `about` stays where it is; never more than the whole. */
export function zoomed(window: TimeWindow, whole: TimeWindow, factor: number, about: number): TimeWindow {
  const length = lengthOf(window);
  const least = Math.min(SHORTEST_US, lengthOf(whole));
  const next = Math.min(lengthOf(whole), Math.max(least, length * factor));
  const share = length > 0 ? (about - window.beginUs) / length : 0.5;
  return within(whole, { beginUs: about - share * next, endUs: about + (1 - share) * next });
}

/** The window moved by a time, as far as the whole goes. */
export function moved(window: TimeWindow, whole: TimeWindow, us: number): TimeWindow {
  return within(whole, { beginUs: window.beginUs + us, endUs: window.endUs + us });
}

/** The window moved so far that a bar is in it: whole, or where it is longer, its beginning. */
export function revealing(window: TimeWindow, whole: TimeWindow, bar: TimeWindow): TimeWindow {
  if (bar.beginUs >= window.beginUs && bar.endUs <= window.endUs) return window;
  const covers = bar.beginUs <= window.beginUs && bar.endUs >= window.endUs;
  if (covers) return window;
  const late = bar.beginUs < window.beginUs || lengthOf(bar) > lengthOf(window);
  return moved(window, whole, late ? bar.beginUs - window.beginUs : bar.endUs - window.endUs);
}

/** Room around a bar that fills the window, as a share of its length. */
const MARGIN = 0.08;

/** The window that a bar fills. */
export function filledBy(bar: TimeWindow, whole: TimeWindow): TimeWindow {
  const room = Math.max(MARGIN * lengthOf(bar), SHORTEST_US / 2);
  return within(whole, { beginUs: bar.beginUs - room, endUs: bar.endUs + room });
}

export function lengthOf({ beginUs, endUs }: TimeWindow): number {
  return endUs - beginUs;
}

function within(whole: TimeWindow, { beginUs, endUs }: TimeWindow): TimeWindow {
  const length = Math.min(endUs - beginUs, lengthOf(whole));
  const begin = Math.min(Math.max(beginUs, whole.beginUs), whole.endUs - length);
  return { beginUs: begin, endUs: begin + length };
}

/**
 * The bars of a row that are drawn: those in the window, but not those that would lie on top of others since all of them are thinner than
 * can be seen.
 *
 * @param least length that can be seen, as a share of the window
 */
export function drawnOf(bars: readonly Bar[], window: TimeWindow, least: number): Bar[] {
  const fine = least * lengthOf(window);
  let seen = Number.NEGATIVE_INFINITY;
  return bars.filter(({ beginUs, endUs }) => {
    if (endUs < window.beginUs || beginUs > window.endUs) return false;
    if (endUs - seen < fine) return false;
    seen = Math.max(seen, endUs);
    return true;
  });
}

const STEPS = [1, 2, 5, 10] as const;

/** Round moments of a window, about so many. */
export function momentsOf(window: TimeWindow, count: number): number[] {
  const rough = lengthOf(window) / Math.max(1, count);
  if (!(rough > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (STEPS.find((each) => each * power >= rough) ?? 10);
  const first = Math.ceil(window.beginUs / step - 1e-9);
  const last = Math.floor(window.endUs / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}

/** Moments in the unit that suits the last of them: `0`, `2.5 ms`. */
export function momentText(us: number, window: TimeWindow): string {
  const [unit, size] =
    window.endUs >= 2e6 ? (['s', 1e6] as const) : window.endUs >= 2e3 ? (['ms', 1e3] as const) : (['µs', 1] as const);
  const digits = Math.max(0, Math.min(6, Math.ceil(-Math.log10(lengthOf(window) / 8 / size))));
  return us === 0 ? '0' : `${(us / size).toFixed(digits)} ${unit}`;
}
