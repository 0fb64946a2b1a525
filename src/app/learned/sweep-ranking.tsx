// The ranking of a sweep as a table: the best configurations first.

import { formatPercent } from '../../base/units';
import { widthsText } from '../../train/grid';
import type { SweepState } from './findings';
import { formatSetting } from './numbers';
import { cellState, type SweepRow } from './sweep-cells';

/** Configurations in the table. */
const MOST_RANKED = 50;

/** By mean validation accuracy; those without any come last. */
export function SweepRanking({ sweep, rows }: { readonly sweep: SweepState; readonly rows: readonly SweepRow[] }) {
  const { seeds } = sweep.plan.grid;
  const ranked = rows
    .flatMap(({ cells }) => cells)
    .map((cell) => ({ cell, state: cellState(sweep.swept, cell, seeds.length) }))
    .filter(({ state }) => state.done > 0)
    .toSorted((a, b) => (b.state.valid || 0) - (a.state.valid || 0))
    .slice(0, MOST_RANKED);
  if (ranked.length === 0) return null;
  return (
    <details class="numbers">
      <summary>The ranking as a table</summary>
      <div class="scroll" role="region" aria-label="Ranking" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">λ</th>
              <th scope="col">layers</th>
              <th scope="col">learning rate</th>
              <th scope="col">momentum</th>
              <th scope="col">validation</th>
              <th scope="col">deviation</th>
              <th scope="col">test</th>
              <th scope="col">diverged</th>
            </tr>
          </thead>
          <tbody>
            {ranked.map(({ cell, state }) => (
              <tr key={cell.first}>
                <th scope="row">{formatSetting(cell.l2)}</th>
                <td>{widthsText(cell.layers)}</td>
                <td>{cell.lr}</td>
                <td>{cell.momentum}</td>
                <td>{formatPercent(state.valid)}</td>
                <td>{formatPercent(state.deviation)}</td>
                <td>{formatPercent(state.test)}</td>
                <td>{state.diverged}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
