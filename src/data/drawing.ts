// Drawings made into digits as the data set has them: strokes to a bitmap, and a bitmap to 8 by 8 counts.
//
// The digits were scanned, normalised by NIST's preprocessing to bitmaps of 32 by 32, divided into fields of 4 by 4, and
// the set points of each field counted (E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI, 1998).
// What that preprocessing left can be read off the data set: every digit fills the whole height, none is much wider
// than 20 points, and whatever its shape, about 31% of the bitmap is set: thin digits have fat strokes.

import { DIGITS_COLUMNS, DIGITS_MAX_PIXEL } from './digits';

/** Edge of a bitmap, and of the fields that are counted. */
export const BITMAP_EDGE = 32;
export const FIELD_EDGE = 4;

/** Edge of a digit. */
export const DIGIT_EDGE = BITMAP_EDGE / FIELD_EDGE;

/** A place on the pad; any unit, y downwards. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The points of the pen between touching the pad and leaving it. */
export type Stroke = readonly Point[];

/** 32 by 32 points, row-major: 1 where set, 0 elsewhere. */
export type Bitmap = Uint8Array;

/** Width in points that a digit fills at most. */
const LARGEST_WIDTH = 20;

/** Set points of a bitmap: the data set's mean, 0.305 of 1024 with a standard deviation of 0.034. */
const INK = 313;

/** Radii of a pen, in points, between which the one is found that leaves that much ink. */
const PEN = { min: 1, max: 6 } as const;

/** A narrow digit is widened by at most this factor more than it is heightened. */
const MOST_WIDENING = 1.25;

/**
 * Counts the set points of each field of 4 by 4: 64 numbers from 0 to 16, row-major; the data set's own way.
 *
 * @param bitmap 32 by 32
 */
export function countFields(bitmap: Bitmap): Float32Array {
  const counts = new Float32Array(DIGITS_COLUMNS);
  for (let y = 0; y < BITMAP_EDGE; y++) {
    for (let x = 0; x < BITMAP_EDGE; x++) {
      const field = Math.floor(y / FIELD_EDGE) * DIGIT_EDGE + Math.floor(x / FIELD_EDGE);
      counts[field] = counts[field]! + bitmap[y * BITMAP_EDGE + x]!;
    }
  }
  return counts;
}

/**
 * The digit that the strokes draw, made like the data set's: scaled to the whole height, centred, and drawn again with a
 * pen that leaves as much ink as those digits have.
 *
 * @returns 64 numbers from 0 to 16; undefined where nothing was drawn
 */
export function digitFromStrokes(strokes: readonly Stroke[]): Float32Array | undefined {
  const bitmap = bitmapFromStrokes(strokes);
  return bitmap && countFields(bitmap);
}

/** The bitmap before its fields are counted; undefined where nothing was drawn. */
export function bitmapFromStrokes(strokes: readonly Stroke[]): Bitmap | undefined {
  const drawn = strokes.filter((stroke) => stroke.length > 0);
  if (drawn.length === 0) return undefined;
  let { min, max }: { min: number; max: number } = PEN;
  // Ink grows with the pen; a dozen halvings find its radius to a thousandth of a point.
  for (let i = 0; i < 12; i++) {
    const radius = (min + max) / 2;
    if (ink(render(fit(drawn, radius), radius)) < INK) min = radius;
    else max = radius;
  }
  return render(fit(drawn, min), min);
}

/** Whether every pixel of a digit is 0. */
export function isBlank(digit: ArrayLike<number>): boolean {
  return Array.prototype.every.call(digit, (pixel) => pixel === 0);
}

/** A number made into a pixel: whole, from 0 to 16. */
export function toPixel(value: number): number {
  return Math.max(0, Math.min(DIGITS_MAX_PIXEL, Math.round(value) || 0));
}

function ink(bitmap: Bitmap): number {
  return bitmap.reduce((sum, point) => sum + point, 0);
}

/** The strokes scaled and moved so that a pen of that radius fills the bitmap's height, or the largest width. */
function fit(strokes: readonly Stroke[], radius: number): Stroke[] {
  const points = strokes.flat();
  const left = Math.min(...points.map(({ x }) => x));
  const right = Math.max(...points.map(({ x }) => x));
  const top = Math.min(...points.map(({ y }) => y));
  const bottom = Math.max(...points.map(({ y }) => y));
  const width = right - left;
  const height = bottom - top;
  const tall = BITMAP_EDGE - 2 * radius;
  const wide = LARGEST_WIDTH - 2 * radius;
  // A dot has no extent, and a level dash no height: neither is scaled beyond the width.
  let down = height > 0 ? tall / height : Number.POSITIVE_INFINITY;
  let across = width > 0 ? wide / width : Number.POSITIVE_INFINITY;
  across = Math.min(across, down * MOST_WIDENING);
  down = Math.min(down, across * (BITMAP_EDGE / FIELD_EDGE));
  const scale = (factor: number) => (Number.isFinite(factor) ? factor : 0);
  return strokes.map((stroke) =>
    stroke.map(({ x, y }) => ({
      x: BITMAP_EDGE / 2 + (x - (left + right) / 2) * scale(across),
      y: BITMAP_EDGE / 2 + (y - (top + bottom) / 2) * scale(down),
    })),
  );
}

/** Sets every point whose centre lies within the radius of a stroke. */
function render(strokes: readonly Stroke[], radius: number): Bitmap {
  const bitmap = new Uint8Array(BITMAP_EDGE * BITMAP_EDGE);
  for (const stroke of strokes) {
    stroke.forEach((to, i) => setNear(bitmap, stroke[i - 1] ?? to, to, radius));
  }
  return bitmap;
}

function setNear(bitmap: Bitmap, a: Point, b: Point, radius: number): void {
  const clamp = (value: number) => Math.max(0, Math.min(BITMAP_EDGE - 1, Math.floor(value)));
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const square = dx * dx + dy * dy;
  for (let y = clamp(Math.min(a.y, b.y) - radius); y <= clamp(Math.max(a.y, b.y) + radius); y++) {
    for (let x = clamp(Math.min(a.x, b.x) - radius); x <= clamp(Math.max(a.x, b.x) + radius); x++) {
      const px = x + 0.5 - a.x;
      const py = y + 0.5 - a.y;
      const along = square > 0 ? Math.max(0, Math.min(1, (px * dx + py * dy) / square)) : 0;
      if ((px - along * dx) ** 2 + (py - along * dy) ** 2 <= radius * radius) bitmap[y * BITMAP_EDGE + x] = 1;
    }
  }
}
