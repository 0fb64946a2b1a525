// A sweep's grid as rows and columns: λ across, everything else that varies down, seeds together in a cell.

import { mean, standardDeviation } from '../../base/statistics';
import { type Grid, widthsText } from '../../train/grid';
import type { SweptNetwork } from './messages';

/** The networks that differ in their seed only. */
export interface SweepCell {
  readonly layers: readonly number[];
  readonly lr: number;
  readonly momentum: number;
  readonly l2: number;
  /** Place in the grid of the network with the first seed; the others follow. */
  readonly first: number;
}

/** A row of cells and what they share. */
export interface SweepRow {
  /** Says what tells the row from the others; empty for a single one. */
  readonly name: string;
  readonly cells: readonly SweepCell[];
}

/** Networks by their place in the grid. */
export type SweptNetworks = ReadonlyMap<number, SweptNetwork>;

/** How far a cell's networks have come; the accuracies are of those that are done and those in training. */
export interface CellState {
  /** Networks in training that have been evaluated. */
  readonly training: number;
  readonly done: number;
  readonly diverged: number;
  /** Over the seeds that did not diverge; NaN for none. */
  readonly valid: number;
  /** Validation accuracy over all of them, 0 for each that diverged: what the ranking goes by. */
  readonly expected: number;
  /** Validation loss over the seeds that did not diverge; NaN for none. */
  readonly loss: number;
  /** NaN for fewer than two. */
  readonly deviation: number;
  readonly test: number;
  /** The place in the grid of the seed with the best validation accuracy. */
  readonly best: number | undefined;
}

/** The rows of a grid, in the order of its networks. */
export function sweepRows({ layers, lr, momentum, l2, seeds }: Grid): SweepRow[] {
  const rows: SweepRow[] = [];
  let place = 0;
  for (const widths of layers) {
    for (const rate of lr) {
      for (const share of momentum) {
        const name = [
          ...(layers.length > 1 ? [widthsText(widths)] : []),
          ...(lr.length > 1 ? [`α ${rate}`] : []),
          ...(momentum.length > 1 ? [`μ ${share}`] : []),
        ].join(', ');
        const cells = l2.map((penalty): SweepCell => {
          const cell = { layers: widths, lr: rate, momentum: share, l2: penalty, first: place };
          place += seeds.length;
          return cell;
        });
        rows.push({ name, cells });
      }
    }
  }
  return rows;
}

/** The order of the ranking, as `rank` has it: best first, by `expected`, then by loss; without any accuracy last. */
export function inOrder(a: CellState, b: CellState): number {
  if (Number.isNaN(a.valid) || Number.isNaN(b.valid)) {
    return Number(Number.isNaN(a.valid)) - Number(Number.isNaN(b.valid));
  }
  return b.expected - a.expected || a.loss - b.loss;
}

/** What is known of a cell whose networks have `seeds` seeds, from those that are done and, where given, those in training. */
export function cellState(
  swept: SweptNetworks,
  { first }: SweepCell,
  seeds: number,
  current: SweptNetworks = new Map(),
): CellState {
  const at = (networks: SweptNetworks) =>
    Array.from({ length: seeds }, (_, i) => networks.get(first + i)).filter((each) => each !== undefined);
  const done = at(swept);
  const training = at(current).filter(({ index }) => !swept.has(index));
  const found = [...done, ...training];
  const good = found.flatMap(({ index, evaluation }) => (evaluation ? [{ index, ...evaluation }] : []));
  const valid = good.map((each) => each.valid.accuracy);
  const best = good.find((each) => each.valid.accuracy === Math.max(...valid));
  return {
    training: training.length,
    done: done.length,
    diverged: found.length - good.length,
    valid: valid.length > 0 ? mean(valid) : Number.NaN,
    expected: found.length > 0 ? mean(found.map(({ evaluation }) => evaluation?.valid.accuracy ?? 0)) : 0,
    loss: good.length > 0 ? mean(good.map((each) => each.valid.loss)) : Number.NaN,
    deviation: valid.length > 1 ? standardDeviation(valid) : Number.NaN,
    test: good.length > 0 ? mean(good.map((each) => each.test.accuracy)) : Number.NaN,
    best: best?.index,
  };
}
