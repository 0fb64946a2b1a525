// The heat map of a sweep: a cell for each configuration, filled while its networks train.

import { useMemo } from 'preact/hooks';
import type { Grid } from '../../train/grid';
import { useGridFocus } from './grid-focus';
import { formatSetting } from './numbers';
import { type CellState, cellState, type SweepCell, type SweepRow, type SweptNetworks } from './sweep-cells';

interface HeatMapProps {
  readonly grid: Grid;
  readonly rows: readonly SweepRow[];
  readonly swept: SweptNetworks;
  /** Networks in training, as last evaluated. */
  readonly current: SweptNetworks;
  /** Told the cell that the pointer or the focus is on. */
  readonly onPoint: (cell: SweepCell) => void;
  /** Told the cell that is pressed. */
  readonly onChoose: (cell: SweepCell) => void;
}

/** Errors below this share have the full colour, so that none at all is no infinity. */
const LEAST_ERROR = 1e-3;

/** Validation accuracies in percent; the fuller the colour, the better among those that are known. */
export function HeatMap({ grid, rows, swept, current, onPoint, onChoose }: HeatMapProps) {
  const columns = grid.l2.length;
  const focus = useGridFocus(rows.length, columns);
  const states = useMemo(
    () => rows.map(({ cells }) => cells.map((cell) => cellState(swept, cell, grid.seeds.length, current))),
    [rows, swept, current, grid],
  );
  const known = states.flat().flatMap(({ valid }) => (Number.isNaN(valid) ? [] : [valid]));
  const least = Math.min(...known);
  const largest = Math.max(...known);
  // By the logarithm of the error: from 95% to 97% is a long way, from 50% to 52% a short one.
  const height = (accuracy: number) => -Math.log(Math.max(LEAST_ERROR, 1 - accuracy));
  const range = height(largest) - height(least) || 1;
  const share = (accuracy: number) => (Number.isNaN(accuracy) ? 0 : (height(accuracy) - height(least)) / range);
  return (
    <div class="scroll-across" role="region" aria-label="Heat map, which may scroll sideways" tabIndex={0}>
      <table class="heat-map" role="grid" aria-label="Validation accuracy by configuration" onKeyDown={focus.onKeyDown}>
        <thead>
          <tr>
            <th scope="col">λ</th>
            {grid.l2.map((penalty) => (
              <th key={penalty} scope="col">
                {formatSetting(penalty)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, cells }, i) => (
            <tr key={name}>
              <th scope="row">{name || <span class="unseen">the network</span>}</th>
              {cells.map((cell, j) => {
                const state = states[i]![j]!;
                const place = focus.cell(i, j);
                return (
                  <td key={cell.first} role="gridcell">
                    <button
                      type="button"
                      class={classOf(state, grid.seeds.length)}
                      style={{ '--share': share(state.valid) }}
                      aria-label={`${nameOf(cell, name)}: ${inWords(state, grid.seeds.length)}`}
                      {...place}
                      onFocus={() => {
                        place.onFocus();
                        onPoint(cell);
                      }}
                      onPointerEnter={() => onPoint(cell)}
                      onClick={() => onChoose(cell)}
                    >
                      {textOf(state)}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {known.length > 1 && (
        <p class="scale-legend">
          <span>{(100 * least).toFixed(1)}%</span>
          <span class="shares" />
          <span>{(100 * largest).toFixed(1)}%</span>
          <span>by the error, on a logarithmic scale</span>
        </p>
      )}
    </div>
  );
}

function nameOf({ l2 }: SweepCell, row: string): string {
  return `λ ${formatSetting(l2)}${row && `, ${row}`}`;
}

/** What is known of a cell, in a few words. */
export function inWords(state: CellState, seeds: number): string {
  const { training, done, diverged, valid, deviation, test } = state;
  if (done + training === 0) return 'not trained yet';
  const lost = diverged > 0 ? `, ${diverged} of ${seeds} diverged` : '';
  if (Number.isNaN(valid)) return `diverged${seeds > 1 ? ' with every seed' : ''}`;
  const spread = Number.isNaN(deviation) ? '' : ` ± ${(100 * deviation).toFixed(1)}`;
  const waiting = training > 0 ? ', in training' : done < seeds ? `, ${seeds - done} of ${seeds} seeds to come` : '';
  return `validation ${(100 * valid).toFixed(1)}%${spread}, test ${(100 * test).toFixed(1)}%${lost}${waiting}`;
}

function textOf({ training, done, diverged, valid }: CellState): string {
  if (done + training === 0) return '·';
  if (Number.isNaN(valid)) return '✕';
  return `${(100 * valid).toFixed(1)}${diverged > 0 ? '✕' : ''}`;
}

function classOf({ done, diverged }: CellState, seeds: number): string {
  return ['map-cell', done < seeds ? 'waiting-cell' : '', diverged > 0 ? 'diverged' : ''].filter(Boolean).join(' ');
}
