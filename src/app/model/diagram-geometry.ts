// The geometry of the network diagram: how tall a layer of so many units is, and how many units a height means.

/** Height of the tallest layer, in CSS pixels. */
export const DIAGRAM_HEIGHT = 112;
/** Height that even one unit has, so that it can be grasped. */
const LEAST_HEIGHT = 14;

/** The height of a layer beside a widest layer of `widest` units. By the square root: small layers stay visible. */
export function heightOf(width: number, widest: number): number {
  return LEAST_HEIGHT + (DIAGRAM_HEIGHT - LEAST_HEIGHT) * Math.sqrt(width / widest);
}

/** The whole number of units whose layer is this tall: the inverse of {@link heightOf}, from 1 to `most`. */
export function widthOf(height: number, widest: number, most: number): number {
  const share = Math.max(0, height - LEAST_HEIGHT) / (DIAGRAM_HEIGHT - LEAST_HEIGHT);
  return Math.min(most, Math.max(1, Math.round(share ** 2 * widest)));
}

/** What a key does to a layer's width; undefined for keys that mean something else. */
export function widthAfterKey(key: string, width: number, most: number): number | undefined {
  const change = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 8, PageDown: -8 }[key];
  const target = key === 'Home' ? 1 : key === 'End' ? most : change === undefined ? undefined : width + change;
  return target === undefined ? undefined : Math.min(most, Math.max(1, target));
}
