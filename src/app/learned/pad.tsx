// The pad: strokes drawn with mouse, finger or pen.

import { useEffect, useRef } from 'preact/hooks';
import type { Point, Stroke } from '../../index';
import { palette } from './palette';

/** Edge of the pad's own coordinates; on the page it may be larger or smaller. */
export const PAD_EDGE = 280;

const PEN_WIDTH = 20;

interface PadProps {
  readonly strokes: readonly Stroke[];
  /** Told of all strokes after each movement of the pen. */
  readonly onDraw: (strokes: readonly Stroke[]) => void;
}

/** A square to draw on. The pixels beside it are its equal for those who use a keyboard. */
export function Pad({ strokes, onDraw }: PadProps) {
  const element = useRef<HTMLCanvasElement>(null);
  const drawing = useRef(false);
  // Several movements may come before the page is drawn again.
  const latest = useRef(strokes);
  latest.current = strokes;
  const draw = (next: readonly Stroke[]) => {
    latest.current = next;
    onDraw(next);
  };
  const { ink } = palette().value;

  useEffect(() => {
    const canvas = element.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return;
    const sharpness = Math.max(1, Math.round(devicePixelRatio));
    canvas.width = PAD_EDGE * sharpness;
    canvas.height = PAD_EDGE * sharpness;
    context.scale(sharpness, sharpness);
    context.lineWidth = PEN_WIDTH;
    context.lineCap = 'round';
    context.lineJoin = 'round';
    context.strokeStyle = `rgb(${ink.join(' ')})`;
    for (const [first, ...rest] of strokes) {
      if (!first) continue;
      context.beginPath();
      context.moveTo(first.x, first.y);
      for (const { x, y } of rest.length > 0 ? rest : [first]) context.lineTo(x, y);
      context.stroke();
    }
  }, [strokes, ink]);

  const begin = (event: PointerEvent) => {
    if (event.button !== 0 || !(event.currentTarget instanceof Element)) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drawing.current = true;
    draw([...latest.current, [pointOf(event)]]);
  };
  const move = (event: PointerEvent) => {
    if (!drawing.current) return;
    // A fast pen moves several times between two events.
    const moves = event.getCoalescedEvents?.() ?? [];
    const points = (moves.length > 0 ? moves : [event]).map((each) => pointOf(each, event.currentTarget));
    draw([...latest.current.slice(0, -1), [...(latest.current.at(-1) ?? []), ...points]]);
  };
  const end = () => {
    drawing.current = false;
  };

  return (
    <canvas
      class="pad"
      ref={element}
      role="img"
      aria-label="Pad to draw a digit on with mouse, finger or pen; with a keyboard, set the pixels beside it"
      onPointerDown={begin}
      onPointerMove={move}
      onPointerUp={end}
      onPointerCancel={end}
    />
  );
}

function pointOf(event: PointerEvent, target = event.currentTarget): Point {
  if (!(target instanceof Element)) return { x: 0, y: 0 };
  const { left, top, width, height } = target.getBoundingClientRect();
  return { x: ((event.clientX - left) / width) * PAD_EDGE, y: ((event.clientY - top) / height) * PAD_EDGE };
}
