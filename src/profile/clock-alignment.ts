// Clock alignment: GPU stamps on the CPU's time line, by measured offset and drift.

/** A submit's moments on both clocks. */
export interface ClockPair {
  /** Just before `queue.submit`, in µs on the CPU's clock. */
  readonly submittedUs: number;
  /** First begin and last end of its passes, in ns on the GPU's clock. */
  readonly beginNs: bigint;
  readonly endNs: bigint;
  /** When the host learned that it was done, in µs on the CPU's clock. */
  readonly doneUs: number;
}

/** The relation of two clocks: cpu = origin + (gpu - gpuOrigin) / 1000 · rate, in µs and ns. */
export interface ClockAlignment {
  readonly gpuOriginNs: bigint;
  readonly cpuOriginUs: number;
  /** CPU time that passes while the GPU's clock counts the same; 1 without drift. */
  readonly rate: number;
  /** The offset may be wrong by as much either way, in µs: half of the room that causality leaves. */
  readonly uncertaintyUs: number;
}

/**
 * Aligns the clocks from the submits of a recording.
 *
 * Nothing begins before it was submitted, and nobody learns of an end before it: so for each submit the offset CPU - GPU lies above
 * submitted - begin and below done - end. The queue's delays only ever widen this room, so its edges are the envelopes of the points: lines
 * that no point crosses. Both share the drift, which is the slope that leaves the room between them widest; the offset is its middle.
 *
 * @param quantumNs of the GPU's clock, which rounds down: a begin may be later than its stamp by as much
 * @returns undefined without submits
 */
export function alignClocks(pairs: readonly ClockPair[], quantumNs = 1): ClockAlignment | undefined {
  const first = pairs[0];
  if (!first) {
    return undefined;
  }
  const gpuUs = (ns: bigint) => Number(ns - first.beginNs) / 1000;
  const origin = first.submittedUs;
  const latest = quantumNs / 1000;
  const lower = upperHull(
    pairs.map(({ submittedUs, beginNs }) => {
      const begin = gpuUs(beginNs);
      return [begin, submittedUs - origin - begin - latest];
    }),
  );
  const upper = upperHull(pairs.map(({ doneUs, endNs }) => [gpuUs(endNs), -(doneUs - origin - gpuUs(endNs))])).map(
    ([x, y]): Point => [x, -y],
  );
  const room = (drift: number) => {
    const least = Math.max(...lower.map(([x, y]) => y - drift * x));
    const most = Math.min(...upper.map(([x, y]) => y - drift * x));
    return { least, most, width: most - least };
  };
  const drift = pairs.length < FEWEST_FOR_DRIFT ? 0 : widest((slope) => room(slope).width);
  const { least, most } = room(drift);
  return {
    gpuOriginNs: first.beginNs,
    cpuOriginUs: origin + (least + most) / 2,
    rate: 1 + drift,
    uncertaintyUs: Math.abs(most - least) / 2,
  };
}

/** A GPU stamp on the CPU's clock, in µs. */
export function toCpuUs({ gpuOriginNs, cpuOriginUs, rate }: ClockAlignment, stampNs: bigint): number {
  return cpuOriginUs + (Number(stampNs - gpuOriginNs) / 1000) * rate;
}

/** Fewer submits do not tell drift from a delay. */
const FEWEST_FOR_DRIFT = 8;

/** The largest drift believed: crystals err by less than 100 ppm, and clocks that are steered by some more. */
const LARGEST_DRIFT = 1e-3;

type Point = readonly [x: number, y: number];

/** The corners of the points' convex hull seen from above: all that can touch a line over them. */
function upperHull(points: readonly Point[]): Point[] {
  const hull: Point[] = [];
  for (const point of points.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])) {
    while (hull.length >= 2) {
      const [x1, y1] = hull.at(-2)!;
      const [x2, y2] = hull.at(-1)!;
      if ((x2 - x1) * (point[1] - y1) - (y2 - y1) * (point[0] - x1) < 0) break;
      hull.pop();
    }
    hull.push(point);
  }
  return hull;
}

/** Where a concave function is largest between ± LARGEST_DRIFT: by thirds. */
function widest(width: (drift: number) => number): number {
  let [low, high] = [-LARGEST_DRIFT, LARGEST_DRIFT];
  for (let i = 0; i < 100; i++) {
    const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
    if (width(a) < width(b)) {
      low = a;
    } else {
      high = b;
    }
  }
  return (low + high) / 2;
}
