// The ranking of a sweep as a table: the best configurations first.

import { formatPercent } from '../../base/units';
import { widthsText } from '../../train/grid';
import { NumbersTable } from '../numbers-table';
import { formatSetting } from './numbers';
import { cellState, inOrder, type SweepRow } from './sweep-cells';
import type { SweepState } from './sweep-state';

/** Configurations in the table. */
const MOST_RANKED = 50;

/** In the order of `rank`: by mean validation accuracy, in which a diverged seed counts as 0, then by loss. */
export function SweepRanking({ sweep, rows }: { readonly sweep: SweepState; readonly rows: readonly SweepRow[] }) {
  const { seeds } = sweep.plan.grid;
  const ranked = rows
    .flatMap(({ cells }) => cells)
    .map((cell) => ({ cell, state: cellState(sweep.swept, cell, seeds.length) }))
    .filter(({ state }) => state.done > 0)
    .toSorted((a, b) => inOrder(a.state, b.state))
    .slice(0, MOST_RANKED);
  if (ranked.length === 0) return null;
  const isPenalised = seeds.length > 1 && ranked.some(({ state }) => state.diverged > 0);
  return (
    <>
      <NumbersTable
        summary="The ranking as a table"
        label="Ranking"
        columns={['place', 'λ', 'layers', 'learning rate', 'momentum', 'validation', 'deviation', 'test', 'diverged']}
        rows={() =>
          ranked.map(({ cell, state }, i) => [
            i + 1,
            formatSetting(cell.l2),
            widthsText(cell.layers),
            cell.lr,
            cell.momentum,
            formatPercent(state.valid),
            formatPercent(state.deviation),
            formatPercent(state.test),
            state.diverged,
          ])
        }
      />
      {isPenalised && (
        <p class="note">
          Accuracies are means over the seeds that did not diverge; in the order of the ranking a diverged seed counts
          as 0%.
        </p>
      )}
    </>
  );
}
