// A line through points, by least squares.

export interface Line {
  readonly slope: number;
  readonly intercept: number;
  /** Mean squared distance of the points from the line, along y. */
  readonly variance: number;
}

/** The line with the least squared distances; level where all x are equal. At least one point. */
export function fitLine(xs: readonly number[], ys: readonly number[]): Line {
  const count = xs.length;
  const middleX = xs.reduce((sum, x) => sum + x, 0) / count;
  const middleY = ys.reduce((sum, y) => sum + y, 0) / count;
  let [xx, xy] = [0, 0];
  for (let i = 0; i < count; i++) {
    xx += (xs[i]! - middleX) ** 2;
    xy += (xs[i]! - middleX) * (ys[i]! - middleY);
  }
  const slope = xx === 0 ? 0 : xy / xx;
  const intercept = middleY - slope * middleX;
  let squares = 0;
  for (let i = 0; i < count; i++) {
    squares += (ys[i]! - intercept - slope * xs[i]!) ** 2;
  }
  return { slope, intercept, variance: squares / count };
}
