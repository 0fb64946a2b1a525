// The network as a diagram that can be edited: drag a layer to widen it, press + between two for another, × to remove one.

import { useSignal } from '@preact/signals';
import { dataSet } from '../../experiment/data-sets';
import { type HiddenLayer, layersText } from '../../experiment/layers';
import type { Settings } from '../../experiment/setting';
import type { ModelForm } from './form';
import { DIAGRAM_HEIGHT, heightOf, widthAfterKey, widthOf } from './diagram-geometry';
import { MOST_LAYERS, WIDEST_LAYER } from './limits';

interface Drag {
  readonly y: number;
  readonly height: number;
  /** 1 where the upper half was grasped, -1 for the lower: pulling away from the middle widens. */
  readonly direction: 1 | -1;
  /** The scale stays as it was while the layer is dragged. */
  readonly widest: number;
}

/** Layers from the pixels to the digits, as bars; what flows between them, as bands. */
export function NetworkDiagram({ form }: { readonly form: ModelForm }) {
  const settings = form.settings.value;
  const { layers, data } = settings;
  const { inputs, classes } = dataSet(data);
  const sizes = [inputs, ...layers.map(({ width }) => width), classes];
  const widest = useSignal<number | undefined>(undefined);
  const scale = widest.value ?? Math.max(...sizes);
  const heights = sizes.map((size) => Math.min(heightOf(size, scale), 1.1 * DIAGRAM_HEIGHT));
  const place = (index: number) => `${((index + 0.5) / sizes.length) * 100}%`;
  const change = (changed: readonly HiddenLayer[]) => form.edit('layers', layersText(changed));

  return (
    <div class="diagram" role="group" aria-label="Layers of the network">
      <Bands heights={heights} />
      {sizes.slice(1).map((_, i) => (
        <button
          key={`add ${i}`}
          type="button"
          class="quiet add"
          style={{ left: `${((i + 1) / sizes.length) * 100}%` }}
          aria-label={
            i === layers.length ? 'Add a layer before the output' : `Add a layer before hidden layer ${i + 1}`
          }
          title="Add a layer"
          disabled={layers.length >= MOST_LAYERS}
          onClick={() => change(layers.toSpliced(i, 0, { width: newWidth(settings, i) }))}
        >
          +
        </button>
      ))}
      {sizes.map((size, i) => {
        const hidden = i > 0 && i < sizes.length - 1;
        const style = { left: place(i), height: `${heights[i]}px` };
        return hidden ? (
          <HiddenLayer
            key={i}
            number={i}
            width={size}
            style={style}
            scale={scale}
            hold={(held) => {
              widest.value = held;
            }}
            change={(width) => change(layers.with(i - 1, { ...layers[i - 1], width }))}
            remove={() => change(layers.toSpliced(i - 1, 1))}
          />
        ) : (
          <span key={i} class="layer fixed" style={style} />
        );
      })}
      {sizes.map((size, i) => (
        <span key={`size ${i}`} class="size" style={{ left: place(i) }}>
          {size}
        </span>
      ))}
      {layers.map((_, i) => (
        <button
          key={`remove ${i}`}
          type="button"
          class="quiet remove"
          style={{ left: place(i + 1) }}
          aria-label={`Remove hidden layer ${i + 1}`}
          title="Remove this layer"
          onClick={() => change(layers.toSpliced(i, 1))}
        >
          ×
        </button>
      ))}
      <span class="end" style={{ left: place(0) }}>
        pixels
      </span>
      <span class="end" style={{ left: place(sizes.length - 1) }}>
        digits
      </span>
    </div>
  );
}

interface HiddenLayerProps {
  /** From 1. */
  readonly number: number;
  readonly width: number;
  readonly style: { readonly left: string; readonly height: string };
  readonly scale: number;
  /** Told the scale to keep while dragging, and undefined after it. */
  readonly hold: (scale: number | undefined) => void;
  readonly change: (width: number) => void;
  readonly remove: () => void;
}

/** A layer that is widened by dragging or by keys. */
function HiddenLayer({ number, width, style, scale, hold, change, remove }: HiddenLayerProps) {
  const drag = useSignal<Drag | undefined>(undefined);
  const release = () => {
    drag.value = undefined;
    hold(undefined);
  };
  return (
    <span
      class="layer"
      role="slider"
      tabIndex={0}
      style={style}
      aria-label={`Units of hidden layer ${number}`}
      aria-orientation="vertical"
      aria-valuemin={1}
      aria-valuemax={WIDEST_LAYER}
      aria-valuenow={width}
      title="Drag to widen; or arrow keys, Delete to remove"
      onPointerDown={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        const direction = event.clientY < box.top + box.height / 2 ? 1 : -1;
        drag.value = { y: event.clientY, height: box.height, direction, widest: scale };
        event.currentTarget.setPointerCapture(event.pointerId);
        hold(scale);
      }}
      onPointerMove={(event) => {
        const held = drag.value;
        if (held) {
          const height = held.height + 2 * held.direction * (held.y - event.clientY);
          change(widthOf(height, held.widest, WIDEST_LAYER));
        }
      }}
      onPointerUp={release}
      onPointerCancel={release}
      onKeyDown={(event) => {
        const target = widthAfterKey(event.key, width, WIDEST_LAYER);
        if (target !== undefined) {
          event.preventDefault();
          change(target);
        } else if (event.key === 'Delete' || event.key === 'Backspace') {
          event.preventDefault();
          remove();
        }
      }}
    />
  );
}

/** The bands between the layers, in a box of 100 by the diagram's height. */
function Bands({ heights }: { readonly heights: readonly number[] }) {
  const middle = DIAGRAM_HEIGHT / 2;
  const x = (index: number) => ((index + 0.5) / heights.length) * 100;
  return (
    <svg viewBox={`0 0 100 ${DIAGRAM_HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {heights.slice(1).map((right, i) => {
        const left = heights[i]!;
        const points = [
          [x(i), middle - left / 2],
          [x(i + 1), middle - right / 2],
          [x(i + 1), middle + right / 2],
          [x(i), middle + left / 2],
        ];
        return <polygon key={i} points={points.map((point) => point.join(',')).join(' ')} />;
      })}
    </svg>
  );
}

/** A new layer is as wide as the mean of its neighbours: the network keeps its shape. */
function newWidth({ layers, data }: Settings, index: number): number {
  const { inputs, classes } = dataSet(data);
  const before = layers[index - 1]?.width ?? inputs;
  const after = layers[index]?.width ?? classes;
  return Math.round(Math.sqrt(before * after));
}
