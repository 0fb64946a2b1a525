// Bars: a recording as rows of a flame chart, either one step on average or submits as they ran.

import { rangeOf } from '../../profile/estimate';
import type { Recording, TimelineSubmit } from '../../profile/recording';
import type { Phase } from '../../program/program';

/** A stretch of time with a name. */
export interface Bar {
  /** Unlike any other's of the chart, and the same from one recording to the next. */
  readonly key: string;
  readonly row: number;
  readonly beginUs: number;
  readonly endUs: number;
  readonly name: string;
  /** What its colour tells; `host` for JavaScript. */
  readonly kind: Phase | 'host' | 'whole';
  /** Index of its operation in the recording. */
  readonly operation?: number;
  /** The operations that it holds, from the first to before the end, where it holds some on average. */
  readonly of?: readonly [first: number, end: number];
}

/** Rows of bars over one axis of time; the bars of a row stand in their order and do not overlap. */
export interface FlameChart {
  readonly rows: readonly { readonly name: string; readonly bars: readonly Bar[] }[];
  readonly beginUs: number;
  readonly endUs: number;
}

/** One step: its operations end to end, each as long as its mean, under their phases. */
export function stepChart({ operations }: Recording): FlameChart {
  const bars: Bar[] = [];
  const phases: Bar[] = [];
  let at = 0;
  for (const [i, { label, phase, estimate }] of operations.entries()) {
    const endUs = at + (rangeOf(estimate)?.value ?? 0);
    bars.push({ key: `operation ${i}`, row: 2, beginUs: at, endUs, name: label, kind: phase, operation: i });
    const last = phases.at(-1);
    if (last?.name === phase) {
      phases[phases.length - 1] = { ...last, endUs, of: [last.of![0], i + 1] };
    } else {
      phases.push({
        key: `phase ${phases.length}`,
        row: 1,
        beginUs: at,
        endUs,
        name: phase,
        kind: phase,
        of: [i, i + 1],
      });
    }
    at = endUs;
  }
  const of = [0, operations.length] as const;
  const whole: Bar = { key: 'step', row: 0, beginUs: 0, endUs: at, name: 'one step', kind: 'whole', of };
  return {
    rows: [
      { name: 'step', bars: [whole] },
      { name: 'phase', bars: phases },
      { name: 'operation', bars },
    ],
    beginUs: 0,
    endUs: at,
  };
}

/** Submits as they ran: JavaScript's encoding and submitting above what the GPU did, as far as it was stamped; as the exported trace has them. */
export function runChart({ timeline, operations }: Recording): FlameChart {
  const name = (i: number) => `submit ${i + 1} of ${timeline.length}`;
  const row = (index: number, barsOf: (submit: TimelineSubmit, i: number) => readonly Omit<Bar, 'row' | 'key'>[]) =>
    timeline.flatMap((submit, i) =>
      barsOf(submit, i).map((bar, k): Bar => ({ ...bar, row: index, key: `${index} ${i} ${k}` })),
    );
  const host = [
    { name: 'encode', bars: row(0, ({ encode }, i) => [{ ...encode, name: `encode ${name(i)}`, kind: 'host' }]) },
    { name: 'submit', bars: row(1, ({ submit }, i) => [{ ...submit, name: `queue.submit ${name(i)}`, kind: 'host' }]) },
  ];
  const gpu = [
    {
      name: 'GPU',
      bars: row(2, ({ passes, steps }, i) => {
        const [first] = passes;
        if (!first) return [];
        const endUs = Math.max(...passes.map((pass) => pass.endUs));
        const text = `${name(i)}, ${steps} ${steps === 1 ? 'step' : 'steps'}`;
        return [{ beginUs: first.beginUs, endUs, name: text, kind: 'whole' }];
      }),
    },
    {
      name: 'passes',
      bars: row(3, ({ passes }) =>
        passes.map(({ beginUs, endUs, name: pass, operation }) => ({
          beginUs,
          endUs,
          name: pass,
          kind: operation === null ? (pass === 'evaluation' ? 'evaluation' : 'whole') : operations[operation]!.phase,
          ...(operation === null ? {} : { operation }),
        })),
      ),
    },
  ];
  // Without timestamps nothing is known of it.
  const rows = timeline.some(({ passes }) => passes.length > 0) ? [...host, ...gpu] : host;
  const bars = rows.flatMap((each) => each.bars);
  return {
    rows,
    beginUs: bars.reduce((least, { beginUs }) => Math.min(least, beginUs), Number.POSITIVE_INFINITY),
    endUs: bars.reduce((most, { endUs }) => Math.max(most, endUs), Number.NEGATIVE_INFINITY),
  };
}

/** The bar with a key. */
export function barOf({ rows }: FlameChart, key: string | undefined): Bar | undefined {
  for (const { bars } of rows) {
    const found = bars.find((bar) => bar.key === key);
    if (found) return found;
  }
  return undefined;
}

/** The bar of a row at a moment, or else the nearest that is not farther away than the tolerance. */
export function barAt({ rows }: FlameChart, row: number, us: number, toleranceUs: number): Bar | undefined {
  const away = ({ beginUs, endUs }: Bar) => Math.max(beginUs - us, us - endUs, 0);
  return rows[row]?.bars.reduce<Bar | undefined>(
    (nearest, bar) => (away(bar) <= toleranceUs && (!nearest || away(bar) < away(nearest)) ? bar : nearest),
    undefined,
  );
}

/** Where an arrow key leads. */
export type Direction = 'left' | 'right' | 'up' | 'down' | 'first' | 'last';

/** The bar that lies there from a bar: its neighbour in the row, or in the next row that has bars the one nearest to its middle. */
export function neighbourOf({ rows }: FlameChart, bar: Bar, direction: Direction): Bar {
  const { bars } = rows[bar.row]!;
  const place = bars.findIndex(({ key }) => key === bar.key);
  switch (direction) {
    case 'left':
      return bars[place - 1] ?? bar;
    case 'right':
      return bars[place + 1] ?? bar;
    case 'first':
      return bars[0] ?? bar;
    case 'last':
      return bars.at(-1) ?? bar;
    default: {
      const beyond = direction === 'up' ? rows.slice(0, bar.row).toReversed() : rows.slice(bar.row + 1);
      const next = beyond.find((row) => row.bars.length > 0)?.bars;
      if (!next) return bar;
      const middle = (bar.beginUs + bar.endUs) / 2;
      const away = ({ beginUs, endUs }: Bar) => Math.max(beginUs - middle, middle - endUs, 0);
      return next.reduce((nearest, other) => (away(other) < away(nearest) ? other : nearest));
    }
  }
}
