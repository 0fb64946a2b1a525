// The roofline's axes: places that agree with the formula of the roof, and names that cover nothing.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  flopsTicks,
  intensityText,
  intensityTicks,
  labelSides,
  placeOf,
  rooflineAxes,
  roofOf,
} from '../../../src/app/timings/roofline-axes';
import { rooflinePoint } from '../../../src/profile/roofline';

const ceilings = { flops: 1e12, memory: 1e11, cache: 4e11, cacheBytes: 1e6, launch: 1e-6 };

const pointOf = (flops: number, bytes: number, us: number) =>
  rooflinePoint({ flops, bytesRead: bytes, bytesWritten: 0 }, { value: us, low: us, high: us }, ceilings);

test('points of any operation lie within the plot, and below the roof of memory exactly as far as they are slower', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          intensity: fc.double({ min: 1e-3, max: 1e4, noNaN: true }),
          share: fc.double({ min: 1e-5, max: 1, noNaN: true }),
        }),
        { maxLength: 20 },
      ),
      (operations) => {
        const points = operations.map(({ intensity, share }) => {
          const bytes = 1e8;
          const least = Math.max((intensity * bytes) / ceilings.flops, bytes / ceilings.memory);
          return pointOf(intensity * bytes, bytes, (1e6 * least) / share);
        });
        const axes = rooflineAxes(ceilings, points);
        for (const [i, { intensity, flopsPerSecond }] of points.entries()) {
          const { x, y } = placeOf(axes, intensity, flopsPerSecond);
          expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
          expect(Math.max(x, y)).toBeLessThanOrEqual(1);
          const roof = placeOf(axes, intensity, Math.min(ceilings.flops, ceilings.memory * intensity));
          const decades = Math.log10(axes.top / axes.bottom);
          expect(10 ** ((roof.y - y) * decades)).toBeCloseTo(operations[i]!.share, 6);
        }
      },
    ),
  );
});

test('a roof rises along its bandwidth, bends at the ridge and stays at the arithmetic’s peak', () => {
  const axes = rooflineAxes(ceilings, []);
  const [begin, bend, end] = roofOf(axes, ceilings.memory, ceilings.flops);
  expect(bend).toEqual(placeOf(axes, 10, 1e12));
  expect(end!.y).toBe(bend!.y);
  expect(end!.x).toBe(1);
  // One decade of intensity is one decade of arithmetic.
  const decade = {
    x: Math.log(10) / Math.log(axes.most / axes.least),
    y: Math.log(10) / Math.log(axes.top / axes.bottom),
  };
  expect((begin!.y - bend!.y) / (bend!.x - begin!.x)).toBeCloseTo(decade.y / decade.x, 9);
  expect(begin!.y).toBeLessThanOrEqual(1 + 1e-9);
});

test('the axes’ numbers lie within them and are round', () => {
  const axes = rooflineAxes(ceilings, [pointOf(1, 100, 1e6)]);
  const columns = intensityTicks(axes, 2);
  expect(columns.every((value) => Number.isInteger(Math.log2(value) / 2))).toBe(true);
  expect(columns[0]).toBeGreaterThanOrEqual(axes.least);
  expect(columns.at(-1)).toBeLessThanOrEqual(axes.most);
  const levels = flopsTicks(axes);
  expect(levels.every((value) => value >= axes.bottom && value <= axes.top)).toBe(true);
  expect(levels.length).toBeGreaterThan(2);
  expect(flopsTicks(rooflineAxes(ceilings, []))).toEqual([1e11, 3e11, 1e12]);
  expect([1 / 8, 1, 64].map(intensityText)).toEqual(['1/8', '1', '64']);
});

test('a lone point has its name at its right, one at the right edge at its left, and of points in one place most have none', () => {
  expect(labelSides([{ x: 0.5, y: 0.5 }])).toEqual(['right']);
  expect(labelSides([{ x: 0.97, y: 0.5 }])).toEqual(['left']);
  const crowd = labelSides(Array.from({ length: 10 }, () => ({ x: 0.5, y: 0.5 })));
  expect(crowd.filter((side) => side !== undefined)).toEqual(['right', 'left']);
});
