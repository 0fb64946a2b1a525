// Tables: a recording's operations, row by row, as CSV for programs and Markdown for people.

import { formatCount, formatMicroseconds, formatPercent } from '../base/units';
import { describeEstimate, rangeOf } from './estimate';
import { type OperationRow, operationRows } from './operation-rows';
import type { Recording } from './recording';
import { describeLimit } from './roofline';

/** Columns of the CSV, each with its cell; an empty cell is what is not known. */
const COLUMNS: readonly (readonly [name: string, cell: (row: OperationRow) => Cell])[] = [
  ['operation', ({ operation: { label } }) => label],
  ['kernel', ({ operation: { kind } }) => kind],
  ['phase', ({ operation: { phase } }) => phase],
  ['layer', ({ operation: { layer } }) => (layer === null ? undefined : layer + 1)],
  ['variant', ({ operation: { variant } }) => variant],
  ['grid', ({ operation: { grid } }) => grid.join('x')],
  ['workgroup', ({ operation: { workgroup } }) => workgroup.join('x')],
  ['mean_us', ({ operation: { estimate } }) => (estimate.kind === 'measured' ? estimate.meanUs : undefined)],
  ['low_us', ({ operation: { estimate } }) => rangeOf(estimate)?.low],
  ['high_us', ({ operation: { estimate } }) => rangeOf(estimate)?.high],
  ['median_us', ({ operation: { estimate } }) => (estimate.kind === 'measured' ? estimate.medianUs : undefined)],
  ['p95_us', ({ operation: { estimate } }) => (estimate.kind === 'measured' ? estimate.p95Us : undefined)],
  ['samples', ({ operation: { estimate } }) => estimate.samples],
  ['discarded_zero', ({ operation: { estimate } }) => estimate.discards.zero],
  ['discarded_negative', ({ operation: { estimate } }) => estimate.discards.negative],
  ['discarded_backward', ({ operation: { estimate } }) => estimate.discards.backward],
  ['discarded_overflow', ({ operation: { estimate } }) => estimate.discards.overflow],
  ['flops', ({ operation: { cost } }) => cost.flops],
  ['bytes_read', ({ operation: { cost } }) => cost.bytesRead],
  ['bytes_written', ({ operation: { cost } }) => cost.bytesWritten],
  ['flops_per_second', ({ point }) => point?.flopsPerSecond],
  ['bytes_per_second', ({ point }) => point?.bytesPerSecond],
  ['limit', ({ point }) => point && describeLimit(point)],
  ['share_of_limit', ({ point }) => point?.share.value],
];

type Cell = string | number | undefined;

/** The operations as CSV (RFC 4180), one a line, numbers in full. */
export function csvOf(recording: Recording): string {
  const rows = operationRows(recording).map((row) => COLUMNS.map(([, cell]) => cell(row)));
  return [COLUMNS.map(([name]) => name), ...rows].map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

/** The operations as a Markdown table, numbers rounded for people. */
export function markdownOf(recording: Recording): string {
  const head = [
    'operation',
    'kernel',
    'variant',
    'time',
    'n',
    'FLOPs',
    'bytes',
    'GFLOP/s',
    'GB/s',
    'limit',
    'of limit',
  ];
  const rows = operationRows(recording).map(({ operation, point }) => {
    const { label, kind, variant, estimate, cost } = operation;
    const giga = (perSecond: number | undefined) => (perSecond === undefined ? '–' : (perSecond / 1e9).toFixed(2));
    return [
      label,
      kind,
      variant,
      describeEstimate(estimate),
      formatCount(estimate.samples),
      formatCount(cost.flops),
      formatCount(cost.bytesRead + cost.bytesWritten),
      giga(point?.flopsPerSecond),
      giga(point?.bytesPerSecond),
      point ? describeLimit(point) : '–',
      point ? formatPercent(point.share.value) : '–',
    ];
  });
  const lines = [head, head.map((_, i) => (i >= 4 && i !== 9 ? '--:' : '---')), ...rows];
  const step = rangeOf(recording.productionStep);
  const caption = step ? `\nA step as it trains: ${formatMicroseconds(step.value)}.\n` : '';
  return `${lines.map((cells) => `| ${cells.map(escaped).join(' | ')} |\n`).join('')}${caption}`;
}

function quoted(cell: Cell): string {
  const text = cell === undefined ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|');
}
