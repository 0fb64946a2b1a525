// A list of digits: the images, what they are, and what the network took them for.

import { useMemo } from 'preact/hooks';
import { DIGITS_MAX_PIXEL } from '../../data/digits';
import { DIGIT_EDGE } from '../../data/drawing';
import type { Images, Inspection } from './messages';
import { formatShare } from './numbers';
import { PixelMap } from './pixel-map';

const NONE = new Float32Array();

interface DigitListProps {
  readonly inspection: Inspection;
  readonly images: Images | undefined;
  readonly rows: readonly number[];
  readonly label: string;
  /** Takes an image to the pad. */
  readonly onLook: (pixels: Float32Array, row: number) => void;
}

/** Images as buttons that show how the network reads them. */
export function DigitList({ inspection, images, rows, label, onLook }: DigitListProps) {
  const { classes, labels, predicted, probabilities } = inspection;
  // The same arrays while the rows are the same, so that nothing is painted again.
  const pixelsOf = useMemo(() => new Map(rows.map((row) => [row, imageOf(images, row)])), [images, rows.join()]);
  return (
    <ul class="digit-list" aria-label={label}>
      {rows.map((row) => {
        const right = labels[row]!;
        const answer = predicted[row]!;
        const share = (digit: number) => formatShare(probabilities[row * classes + digit]!);
        const pixels = pixelsOf.get(row);
        return (
          <li key={row}>
            <button type="button" class="digit" disabled={!pixels} onClick={() => pixels && onLook(pixels, row)}>
              <PixelMap columns={DIGIT_EDGE} values={pixels ?? NONE} scale="ink" most={DIGITS_MAX_PIXEL} />
              <span>
                <Unseen>is </Unseen>
                <b>{right}</b>
                <Unseen> with</Unseen> {share(right)}
              </span>
              {right !== answer && (
                <span class="wrong">
                  <Unseen>, read as </Unseen>
                  <b>{answer}</b>
                  <Unseen> with</Unseen> {share(answer)}
                </span>
              )}
              <Unseen>; look at it on the pad</Unseen>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** Words for those who do not see the layout. */
function Unseen({ children }: { readonly children: string }) {
  return <span class="unseen">{children}</span>;
}

/** One row's pixels; undefined until the images came. */
export function imageOf(images: Images | undefined, row: number): Float32Array | undefined {
  return images?.pixels.slice(row * images.columns, (row + 1) * images.columns);
}
