// The numbers behind a picture, as a table that opens below it.

import { useSignal } from '@preact/signals';

export interface NumbersTableProps {
  /** What one opens: `The curves as a table`. */
  readonly summary: string;
  /** Names the region that scrolls. */
  readonly label: string;
  readonly columns: readonly string[];
  /** Cells of each row, the first of which names it, no two alike; asked for only while the table is open. */
  readonly rows: () => readonly (readonly [name: string | number, ...cells: (string | number)[]])[];
}

/** Closed at first, and filled only while it is open. */
export function NumbersTable({ summary, label, columns, rows }: NumbersTableProps) {
  const open = useSignal(false);
  return (
    <details
      class="numbers"
      onToggle={(event) => {
        open.value = event.currentTarget.open;
      }}
    >
      <summary>{summary}</summary>
      <div class="scroll" role="region" aria-label={label} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {columns.map((column, i) => (
                <th key={i} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {(open.value ? rows() : []).map(([name, ...cells]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {cells.map((cell, i) => (
                  <td key={i}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
