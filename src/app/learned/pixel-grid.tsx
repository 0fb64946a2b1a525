// The pixels of a digit, each of which can be set by keyboard or mouse.

import { DIGITS_MAX_PIXEL } from '../../data/digits';
import { DIGIT_EDGE, toPixel } from '../../data/drawing';
import { useGridFocus } from './grid-focus';

interface PixelGridProps {
  /** 64 numbers from 0 to 16, row-major. */
  readonly pixels: Float32Array;
  readonly onChange: (pixels: Float32Array) => void;
}

const PLACES = Array.from({ length: DIGIT_EDGE }, (_, i) => i);

/** An 8 by 8 grid: arrows move, Space sets or clears, plus and minus change by one. */
export function PixelGrid({ pixels, onChange }: PixelGridProps) {
  const focus = useGridFocus(DIGIT_EDGE, DIGIT_EDGE);
  const set = (index: number, value: number) => {
    const changed = Float32Array.from(pixels);
    changed[index] = toPixel(value);
    onChange(changed);
  };
  return (
    <div class="pixel-grid" role="grid" aria-label="Pixels" onKeyDown={focus.onKeyDown}>
      {PLACES.map((row) => (
        <div role="row" key={row}>
          {PLACES.map((column) => {
            const index = row * DIGIT_EDGE + column;
            const value = pixels[index]!;
            const press = (event: KeyboardEvent) => {
              const next = valueAfter(event.key, value);
              if (next === undefined) return;
              event.preventDefault();
              set(index, next);
            };
            return (
              <div
                key={column}
                role="gridcell"
                aria-label={`row ${row + 1}, column ${column + 1}: ${value}`}
                style={{ '--share': value / DIGITS_MAX_PIXEL }}
                {...focus.cell(row, column)}
                onKeyDown={press}
                onClick={() => set(index, valueAfter(' ', value) ?? 0)}
              />
            );
          })}
        </div>
      ))}
    </div>
  );
}

/** A pixel's value after a key; undefined for keys that change none. */
function valueAfter(key: string, value: number): number | undefined {
  switch (key) {
    case ' ':
    case 'Enter':
      return value > 0 ? 0 : DIGITS_MAX_PIXEL;
    case '+':
    case '=':
      return value + 1;
    case '-':
      return value - 1;
    case 'Delete':
    case 'Backspace':
      return 0;
    default:
      return undefined;
  }
}
