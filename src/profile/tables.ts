// Tables: a recording's operations, row by row, as CSV for programs and Markdown for people.

import { formatCount, formatMicroseconds, formatPercent } from '../base/units';
import { describeEstimate, rangeOf } from './estimate';
import type { Recording, RecordedOperation } from './recording';
import { rooflinePoint } from './roofline';

/** Columns of the CSV, each with its cell; an empty cell is what is not known. */
const COLUMNS: readonly (readonly [
  name: string,
  cell: (operation: RecordedOperation, recording: Recording) => Cell,
])[] = [
  ['operation', ({ label }) => label],
  ['kernel', ({ kind }) => kind],
  ['phase', ({ phase }) => phase],
  ['layer', ({ layer }) => (layer === null ? undefined : layer + 1)],
  ['variant', ({ variant }) => variant],
  ['grid', ({ grid }) => grid.join('x')],
  ['workgroup', ({ workgroup }) => workgroup.join('x')],
  ['mean_us', ({ estimate }) => (estimate.kind === 'measured' ? estimate.meanUs : undefined)],
  ['low_us', ({ estimate }) => rangeOf(estimate)?.low],
  ['high_us', ({ estimate }) => rangeOf(estimate)?.high],
  ['median_us', ({ estimate }) => (estimate.kind === 'measured' ? estimate.medianUs : undefined)],
  ['p95_us', ({ estimate }) => (estimate.kind === 'measured' ? estimate.p95Us : undefined)],
  ['samples', ({ estimate }) => estimate.samples],
  ['discarded_zero', ({ estimate }) => estimate.discards.zero],
  ['discarded_negative', ({ estimate }) => estimate.discards.negative],
  ['discarded_backward', ({ estimate }) => estimate.discards.backward],
  ['discarded_overflow', ({ estimate }) => estimate.discards.overflow],
  ['flops', ({ cost }) => cost.flops],
  ['bytes_read', ({ cost }) => cost.bytesRead],
  ['bytes_written', ({ cost }) => cost.bytesWritten],
  ['flops_per_second', (operation, recording) => roofline(operation, recording)?.flopsPerSecond],
  ['bytes_per_second', (operation, recording) => roofline(operation, recording)?.bytesPerSecond],
  ['limit', (operation, recording) => roofline(operation, recording)?.limit],
  ['share_of_limit', (operation, recording) => roofline(operation, recording)?.share.value],
];

type Cell = string | number | undefined;

/** The operations as CSV (RFC 4180), one a line, numbers in full. */
export function csvOf(recording: Recording): string {
  const rows = recording.operations.map((operation) => COLUMNS.map(([, cell]) => cell(operation, recording)));
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
  const rows = recording.operations.map((operation) => {
    const { label, kind, variant, estimate, cost } = operation;
    const point = roofline(operation, recording);
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
      point?.limit ?? '–',
      point ? formatPercent(point.share.value) : '–',
    ];
  });
  const lines = [head, head.map((_, i) => (i >= 4 && i !== 9 ? '--:' : '---')), ...rows];
  const step = rangeOf(recording.productionStep);
  const caption = step ? `\nA step as it trains: ${formatMicroseconds(step.value)}.\n` : '';
  return `${lines.map((cells) => `| ${cells.map(escaped).join(' | ')} |\n`).join('')}${caption}`;
}

function roofline({ estimate, cost }: RecordedOperation, { ceilings }: Recording) {
  const time = estimate.kind === 'measured' ? rangeOf(estimate) : undefined;
  return time && ceilings ? rooflinePoint(cost, time, ceilings) : undefined;
}

function quoted(cell: Cell): string {
  const text = cell === undefined ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|');
}
