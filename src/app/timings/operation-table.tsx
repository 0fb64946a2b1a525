// The table per operation: what each takes, how sure that is, and how far it is from what the adapter can do.

import { formatCount, formatMicroseconds } from '../../base/units';
import { type OperationRow, operationRows } from '../../profile/operation-rows';
import { type Estimate, rangeOf, sumOf } from '../../profile/estimate';
import type { Recording } from '../../profile/recording';
import { describeShare } from '../../profile/roofline';
import type { Phase } from '../../program/program';
import { formatShare } from '../learned/numbers';
import { PHASES } from './phases';
import { briefly, discarded, discardReasons, NOTHING, quantileOf, rateOf } from './words';

interface OperationTableProps {
  readonly recording: Recording;
  /** Goes to the shader of an operation. */
  readonly onShader: (label: string) => void;
}

/** Operations by phase; the region scrolls sideways where the window is narrow. */
export function OperationTable({ recording, onShader }: OperationTableProps) {
  const groups = byPhase(operationRows(recording));
  return (
    <section class="operations" aria-labelledby="operations-title">
      <h3 id="operations-title">Operation by operation</h3>
      <div class="scroll-across" role="region" aria-label="Table of operations, which may scroll sideways" tabIndex={0}>
        <table class="timing-table operation-table">
          <thead>
            <tr>
              <th scope="col">operation</th>
              <th scope="col">mean ± 95%</th>
              <th scope="col">share</th>
              <th scope="col">of its limit</th>
              <th scope="col">median</th>
              <th scope="col">p95</th>
              <th scope="col">in training</th>
              <th scope="col">FLOP/s</th>
              <th scope="col">bytes/s</th>
              <th scope="col">n</th>
              <th scope="col">left out</th>
            </tr>
          </thead>
          {groups.map(({ phase, rows }) => (
            <tbody key={rows[0]!.operation.label}>
              <PhaseRow phase={phase} rows={rows} />
              {rows.map((row) => (
                <Row key={row.operation.label} row={row} onShader={onShader} />
              ))}
            </tbody>
          ))}
        </table>
      </div>
      <Notes recording={recording} />
    </section>
  );
}

function PhaseRow({ phase, rows }: { readonly phase: Phase; readonly rows: readonly OperationRow[] }) {
  const ranges = rows.map(({ operation }) => rangeOf(operation.estimate));
  const measured = ranges.filter((range) => range !== undefined);
  const sum = measured.length === ranges.length ? sumOf(measured) : undefined;
  const share = rows.reduce((total, row) => total + (row.share ?? 0), 0);
  const inTraining = rows.reduce((total, row) => total + (row.inTraining?.value ?? Number.NaN), 0);
  return (
    <tr class={`phase ${phase}`}>
      <th scope="rowgroup">{phase}</th>
      <td>{sum ? formatMicroseconds(sum.value) : NOTHING}</td>
      <td>
        <Share share={share} />
      </td>
      <td class="meaning" colSpan={3}>
        {PHASES[phase]}
      </td>
      <td>{Number.isFinite(inTraining) ? formatMicroseconds(inTraining) : NOTHING}</td>
      <td colSpan={4} />
    </tr>
  );
}

function Row({ row, onShader }: { readonly row: OperationRow; readonly onShader: (label: string) => void }) {
  const { operation, point, share, inTraining } = row;
  const { label, kind, variant, phase, cost, estimate } = operation;
  return (
    <tr class={phase} data-operation={label}>
      <th scope="row">
        <a href="#shaders" title={`${kind}, ${variant}: its WGSL`} onClick={() => onShader(label)}>
          {label}
        </a>
      </th>
      <td>{briefly(estimate)}</td>
      <td>{share === undefined ? NOTHING : <Share share={share} />}</td>
      <td>{point ? describeShare(point) : NOTHING}</td>
      <td>{quantileOf(estimate, 'medianUs')}</td>
      <td>{quantileOf(estimate, 'p95Us')}</td>
      <td>{inTraining ? formatMicroseconds(inTraining.value) : NOTHING}</td>
      <td>{rateOf(cost.flops, estimate)}</td>
      <td>{rateOf(cost.bytesRead + cost.bytesWritten, estimate)}</td>
      <td>{formatCount(estimate.samples)}</td>
      <LeftOut estimate={estimate} />
    </tr>
  );
}

function LeftOut({ estimate: { discards } }: { readonly estimate: Estimate }) {
  const reasons = discardReasons(discards);
  return (
    <td {...(reasons ? { title: reasons } : {})}>
      {formatCount(discarded(discards))}
      {reasons && <span class="unseen">: {reasons}</span>}
    </td>
  );
}

function Share({ share }: { readonly share: number }) {
  return (
    <span class="share">
      <span>
        <span style={{ width: `${share * 100}%` }} />
      </span>
      <b>{formatShare(share)}</b>
    </span>
  );
}

function Notes({ recording: { operations, ceilings } }: { readonly recording: Recording }) {
  const below = operations.some(({ estimate }) => estimate.kind === 'below');
  return (
    <p class="note">
      Share: of the means’ sum.{' '}
      {ceilings
        ? 'Of its limit: the time that arithmetic, memory, cache or launch would take at this adapter’s best, whichever is longest, over the time measured.'
        : 'What limits each, and by how much, comes with the measured ceilings, below.'}{' '}
      {below && 'After < stands the most that a mean can be: no sample saw the clock advance.'}
    </p>
  );
}

/** Neighbours of one phase together. */
function byPhase(rows: readonly OperationRow[]): { readonly phase: Phase; readonly rows: OperationRow[] }[] {
  const groups: { readonly phase: Phase; readonly rows: OperationRow[] }[] = [];
  for (const row of rows) {
    const last = groups.at(-1);
    if (last?.phase === row.operation.phase) last.rows.push(row);
    else groups.push({ phase: row.operation.phase, rows: [row] });
  }
  return groups;
}
