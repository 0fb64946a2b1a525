// Scales: ends of a vertical axis that change seldom, and where its marks stand.

/** Steps between marks that people read at a glance, within a power of ten. */
const ROUND = [1, 2, 2.5, 5, 10];
/** Marks a decade of a logarithmic axis can have. */
const LOG_ROUND = [1, 2, 5];

/** The least round step that divides `length` into at most `most` parts. */
export function roundStep(length: number, most: number): number {
  const raw = length / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  // A hair less, so that 0.2 / 2 asks for 0.1 and not for the step after it.
  return power * ROUND.find((step) => step * power >= raw * (1 - 1e-9))!;
}

/**
 * The ends of a linear axis around the values, on round numbers, so that a curve that creeps on does not move the axis
 * at every point.
 *
 * @param limits ends that the axis never passes
 */
export function linearRange(smallest: number, largest: number, limits: readonly [number, number]): [number, number] {
  if (!Number.isFinite(smallest) || !Number.isFinite(largest)) {
    return [Math.max(0, limits[0]), Math.min(1, limits[1])];
  }
  const length = Math.max(largest - smallest, 1e-3 * Math.max(Math.abs(largest), 1e-3));
  const step = roundStep(length, 5);
  const low = Math.floor(smallest / step + 1e-9) * step;
  const high = Math.ceil(largest / step - 1e-9) * step;
  const ends: [number, number] = [Math.max(limits[0], low), Math.min(limits[1], high)];
  return ends[0] < ends[1] ? ends : [Math.max(limits[0], low - step), Math.min(limits[1], high + step)];
}

/** The ends of a logarithmic axis: 1, 2 or 5 in any power of ten around the values; round steps within a decade. */
export function logRange(smallest: number, largest: number): [number, number] {
  if (!(smallest > 0) || !Number.isFinite(largest)) {
    return [0.1, 1];
  }
  const linear = linearRange(smallest, largest, [0, Number.MAX_VALUE]);
  if (largest < 10 * smallest && linear[0] > 0) {
    return linear;
  }
  const low = lowerMark(smallest);
  const high = upperMark(largest);
  return low < high ? [low, high] : [low, low * 2];
}

/** Marks of a logarithmic axis: each power of ten, with 2 and 5 between where there is room; linear within a decade. */
export function logMarks(low: number, high: number): number[] {
  const decades = Math.log10(high / low);
  if (decades < 1) {
    const step = roundStep(high - low, 5);
    const first = Math.ceil(low / step - 1e-9);
    return range(first, Math.floor(high / step + 1e-9)).map((i) => i * step);
  }
  const digits = decades > 3 ? [1] : LOG_ROUND;
  return range(Math.floor(Math.log10(low)), Math.ceil(Math.log10(high)))
    .flatMap((power) => digits.map((digit) => digit * 10 ** power))
    .filter((mark) => mark >= low * (1 - 1e-9) && mark <= high * (1 + 1e-9));
}

function lowerMark(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * LOG_ROUND.findLast((digit) => digit * power <= value * (1 + 1e-9))!;
}

function upperMark(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return power * ([...LOG_ROUND, 10].find((digit) => digit * power >= value * (1 - 1e-9)) ?? 10);
}

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
}
