// The roofline: every operation below what this adapter can do at most.

import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { formatPerSecond } from '../../base/units';
import type { Ceilings } from '../../profile/ceilings';
import { ceilingFacts } from '../../profile/ceilings-words';
import { describeLift, liftedCeilings } from '../../profile/lifted-ceilings';
import { type OperationRow, operationRows } from '../../profile/operation-rows';
import type { Recording } from '../../profile/recording';
import { describeShare, ridge, type RooflinePoint } from '../../profile/roofline';
import type { Phase } from '../../program/program';
import { isAtWork } from '../learned/findings';
import { formatSmall } from '../learned/numbers';
import { NumbersTable } from '../numbers-table';
import {
  flopsTicks,
  intensityText,
  intensityTicks,
  labelSides,
  placeOf,
  type PlotPlace,
  type RooflineAxes,
  rooflineAxes,
  roofOf,
} from './roofline-axes';
import type { Timings } from './timings';

interface RooflineProps {
  readonly timings: Timings;
  readonly recording: Recording;
}

/** The plot, the ceilings as numbers, and the button that measures them. */
export function Roofline({ timings, recording }: RooflineProps) {
  const { ceilings, lifts } = liftedCeilings(recording) ?? { ceilings: null, lifts: [] };
  const measuring = timings.measuring.value;
  const fault = timings.fault.value;
  return (
    <section class="roofline" aria-labelledby="roofline-title">
      <h3 id="roofline-title">Under the roofline</h3>
      {ceilings ? (
        <Plot ceilings={ceilings} rows={operationRows(recording)} />
      ) : (
        <p class="waiting roofline-waiting">
          How far each operation is from what this adapter can do is drawn here once that is measured.
        </p>
      )}
      <div class="measure">
        <button
          type="button"
          class="quiet"
          disabled={measuring || !isAtWork(timings.stage.value)}
          onClick={() => timings.measure(ceilings !== null)}
        >
          {measuring ? 'Measuring …' : ceilings ? 'Measure again' : 'Measure what this adapter can do'}
        </button>
        <p class="note" role="status">
          {fault
            ? `It could not be measured: ${fault}`
            : 'It takes some seconds, for which training waits, and is remembered.'}
        </p>
      </div>
      {lifts.map((lift) => (
        <p key={lift.ceiling} class="note lift" role="status">
          {describeLift(lift)}
        </p>
      ))}
      {ceilings && <CeilingList ceilings={ceilings} />}
    </section>
  );
}

/** An operation that has a place in the plot. */
type PlottedRow = OperationRow & { readonly point: RooflinePoint };

function Plot({ ceilings, rows }: { readonly ceilings: Ceilings; readonly rows: readonly OperationRow[] }) {
  const chosen = useSignal<string | undefined>(undefined);
  const id = useId();
  const plotted = rows.filter(
    (row): row is PlottedRow =>
      row.point !== undefined && row.point.intensity > 0 && Number.isFinite(row.point.intensity),
  );
  const without = rows.filter(({ point }) => point?.intensity === 0).map(({ operation }) => operation.label);
  const axes = rooflineAxes(
    ceilings,
    plotted.map(({ point }) => point),
  );
  const labelOf = ({ operation }: OperationRow) => operation.label;
  const places = plotted.map(({ point }) => placeOf(axes, point.intensity, point.flopsPerSecond));
  const sides = labelSides(places);
  const current = plotted.find((row) => labelOf(row) === chosen.value) ?? plotted[0];
  const onKeyDown = (event: KeyboardEvent) => {
    const place = current ? plotted.indexOf(current) : 0;
    const last = plotted.length - 1;
    const target = {
      ArrowRight: place + 1,
      ArrowDown: place + 1,
      ArrowLeft: place - 1,
      ArrowUp: place - 1,
      Home: 0,
      End: last,
    }[event.key];
    const next = target === undefined ? undefined : plotted[Math.max(0, Math.min(last, target))];
    if (!next) return;
    event.preventDefault();
    chosen.value = labelOf(next);
  };
  return (
    <>
      <div class="roofline-plot">
        <Lines axes={axes} ceilings={ceilings} />
        <div
          class="points"
          role="listbox"
          tabIndex={0}
          aria-label="Operations under the roofline; arrow keys go from one to the next"
          {...(current ? { 'aria-activedescendant': `${id}-${plotted.indexOf(current)}` } : {})}
          onKeyDown={onKeyDown}
        >
          {plotted.map((row, i) => {
            const { x, y } = places[i]!;
            const side = sides[i];
            return (
              <div
                key={labelOf(row)}
                id={`${id}-${i}`}
                class={`point ${row.operation.phase}`}
                role="option"
                aria-selected={row === current}
                aria-label={`${labelOf(row)}: ${readingOf(row)}`}
                style={{ left: percent(x), top: percent(y) }}
                onPointerEnter={() => {
                  chosen.value = labelOf(row);
                }}
                onClick={() => {
                  chosen.value = labelOf(row);
                }}
              >
                {side && <span class={side}>{labelOf(row)}</span>}
              </div>
            );
          })}
        </div>
      </div>
      <Legend cached={hasCache(ceilings)} phases={[...new Set(plotted.map(({ operation }) => operation.phase))]} />
      <p class="roofline-reading">
        {current ? (
          <>
            <b>{labelOf(current)}</b> <span>{readingOf(current)}</span>
          </>
        ) : (
          'No operation is measured yet.'
        )}
      </p>
      <NumbersTable
        summary="The roofline as a table"
        label="Operations under the roofline, as numbers"
        columns={['operation', 'FLOP a byte', 'FLOP/s', 'bytes/s', 'of its limit']}
        rows={() => rows.flatMap((row) => (row.point ? [numbersOf(labelOf(row), row.point)] : []))}
      />
      {without.length > 0 && <p class="note">Without arithmetic, and so not drawn: {without.join(', ')}.</p>}
    </>
  );
}

/** Roofs, grid and the numbers at the axes. */
function Lines({ axes, ceilings }: { readonly axes: RooflineAxes; readonly ceilings: Ceilings }) {
  const cached = hasCache(ceilings);
  const columns = intensityTicks(axes, 2);
  const levels = flopsTicks(axes);
  const words =
    `Roofline: ${formatPerSecond(ceilings.flops, 'FLOP/s')} at most, from ${ridge(ceilings).toPrecision(2)} FLOP a byte of memory on; ` +
    `below that, ${formatPerSecond(ceilings.memory, 'B/s')}.`;
  return (
    <>
      <svg viewBox="0 0 1 1" preserveAspectRatio="none" role="img" aria-label={words}>
        {columns.map((intensity) => {
          const { x } = placeOf(axes, intensity, axes.top);
          return <line key={intensity} class="grid" x1={x} x2={x} y1="0" y2="1" />;
        })}
        {levels.map((flops) => {
          const { y } = placeOf(axes, axes.least, flops);
          return <line key={flops} class="grid" x1="0" x2="1" y1={y} y2={y} />;
        })}
        {cached && <polyline class="roof cache" points={pointsOf(roofOf(axes, ceilings.cache, ceilings.flops))} />}
        <polyline class="roof memory" points={pointsOf(roofOf(axes, ceilings.memory, ceilings.flops))} />
      </svg>
      <div class="numbers-left" aria-hidden="true">
        {levels.map((flops) => (
          <span key={flops} style={{ top: percent(placeOf(axes, axes.least, flops).y) }}>
            {formatPerSecond(flops, '')}
          </span>
        ))}
      </div>
      <div class="numbers-below" aria-hidden="true">
        {columns.map((intensity) => (
          <span key={intensity} style={{ left: percent(placeOf(axes, intensity, axes.top).x) }}>
            {intensityText(intensity)}
          </span>
        ))}
      </div>
      <p class="axis-left" aria-hidden="true">
        FLOP/s
      </p>
      <p class="axis-below" aria-hidden="true">
        FLOP for each byte of traffic
      </p>
    </>
  );
}

interface LegendProps {
  readonly cached: boolean;
  readonly phases: readonly Phase[];
}

/** What the lines and the colours stand for. */
function Legend({ cached, phases }: LegendProps) {
  return (
    <p class="roofline-legend">
      <span>
        <i class="line" /> memory, then arithmetic
      </span>
      {cached && (
        <span>
          <i class="line cache" /> cache
        </span>
      )}
      {phases.map((phase) => (
        <span key={phase} class={phase}>
          <i class="dot" /> {phase}
        </span>
      ))}
    </p>
  );
}

/** Whether the cache's roof can be told from memory's. */
function hasCache({ cache, memory }: Ceilings): boolean {
  return cache > 1.05 * memory;
}

function CeilingList({ ceilings }: { readonly ceilings: Ceilings }) {
  return (
    <dl class="ceilings">
      {ceilingFacts(ceilings).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function readingOf({ point }: PlottedRow): string {
  const { flopsPerSecond, bytesPerSecond, intensity } = point;
  return (
    `${formatPerSecond(flopsPerSecond, 'FLOP/s')}, ${formatPerSecond(bytesPerSecond, 'B/s')}, ` +
    `${intensity.toPrecision(2)} FLOP a byte: ${describeShare(point)}`
  );
}

function numbersOf(label: string, point: RooflinePoint): readonly [string, ...string[]] {
  const { intensity, flopsPerSecond, bytesPerSecond } = point;
  const rates = [formatPerSecond(flopsPerSecond, ''), formatPerSecond(bytesPerSecond, '')];
  return [label, formatSmall(intensity), ...rates, describeShare(point)];
}

function pointsOf(places: readonly PlotPlace[]): string {
  return places.map(({ x, y }) => `${x},${y}`).join(' ');
}

function percent(share: number): string {
  return `${100 * share}%`;
}
