// The first layer's weights as images: what each unit looks for.

import { formatCount } from '../../base/units';
import type { FirstLayer } from '../../index';
import { NumbersTable } from '../numbers-table';
import { formatSmall } from './numbers';
import { PixelMap } from './pixel-map';

/** One image a unit, on one scale around zero, with its legend and a table. */
export function FirstLayerWeights({ layer }: { readonly layer: FirstLayer }) {
  const { inputs, units, weights } = layer;
  const edge = Math.round(Math.sqrt(inputs));
  const shown = Math.floor(weights.length / inputs);
  const most = weights.reduce((largest, weight) => Math.max(largest, Math.abs(weight)), 0);
  const images = Array.from({ length: shown }, (_, unit) => weights.subarray(unit * inputs, (unit + 1) * inputs));
  return (
    <section class="first-layer" aria-labelledby="first-layer-title">
      <h3 id="first-layer-title">What the first layer looks for</h3>
      <p class="note">
        One image for each of {shown < units ? `the first ${formatCount(shown)} of ` : ''}
        {formatCount(units)} units: ink where the image is orange excites it, ink where it is blue calms it.
      </p>
      <div
        class="unit-list"
        role="img"
        aria-label={`Weights of ${shown} units as images, from ${formatSmall(-most)} to ${formatSmall(most)}`}
      >
        {images.map((image, unit) => (
          <PixelMap key={unit} columns={edge} values={image} scale="diverging" most={most} />
        ))}
      </div>
      <DivergingLegend most={most} />
      <WeightTable images={images} edge={edge} />
    </section>
  );
}

/** The colours of a scale around zero, with its numbers. */
export function DivergingLegend({ most }: { readonly most: number }) {
  return (
    <p class="scale-legend">
      <span>{formatSmall(-most)}</span>
      <span class="diverging" />
      <span>{formatSmall(most)}</span>
    </p>
  );
}

function WeightTable({ images, edge }: { readonly images: readonly Float32Array[]; readonly edge: number }) {
  const place = (index: number) => `row ${Math.floor(index / edge) + 1}, column ${(index % edge) + 1}`;
  return (
    <NumbersTable
      summary="The weights as a table"
      label="Weights of the first layer"
      columns={['unit', 'least', 'at pixel', 'largest', 'at pixel']}
      rows={() =>
        images.map((image, unit) => {
          const least = Math.min(...image);
          const largest = Math.max(...image);
          return [
            unit + 1,
            formatSmall(least),
            place(image.indexOf(least)),
            formatSmall(largest),
            place(image.indexOf(largest)),
          ];
        })
      }
    />
  );
}
