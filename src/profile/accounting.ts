// Accounting: where the wall-clock time of a series of submits went, every moment counted once.

/** A stretch of time, in µs on the CPU's clock. */
export interface Interval {
  readonly beginUs: number;
  readonly endUs: number;
}

/** What is known of one submit, all on the CPU's clock. */
export interface SubmitTimes {
  /** JavaScript that records commands. */
  readonly encode: Interval;
  /** The call of `queue.submit`. */
  readonly submit: Interval;
  /** The passes that were stamped, in their order. */
  readonly passes: readonly Interval[];
  /** From when the host waits for the results until it has them. */
  readonly readBack: Interval;
}

/** Wall-clock time in parts that add up to it, in µs. */
export interface Accounting {
  readonly wallUs: number;
  /** A pass runs. */
  readonly busyUs: number;
  /** None runs, but one of the same submit did and another will. */
  readonly gapUs: number;
  /** Without any of these: the host records commands. */
  readonly encodeUs: number;
  /** The host is inside `queue.submit`. */
  readonly submitUs: number;
  /** The host waits for results, and the GPU has nothing of ours: launch, transfer, the browser's own work. */
  readonly readBackUs: number;
  /** Nothing of this. */
  readonly remainderUs: number;
  /** Part of the encoding and submitting that took place while the GPU was at work, and so cost nothing; contained in `busyUs` and `gapUs`. */
  readonly hiddenUs: number;
}

/** Parts from the one that is counted first at any moment to the last. */
const PARTS = ['busyUs', 'gapUs', 'encodeUs', 'submitUs', 'readBackUs'] as const;

type Part = (typeof PARTS)[number];

/**
 * Divides a stretch of wall-clock time among what the GPU and the host did in it.
 *
 * With two submits in flight, several things happen at once. Each moment goes to the first of: GPU busy, gap between its passes, encoding,
 * submitting, waiting for results; what is left is the remainder. So the parts are disjoint and add up exactly.
 *
 * @param wall from before the first encoding to after the last read-back; what lies outside is cut off
 */
export function account(wall: Interval, submits: readonly SubmitTimes[]): Accounting {
  const lists: Record<Part, Interval[]> = {
    busyUs: submits.flatMap(({ passes }) => passes),
    gapUs: submits.flatMap(({ passes }) =>
      passes.length === 0
        ? []
        : [
            {
              beginUs: Math.min(...passes.map(({ beginUs }) => beginUs)),
              endUs: Math.max(...passes.map(({ endUs }) => endUs)),
            },
          ],
    ),
    encodeUs: submits.map(({ encode }) => encode),
    submitUs: submits.map(({ submit }) => submit),
    readBackUs: submits.map(({ readBack }) => readBack),
  };
  const totals: Record<Part, number> = { busyUs: 0, gapUs: 0, encodeUs: 0, submitUs: 0, readBackUs: 0 };
  let [remainderUs, hiddenUs] = [0, 0];
  sweep(wall, lists, (length, active) => {
    const first = PARTS.find((part) => active[part] > 0);
    if (first) {
      totals[first] += length;
    } else {
      remainderUs += length;
    }
    if ((first === 'busyUs' || first === 'gapUs') && (active.encodeUs > 0 || active.submitUs > 0)) {
      hiddenUs += length;
    }
  });
  return { wallUs: wall.endUs - wall.beginUs, ...totals, remainderUs, hiddenUs };
}

/** Walks along the line of time, and tells for each piece between two ends how many intervals of each list cover it. */
function sweep(
  wall: Interval,
  lists: Readonly<Record<Part, readonly Interval[]>>,
  visit: (length: number, active: Readonly<Record<Part, number>>) => void,
): void {
  const clip = (us: number) => Math.min(Math.max(us, wall.beginUs), wall.endUs);
  const events: { readonly at: number; readonly part: Part; readonly change: 1 | -1 }[] = [];
  for (const part of PARTS) {
    for (const { beginUs, endUs } of lists[part]) {
      if (clip(endUs) > clip(beginUs)) {
        events.push({ at: clip(beginUs), part, change: 1 }, { at: clip(endUs), part, change: -1 });
      }
    }
  }
  events.sort((a, b) => a.at - b.at);
  const active: Record<Part, number> = { busyUs: 0, gapUs: 0, encodeUs: 0, submitUs: 0, readBackUs: 0 };
  let at = wall.beginUs;
  for (const event of events) {
    if (event.at > at) {
      visit(event.at - at, active);
      at = event.at;
    }
    active[event.part] += event.change;
  }
  if (wall.endUs > at) {
    visit(wall.endUs - at, active);
  }
}
