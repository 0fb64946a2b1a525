// A pixel map: numbers as a picture, one point each, enlarged without smoothing.

import { useEffect, useRef } from 'preact/hooks';
import { colourOf, palette, type Scale } from './palette';

interface PixelMapProps {
  readonly columns: number;
  /** Row-major; a last row that is short ends in ground. */
  readonly values: ArrayLike<number>;
  readonly scale: Scale;
  /** The number that gets the full colour. */
  readonly most: number;
  /** What the picture shows, for those who do not see it; none where text beside it says so. */
  readonly label?: string | undefined;
}

/** Numbers as colours. */
export function PixelMap({ columns, values, scale, most, label }: PixelMapProps) {
  const element = useRef<HTMLCanvasElement>(null);
  const colours = palette().value;
  const rows = Math.max(1, Math.ceil(values.length / columns));
  useEffect(() => {
    // Set point by point and never drawn on: kept in main memory, which spares a hundred small uploads.
    const context = element.current?.getContext('2d', { willReadFrequently: true });
    if (!context) return;
    const picture = context.createImageData(columns, rows);
    for (let i = 0; i < columns * rows; i++) {
      const [red, green, blue] = colourOf(colours, scale, (values[i] ?? 0) / (most || 1));
      picture.data.set([red, green, blue, 255], 4 * i);
    }
    context.putImageData(picture, 0, 0);
  }, [colours, columns, rows, values, scale, most]);
  const alternative = label === undefined ? { 'aria-hidden': true } : { role: 'img' as const, 'aria-label': label };
  return (
    <canvas
      class="pixel-map"
      ref={element}
      width={columns}
      height={rows}
      style={{ aspectRatio: `${columns} / ${rows}` }}
      {...alternative}
    />
  );
}
