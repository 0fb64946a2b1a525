// Focus in a grid of cells: one of them can be reached by Tab, and the arrow keys lead to the others.

import { useSignal } from '@preact/signals';

/** What a grid and its cells need to be operable by keyboard. */
export interface GridFocus {
  /** For the grid. */
  readonly onKeyDown: (event: KeyboardEvent) => void;
  /** For the cell, or the button in it, at a place. */
  readonly cell: (row: number, column: number) => CellFocus;
}

interface CellFocus {
  readonly tabIndex: 0 | -1;
  readonly 'data-place': string;
  readonly onFocus: () => void;
}

/** The pattern of WAI-ARIA for grids: arrows, Home and End in a row, with Control in the whole grid. */
export function useGridFocus(rows: number, columns: number): GridFocus {
  const place = useSignal({ row: 0, column: 0 });
  const clamp = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));
  const row = clamp(place.value.row, rows);
  const column = clamp(place.value.column, columns);
  return {
    onKeyDown: (event) => {
      const next = target(event, row, column, rows, columns);
      if (!next || !(event.currentTarget instanceof Element)) return;
      event.preventDefault();
      const name = placeName(clamp(next[0], rows), clamp(next[1], columns));
      event.currentTarget.querySelector<HTMLElement>(`[data-place="${name}"]`)?.focus();
    },
    cell: (cellRow, cellColumn) => ({
      tabIndex: cellRow === row && cellColumn === column ? 0 : -1,
      'data-place': placeName(cellRow, cellColumn),
      onFocus: () => {
        place.value = { row: cellRow, column: cellColumn };
      },
    }),
  };
}

function placeName(row: number, column: number): string {
  return `${row} ${column}`;
}

/** Row and column that a key leads to; undefined for keys that lead nowhere. */
function target(
  { key, ctrlKey }: KeyboardEvent,
  row: number,
  column: number,
  rows: number,
  columns: number,
): readonly [number, number] | undefined {
  switch (key) {
    case 'ArrowUp':
      return [row - 1, column];
    case 'ArrowDown':
      return [row + 1, column];
    case 'ArrowLeft':
      return [row, column - 1];
    case 'ArrowRight':
      return [row, column + 1];
    case 'Home':
      return [ctrlKey ? 0 : row, 0];
    case 'End':
      return [ctrlKey ? rows - 1 : row, columns - 1];
    default:
      return undefined;
  }
}
