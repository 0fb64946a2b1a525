// The numbers behind the curves, as a table.

import { formatPercent } from '../../base/units';
import type { HistoryEntry } from '../../index';
import { NumbersTable } from '../numbers-table';
import { SPLITS } from '../splits';
import { formatLoss } from './measures';

/** Rows that the table has at most, besides the first and the last. */
const MOST_ROWS = 20;

export function HistoryTable({ history }: { readonly history: readonly HistoryEntry[] }) {
  const every = Math.ceil(history.length / MOST_ROWS);
  return (
    <NumbersTable
      summary="The curves as a table"
      label="Loss and accuracy by epoch"
      columns={['epoch', ...SPLITS.map(({ name }) => `${name} loss`), ...SPLITS.map(({ name }) => `${name} accuracy`)]}
      rows={() =>
        history
          .filter((_, i) => i % every === 0 || i === history.length - 1)
          .map((entry) => [
            entry.epoch,
            ...SPLITS.map(({ key }) => formatLoss(entry[key].loss)),
            ...SPLITS.map(({ key }) => formatPercent(entry[key].accuracy)),
          ])
      }
    />
  );
}
