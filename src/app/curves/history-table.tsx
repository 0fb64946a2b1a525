// The numbers behind the curves, as a table.

import { useSignal } from '@preact/signals';
import { formatPercent } from '../../base/units';
import type { HistoryEntry } from '../../index';
import { SPLITS } from '../splits';
import { formatLoss } from './measures';

/** Rows that the table has at most, besides the first and the last. */
const MOST_ROWS = 20;

/** Filled only while it is open. */
export function HistoryTable({ history }: { readonly history: readonly HistoryEntry[] }) {
  const open = useSignal(false);
  const every = Math.ceil(history.length / MOST_ROWS);
  const rows = open.value ? history.filter((_, i) => i % every === 0 || i === history.length - 1) : [];
  return (
    <details
      class="numbers"
      onToggle={(event) => {
        open.value = event.currentTarget.open;
      }}
    >
      <summary>The curves as a table</summary>
      <div class="scroll" role="region" aria-label="Loss and accuracy by epoch" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">epoch</th>
              {SPLITS.map(({ key, name }) => (
                <th key={key} scope="col">
                  {name} loss
                </th>
              ))}
              {SPLITS.map(({ key, name }) => (
                <th key={key} scope="col">
                  {name} accuracy
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((entry) => (
              <tr key={entry.epoch}>
                <th scope="row">{entry.epoch}</th>
                {SPLITS.map(({ key }) => (
                  <td key={key}>{formatLoss(entry[key].loss)}</td>
                ))}
                {SPLITS.map(({ key }) => (
                  <td key={key}>{formatPercent(entry[key].accuracy)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
