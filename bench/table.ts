// The report in the terminal.

import Table from 'cli-table3';
import { formatCount } from '../src/base/units';
import type { Results, Row } from './results';
import { FIRST_STEP, type Task, TASKS } from './tasks';

/** Everything that a run has to tell, as text. */
export function report({ date, machine, device, ceilings, rows, notes, quick }: Results): string {
  const lines = [
    '',
    `${date.slice(0, 10)}, ${machine.cpu}, ${machine.cores} cores, ${machine.browser}${quick ? ', quick' : ''}`,
    `Adapter: ${device}`,
  ];
  if (ceilings) {
    lines.push(
      `Ceilings: ${ceilings.gflops.toFixed(1)} GFLOP/s of multiply-adds, ${ceilings.memoryGBs.toFixed(1)} GB/s from memory, ` +
        `${ceilings.cacheGBs.toFixed(1)} GB/s from cache, ${ceilings.dispatchUs.toFixed(1)} µs an empty dispatch`,
    );
  }
  const table = new Table({
    head: ['task', 'peer', 'median', 'p10 to p90', 'n', 'of underglass', 'main thread', 'dispatches'],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const [task, title] of [
    ...TASKS.map(({ name, title: t }): [string, string] => [name, t]),
    [FIRST_STEP, 'cold page'],
  ]) {
    const own = rows.filter((row) => row.task === task);
    const base = own.find(({ peer }) => peer === 'underglass');
    for (const [i, row] of own.entries()) {
      const label = i === 0 ? task! : i === 1 ? title! : '';
      table.push([
        label,
        row.peer,
        milliseconds(row.medianMs),
        range(row),
        row.n,
        ratio(row, base),
        mainThread(row),
        count(row),
      ]);
    }
  }
  if (rows.length > 0) lines.push('', table.toString());
  const rates = productRates(rows, ceilings?.gflops);
  if (rates.length > 0) lines.push('', ...rates);
  if (notes.length > 0) lines.push('', ...notes.map((note) => `Left out: ${note}.`));
  return `${lines.join('\n')}\n`;
}

/** GFLOP/s of this project's products, and their share of the ceiling. */
function productRates(rows: readonly Row[], ceiling: number | undefined): string[] {
  return TASKS.flatMap((task: Task) => {
    const row = rows.find(({ task: name, peer }) => name === task.name && peer === 'underglass');
    if (task.kind !== 'product' || !row) return [];
    const rate = (2 * task.size ** 3) / row.medianMs / 1e6;
    const share = ceiling ? `, ${Math.round((100 * rate) / ceiling)}% of the ceiling` : '';
    return [`${task.name}: ${rate.toFixed(1)} GFLOP/s${share}`];
  });
}

function milliseconds(value: number): string {
  if (value >= 10_000) return `${(value / 1000).toFixed(1)} s`;
  return `${value.toPrecision(value >= 1000 ? 4 : 3)} ms`;
}

function range({ p10Ms, p90Ms, n }: Row): string {
  return n < 2 ? '' : `${milliseconds(p10Ms)} to ${milliseconds(p90Ms)}`;
}

function ratio({ medianMs }: Row, base: Row | undefined): string {
  return base ? `${(medianMs / base.medianMs).toPrecision(3)}x` : '';
}

function mainThread({ jsUs }: Row): string {
  return jsUs === null ? '' : `${jsUs < 100 ? jsUs.toPrecision(2) : formatCount(Math.round(jsUs))} µs`;
}

function count({ dispatches }: Row): string {
  return dispatches === null ? '' : `${Math.round(10 * dispatches) / 10}`;
}
