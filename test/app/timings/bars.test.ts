// The timeline's bars and windows: every operation and pass in its place, and ways through them that lose none.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { barAt, barOf, type FlameChart, neighbourOf, runChart, stepChart } from '../../../src/app/timings/bars';
import {
  drawnOf,
  filledBy,
  lengthOf,
  momentsOf,
  momentText,
  moved,
  revealing,
  type TimeWindow,
  zoomed,
} from '../../../src/app/timings/time-window';
import { recordingOf } from '../../profile/recordings';

const fused = recordingOf('fused', 5);
const naive = recordingOf('naive', 3);

/** Bars of a row follow each other without overlap. */
function expectInOrder({ rows }: FlameChart): void {
  for (const { bars } of rows) {
    for (const [i, bar] of bars.slice(1).entries()) expect(bar.beginUs).toBeGreaterThanOrEqual(bars[i]!.endUs - 1e-9);
  }
}

describe('one step', () => {
  test.each([fused, naive])('has every operation in its order, as wide as its mean, below its phase', (recording) => {
    const chart = stepChart(recording);
    const [step, phases, operations] = chart.rows;
    expectInOrder(chart);
    expect(operations!.bars.map(({ name }) => name)).toEqual(recording.operations.map(({ label }) => label));
    for (const [i, bar] of operations!.bars.entries()) {
      const { estimate, phase } = recording.operations[i]!;
      expect(estimate.kind === 'measured' && lengthOf(bar) - estimate.meanUs).toBeCloseTo(0, 9);
      const above = phases!.bars.find(({ of }) => of![0] <= i && i < of![1])!;
      expect(above.name).toBe(phase);
      expect(above.beginUs <= bar.beginUs && bar.endUs <= above.endUs).toBe(true);
    }
    expect(step!.bars).toEqual([expect.objectContaining({ beginUs: 0, endUs: chart.endUs })]);
    expect(operations!.bars.at(-1)!.endUs).toBe(chart.endUs);
  });
});

describe('the run', () => {
  test('has the recorded passes in their places, each within its submit, and JavaScript above them', () => {
    const chart = runChart(fused);
    expectInOrder(chart);
    const [encode, submit, gpu, passes] = chart.rows;
    expect(encode!.bars.map(({ beginUs, endUs }) => ({ beginUs, endUs }))).toEqual(
      fused.timeline.map((each) => each.encode),
    );
    expect(submit!.bars).toHaveLength(fused.timeline.length);
    expect(passes!.bars.map(({ name, beginUs, endUs }) => [name, beginUs, endUs])).toEqual(
      fused.timeline.flatMap((each) => each.passes.map(({ name, beginUs, endUs }) => [name, beginUs, endUs])),
    );
    for (const pass of passes!.bars) {
      expect(gpu!.bars.some(({ beginUs, endUs }) => beginUs <= pass.beginUs && pass.endUs <= endUs)).toBe(true);
    }
    expect(chart.beginUs).toBe(0);
    expect(chart.endUs).toBe(Math.max(...passes!.bars.map(({ endUs }) => endUs)));
  });

  test('without passes has the host’s rows, and no GPU', () => {
    const unstamped = { ...fused, timeline: fused.timeline.map((submit) => ({ ...submit, passes: [] })) };
    expect(runChart(unstamped).rows.map(({ bars }) => bars.length)).toEqual([2, 2]);
  });
});

describe('ways through the bars', () => {
  test('right from the first leads to every bar of a row, and left back again', () => {
    const chart = runChart(fused);
    for (const { bars } of chart.rows) {
      let bar = neighbourOf(chart, bars.at(-1)!, 'first');
      const way = bars.map(() => {
        const here = bar;
        bar = neighbourOf(chart, bar, 'right');
        return here;
      });
      expect(way).toEqual(bars);
      expect(bar).toBe(bars.at(-1));
      for (const expected of bars.toReversed().slice(1)) {
        bar = neighbourOf(chart, bar, 'left');
        expect(bar).toBe(expected);
      }
    }
  });

  test('down leads from a submit to a pass of it, past rows without bars, and up to the nearest bar', () => {
    const chart = runChart(fused);
    const [, submit, gpu, passes] = chart.rows;
    const pass = neighbourOf(chart, gpu!.bars[1]!, 'down');
    expect(passes!.bars).toContain(pass);
    expect(gpu!.bars[1]!.beginUs <= pass.beginUs && pass.endUs <= gpu!.bars[1]!.endUs).toBe(true);
    expect(neighbourOf(chart, gpu!.bars[0]!, 'up')).toBe(submit!.bars[1]);
    const gap = { ...chart, rows: [chart.rows[0]!, { name: 'empty', bars: [] }, ...chart.rows.slice(2)] };
    expect(neighbourOf(gap, gap.rows[0]!.bars[0]!, 'down').row).toBe(2);
    expect(neighbourOf(chart, passes!.bars[0]!, 'down')).toBe(passes!.bars[0]);
  });

  test('a pointer finds the bar below it, or one a little beside it, and nothing farther away', () => {
    const chart = stepChart(fused);
    const [first, second] = chart.rows[2]!.bars;
    expect(barAt(chart, 2, (first!.beginUs + first!.endUs) / 2, 0)).toBe(first);
    expect(barAt(chart, 2, second!.beginUs + 0.01, 1)).toBe(second);
    expect(barAt(chart, 2, chart.endUs + 0.5, 1)).toBe(chart.rows[2]!.bars.at(-1));
    expect(barAt(chart, 2, chart.endUs + 1.5, 1)).toBeUndefined();
    expect(barAt(chart, 9, 0, 1)).toBeUndefined();
    expect(barOf(chart, first!.key)).toBe(first);
    expect(barOf(chart, 'nothing')).toBeUndefined();
  });
});

describe('windows', () => {
  const whole: TimeWindow = { beginUs: 100, endUs: 10_100 };
  const windows = fc
    .tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 1e-3, max: 1, noNaN: true }))
    .map(([at, share]) => {
      const length = share * lengthOf(whole);
      const beginUs = whole.beginUs + at * (lengthOf(whole) - length);
      return { beginUs, endUs: beginUs + length };
    });
  const inside = ({ beginUs, endUs }: TimeWindow) =>
    beginUs >= whole.beginUs - 1e-6 && endUs <= whole.endUs + 1e-6 && endUs > beginUs;

  test('never leave the whole, however one zooms and moves', () => {
    fc.assert(
      fc.property(
        windows,
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.double({ min: -2, max: 2, noNaN: true }),
        (window, factor, share) => {
          const about = window.beginUs + Math.abs(share / 2) * lengthOf(window);
          expect(inside(zoomed(window, whole, factor, about))).toBe(true);
          const shifted = moved(window, whole, share * lengthOf(whole));
          expect(inside(shifted)).toBe(true);
          expect(lengthOf(shifted)).toBeCloseTo(lengthOf(window), 6);
        },
      ),
    );
  });

  test('zooming in keeps the moment below the pointer where it is', () => {
    fc.assert(
      fc.property(windows, fc.double({ min: 0, max: 1, noNaN: true }), (window, share) => {
        const about = window.beginUs + share * lengthOf(window);
        const next = zoomed(window, whole, 0.5, about);
        expect((about - next.beginUs) / lengthOf(next)).toBeCloseTo(share, 6);
      }),
    );
  });

  test('a bar that is walked to comes in sight, and one that is zoomed to fills most of the window', () => {
    fc.assert(
      fc.property(windows, windows, (window, bar) => {
        const shown = revealing(window, whole, bar);
        expect(lengthOf(shown)).toBeCloseTo(lengthOf(window), 6);
        expect(shown.endUs > bar.beginUs - 1e-6 && shown.beginUs < bar.endUs + 1e-6).toBe(true);
        if (lengthOf(bar) <= lengthOf(window)) {
          expect(shown.beginUs <= bar.beginUs + 1e-6 && shown.endUs >= bar.endUs - 1e-6).toBe(true);
        }
        const filled = filledBy(bar, whole);
        expect(filled.beginUs <= bar.beginUs + 1e-6 && filled.endUs >= bar.endUs - 1e-6).toBe(true);
        expect(lengthOf(bar) / lengthOf(filled)).toBeGreaterThan(0.8);
      }),
    );
  });

  test('of a thousand bars too thin to be told apart few are drawn, spread over all of them; of those in sight, none is lost', () => {
    const bars = Array.from({ length: 1000 }, (_, i) => ({
      key: String(i),
      row: 0,
      beginUs: i,
      endUs: i + 0.5,
      name: '',
      kind: 'host' as const,
    }));
    const drawn = drawnOf(bars, { beginUs: 0, endUs: 1000 }, 0.01);
    expect(drawn.length).toBeGreaterThanOrEqual(90);
    expect(drawn.length).toBeLessThanOrEqual(101);
    expect(drawn.at(-1)!.beginUs).toBeGreaterThan(980);
    expect(drawnOf(bars, { beginUs: 100.2, endUs: 119.2 }, 0.01).map(({ beginUs }) => beginUs)).toEqual(
      Array.from({ length: 20 }, (_, i) => 100 + i),
    );
  });

  test('the axis has round moments, a few of them, and its texts tell them apart', () => {
    fc.assert(
      fc.property(windows, (window) => {
        const moments = momentsOf(window, 6);
        expect(moments.length).toBeGreaterThanOrEqual(2);
        expect(moments.length).toBeLessThanOrEqual(8);
        expect(moments.every((us) => us >= window.beginUs - 1e-6 && us <= window.endUs + 1e-6)).toBe(true);
        const texts = moments.map((us) => momentText(us, window));
        expect(new Set(texts).size).toBe(texts.length);
      }),
    );
    expect(momentsOf({ beginUs: 0, endUs: 24_000 }, 5)).toEqual([0, 5000, 10_000, 15_000, 20_000]);
    expect(momentText(5000, { beginUs: 0, endUs: 24_000 })).toBe('5 ms');
    expect(momentText(2.5, { beginUs: 0, endUs: 4 })).toBe('2.5 µs');
  });
});
