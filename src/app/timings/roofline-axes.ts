// The axes of the roofline: arithmetic against intensity, both logarithmic, and the roofs between them.

import type { Ceilings } from '../../profile/ceilings';
import { ridge, type RooflinePoint } from '../../profile/roofline';

/** Ends of both axes. */
export interface RooflineAxes {
  /** FLOP for each byte: powers of two. */
  readonly least: number;
  readonly most: number;
  /** FLOP a second: any. */
  readonly bottom: number;
  readonly top: number;
}

/** A place as shares of the plot's width, from the left, and height, from the top. */
export interface PlotPlace {
  readonly x: number;
  readonly y: number;
}

/** Powers of two that are always shown along the intensity. */
const LEAST_EXPONENT = -3;
const MOST_EXPONENT = 6;

/** Below the arithmetic's roof, a decade and a half at least; above it a little. */
const ROOM_BELOW = 30;
const ROOM_ABOVE = 1.6;

/** Axes that hold the ridges and all points. */
export function rooflineAxes(ceilings: Ceilings, points: readonly RooflinePoint[]): RooflineAxes {
  const exponents = points.map(({ intensity }) => Math.log2(intensity));
  const farthest = Math.log2(Math.max(ridge(ceilings), ridge(ceilings, true)));
  return {
    least: 2 ** Math.floor(Math.min(LEAST_EXPONENT, ...exponents)),
    most: 2 ** Math.ceil(Math.max(MOST_EXPONENT, farthest + 1, ...exponents)),
    bottom: Math.min(ceilings.flops / ROOM_BELOW, ...points.map(({ flopsPerSecond }) => flopsPerSecond / ROOM_ABOVE)),
    top: ROOM_ABOVE * Math.max(ceilings.flops, ...points.map(({ flopsPerSecond }) => flopsPerSecond)),
  };
}

/** Where a rate at an intensity lies. */
export function placeOf({ least, most, bottom, top }: RooflineAxes, intensity: number, flops: number): PlotPlace {
  return {
    x: Math.log(intensity / least) / Math.log(most / least),
    y: Math.log(top / flops) / Math.log(top / bottom),
  };
}

/** A roof from the left end of the plot to the right: up along a bandwidth, then level. */
export function roofOf(axes: RooflineAxes, bandwidth: number, flops: number): PlotPlace[] {
  const bend = Math.min(axes.most, Math.max(axes.least, flops / bandwidth));
  // A roof that begins below the plot comes in through its lower edge.
  const begin = Math.min(bend, Math.max(axes.least, axes.bottom / bandwidth));
  return [begin, bend, axes.most].map((intensity) => placeOf(axes, intensity, Math.min(flops, bandwidth * intensity)));
}

/** A name beside a point: which side of it. */
export type LabelSide = 'right' | 'left' | 'above' | 'below';

/** Room that a name takes in a plot of usual size, as shares of its width and height. */
const LABEL_WIDTH = 0.19;
const LABEL_HEIGHT = 0.05;

/** Size of a point, as well. */
const POINT_WIDTH = 0.024;
const POINT_HEIGHT = 0.036;

/** The side of each point on which its name covers no point, no other name and no edge; undefined where there is none. */
export function labelSides(places: readonly PlotPlace[]): (LabelSide | undefined)[] {
  const box = (x: number, y: number, width: number, height: number) => ({
    left: x - width / 2,
    right: x + width / 2,
    top: y - height / 2,
    bottom: y + height / 2,
  });
  type Box = ReturnType<typeof box>;
  const meet = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  const taken = places.map(({ x, y }) => box(x, y, POINT_WIDTH, POINT_HEIGHT));
  const across = (POINT_WIDTH + LABEL_WIDTH) / 2;
  const along = (POINT_HEIGHT + LABEL_HEIGHT) / 2;
  return places.map(({ x, y }) => {
    const sides: readonly (readonly [LabelSide, Box])[] = [
      ['right', box(x + across, y, LABEL_WIDTH, LABEL_HEIGHT)],
      ['left', box(x - across, y, LABEL_WIDTH, LABEL_HEIGHT)],
      ['above', box(x, y - along, LABEL_WIDTH, LABEL_HEIGHT)],
      ['below', box(x, y + along, LABEL_WIDTH, LABEL_HEIGHT)],
    ];
    const free = sides.find(
      ([, room]) =>
        room.left > 0 && room.right < 1 && room.top > 0 && room.bottom < 1 && !taken.some((other) => meet(room, other)),
    );
    if (free) taken.push(free[1]);
    return free?.[0];
  });
}

/** Powers of two along the intensity, each `stride`th. */
export function intensityTicks({ least, most }: RooflineAxes, stride: number): number[] {
  const first = Math.round(Math.log2(least));
  const last = Math.round(Math.log2(most));
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
    .filter((exponent) => exponent % stride === 0)
    .map((exponent) => 2 ** exponent);
}

/** 1 and, where there is room for so many, 3 of every decade. */
export function flopsTicks({ bottom, top }: RooflineAxes): number[] {
  const decades = Math.log10(top / bottom);
  const mantissas = decades > 3 ? [1] : [1, 3];
  const first = Math.floor(Math.log10(bottom));
  const last = Math.ceil(Math.log10(top));
  return Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i))
    .flatMap((decade) => mantissas.map((mantissa) => mantissa * decade))
    .filter((value) => value >= bottom && value <= top);
}

/** `1/8`, `4`. */
export function intensityText(intensity: number): string {
  return intensity < 1 ? `1/${Math.round(1 / intensity)}` : String(intensity);
}
