// The ten digits as a person might draw them: strokes on a pad of 100 by 100, y downwards.

import type { Point, Stroke } from '../../src/data/drawing';

/** Part of an ellipse, by angles in degrees; 0 points right, 90 down. */
function arc(x: number, y: number, rx: number, ry: number, from: number, to: number): Point[] {
  return Array.from({ length: 25 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / 24) * Math.PI) / 180;
    return { x: x + rx * Math.cos(angle), y: y + ry * Math.sin(angle) };
  });
}

function line(...places: readonly (readonly [number, number])[]): Point[] {
  return places.map(([x, y]) => ({ x, y }));
}

/** Strokes of each digit, by the digit. */
export const STROKES: readonly (readonly Stroke[])[] = [
  [arc(50, 50, 20, 35, -90, 270)],
  [line([38, 30], [52, 15], [52, 85])],
  [[...arc(50, 34, 19, 19, -170, 40), ...line([30, 85], [72, 85])]],
  [[...arc(48, 32, 18, 17, -150, 90), ...arc(48, 67, 20, 18, -90, 150)]],
  [line([60, 15], [28, 60], [75, 60]), line([60, 40], [60, 88])],
  [line([70, 15], [36, 15], [34, 46]), arc(48, 62, 20, 22, -130, 150)],
  [[...line([62, 14], [45, 30]), ...arc(50, 65, 18, 20, -170, 190)]],
  [line([28, 16], [72, 16], [45, 85]), line([36, 50], [66, 50])],
  [[...arc(50, 33, 15, 17, 90, 450), ...arc(50, 67, 18, 18, -90, 270)]],
  [[...arc(48, 34, 17, 18, 0, 360), ...line([65, 34], [60, 86])]],
];
