// The page's colours as numbers, for what is drawn point by point.

import { type ReadonlySignal, signal } from '@preact/signals';

/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

/** The colours that maps are mixed from. */
export interface Palette {
  readonly ground: Rgb;
  readonly ink: Rgb;
  readonly accent: Rgb;
  /** The ends of a scale around zero. */
  readonly negative: Rgb;
  readonly positive: Rgb;
}

/** How a number becomes a colour: `ink` and `accent` rise from the ground, `diverging` leaves it both ways from zero. */
export type Scale = 'ink' | 'accent' | 'diverging';

let shared: ReadonlySignal<Palette> | undefined;

/** The palette of the theme in force; it follows the theme. */
export function palette(): ReadonlySignal<Palette> {
  shared ??= watchPalette();
  return shared;
}

/** The colour of a share: 0 to 1, or -1 to 1 on a diverging scale; beyond them, that of the end. */
export function colourOf({ ground, ink, accent, negative, positive }: Palette, scale: Scale, share: number): Rgb {
  switch (scale) {
    case 'ink':
      return mix(ground, ink, share);
    case 'accent':
      return mix(ground, accent, share);
    default:
      return share < 0 ? mix(ground, negative, -share) : mix(ground, positive, share);
  }
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const part = Math.max(0, Math.min(1, share || 0));
  const between = (i: 0 | 1 | 2) => Math.round(from[i] + (to[i] - from[i]) * part);
  return [between(0), between(1), between(2)];
}

function watchPalette(): ReadonlySignal<Palette> {
  const found = signal(readPalette());
  const update = () => {
    found.value = readPalette();
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', update);
  new MutationObserver(update).observe(document.documentElement, { attributes: true });
  return found;
}

function readPalette(): Palette {
  // The computed colour of an element is plain, however the property is written.
  const probe = document.documentElement.appendChild(document.createElement('span'));
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const read = (property: string): Rgb => {
    if (!context) return [0, 0, 0];
    probe.style.color = `var(${property})`;
    context.fillStyle = getComputedStyle(probe).color;
    context.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
    return [red, green, blue];
  };
  const found = {
    ground: read('--ground'),
    ink: read('--ink'),
    accent: read('--accent'),
    negative: read('--train'),
    positive: read('--valid'),
  };
  probe.remove();
  return found;
}
