// What every layer answers to one image: its units as cells, and their numbers as a table.

import { formatCount } from '../../base/units';
import { type Activation, activations } from '../../index';
import { rangeOf } from '../activation-range';
import type { ImageReading } from './messages';
import { NumbersTable } from '../numbers-table';
import { formatSmall } from './numbers';
import { PixelMap } from './pixel-map';

/** Units of a layer that are shown. */
const MOST_UNITS = 512;

/** Cells in a line: as many as a narrow window holds at a size that can be seen. */
const COLUMNS = 16;

interface Layer {
  readonly name: string;
  readonly activation: Activation;
  readonly units: number;
  /** The first ones only, where they are very many. */
  readonly values: Float32Array;
}

/** Layer by layer, from the image to the digits. */
export function Activations({ reading }: { readonly reading: ImageReading }) {
  const layers = reading.layers.map(({ name, activation }, i): Layer => {
    const all = reading.activations[i]!;
    return { name, activation, units: all.length, values: all.subarray(0, MOST_UNITS) };
  });
  return (
    <section class="activations" aria-labelledby="activations-title">
      <h3 id="activations-title">What every layer makes of it</h3>
      <div class="activation-list">
        {layers.map((layer) => (
          <LayerFigure key={layer.name} layer={layer} />
        ))}
      </div>
      <ActivationTable layers={layers} />
    </section>
  );
}

function LayerFigure({ layer: { name, activation, units, values } }: { readonly layer: Layer }) {
  const range = rangeOf(activation);
  const isRising = range.least >= 0;
  const bound = Math.max(-range.least, range.most);
  const most = Number.isFinite(bound) ? bound : values.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
  const least = Math.min(...values);
  const largest = Math.max(...values);
  const columns = Math.min(values.length, COLUMNS);
  return (
    <figure>
      <figcaption>
        <b>{name}</b> {formatCount(units)} {activations[activation].label} units
        {values.length < units ? `, the first ${formatCount(values.length)} here` : ''}
      </figcaption>
      <div class="cells" style={{ '--columns': columns }}>
        <PixelMap
          columns={columns}
          values={values}
          scale={isRising ? 'accent' : 'diverging'}
          most={most}
          label={
            `${name}: ${units} units from ${formatSmall(least)} to ${formatSmall(largest)}; ` +
            `unit ${values.indexOf(largest) + 1} is the largest`
          }
        />
      </div>
      <p class="scale-legend">
        <span>{isRising ? '0' : formatSmall(-most)}</span>
        <span class={isRising ? 'rising' : 'diverging'} />
        <span>{most === 1 ? '1' : formatSmall(most)}</span>
      </p>
    </figure>
  );
}

function ActivationTable({ layers }: { readonly layers: readonly Layer[] }) {
  const units = Math.max(...layers.map(({ values }) => values.length));
  return (
    <NumbersTable
      summary="The activations as a table"
      label="Activations"
      columns={['unit', ...layers.map(({ name }) => name)]}
      rows={() =>
        Array.from({ length: units }, (_, unit) => [
          unit + 1,
          ...layers.map(({ values }) => (unit < values.length ? formatSmall(values[unit]!) : '')),
        ])
      }
    />
  );
}
