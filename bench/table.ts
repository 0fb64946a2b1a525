// The report in the terminal.

import Table from 'cli-table3';
import { formatCount, formatDuration, formatMicroseconds } from '../src/base/units';
import type { Results, Row } from './results';
import { FIRST_STEP, flopsOf, type Task, TASKS } from './tasks';

/** Everything that a run has to tell, as text. */
export function report({ date, machine, device, ceilings, rows, members, notes, seconds, quick }: Results): string {
  const lines = [
    '',
    `${date.slice(0, 10)}, ${machine.cpu}, ${machine.cores} cores, ${machine.browser}${quick ? ', quick' : ''}`,
    `Adapter: ${device}`,
  ];
  if (ceilings) {
    lines.push(
      `Ceilings: ${giga(ceilings.flops)} GFLOP/s of multiply-adds, ${giga(ceilings.memory)} GB/s from memory, ` +
        `${giga(ceilings.cache)} GB/s from cache, ${formatMicroseconds(1e6 * ceilings.launch)} a dispatch that waits for the one before`,
    );
  }
  const table = new Table({
    head: ['task', 'peer', 'median', 'p10 to p90', 'n', 'of underglass', 'JavaScript', 'dispatches'],
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
        javaScript(row),
        count(row),
      ]);
    }
  }
  if (rows.length > 0) lines.push('', table.toString());
  const rates = productRates(rows, ceilings?.flops);
  if (rates.length > 0) lines.push('', ...rates);
  if (members) {
    const { task, together, apart } = members;
    lines.push(
      '',
      `${task}: ${milliseconds(together.medianMs)} a step of all networks at once, ${milliseconds(apart.medianMs)} one after ` +
        `another: ${members.ratio} of the time`,
    );
  }
  const total = Object.values(seconds).reduce((sum, value) => sum + value, 0);
  lines.push(
    '',
    `Took ${formatDuration(1000 * total)}: ${Object.entries(seconds)
      .map(([part, value]) => `${part} ${value} s`)
      .join(', ')}.`,
  );
  if (notes.length > 0) lines.push('', ...notes.map((note) => `Left out: ${note}.`));
  return `${lines.join('\n')}\n`;
}

/** A product that exceeds the ceiling shows that this was measured too low. */
function shareText(share: number): string {
  return share > 1
    ? `${share.toFixed(2)} times the ceiling, which was measured too low`
    : `${Math.round(100 * share)}% of the ceiling`;
}

/** GFLOP/s of this project's products, and their share of the ceiling. */
function productRates(rows: readonly Row[], ceiling: number | undefined): string[] {
  return TASKS.flatMap((task: Task) => {
    const row = rows.find(({ task: name, peer }) => name === task.name && peer === 'underglass');
    if (task.kind !== 'product' || !row) return [];
    const rate = (1000 * flopsOf(task)) / row.medianMs;
    const share = ceiling ? `, ${shareText(rate / ceiling)}` : '';
    return [`${task.name}: ${giga(rate)} GFLOP/s${share}`];
  });
}

/** In 10^9. */
function giga(value: number): string {
  return (value / 1e9).toPrecision(3);
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

function javaScript({ jsUs }: Row): string {
  return jsUs === null ? '' : `${jsUs < 100 ? jsUs.toPrecision(2) : formatCount(Math.round(jsUs))} µs`;
}

function count({ dispatches }: Row): string {
  return dispatches === null ? '' : `${Math.round(10 * dispatches) / 10}`;
}
