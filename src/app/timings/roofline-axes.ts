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
