// The plot: times of all peers at all tasks, and how this project's time grows, as one SVG.

import type { GrowthRow, Results, Row, Spread } from './results';
import { FIRST_STEP, GROWTHS, TASKS } from './tasks';

const WIDTH = 880;
const LEFT = 190;
const RIGHT = 40;
const ROW = 30;
const TOP = 96;
const PANEL = 200;

/** Colours of Okabe and Ito, which most colour-blind people can tell apart; shapes tell the backends apart. */
const MARKS: Readonly<Record<string, { readonly colour: string; readonly shape: 'circle' | 'square' | 'diamond' }>> = {
  underglass: { colour: '#0072b2', shape: 'circle' },
  'underglass-untuned': { colour: '#56b4e9', shape: 'circle' },
  'underglass-naive': { colour: '#999999', shape: 'circle' },
  'tfjs-webgpu': { colour: '#d55e00', shape: 'square' },
  'tfjs-wasm': { colour: '#d55e00', shape: 'diamond' },
  'jax-js-webgpu': { colour: '#009e73', shape: 'square' },
  'jax-js-wasm': { colour: '#009e73', shape: 'diamond' },
  numpy: { colour: '#222222', shape: 'diamond' },
};

/** A map of a positive quantity to pixels, logarithmic. */
interface Scale {
  readonly ticks: readonly number[];
  (value: number): number;
}

/** The whole picture. */
export function plot({ date, machine, device, rows, growth }: Results): string {
  const tasks = [
    ...TASKS.map(({ name, title }) => ({ name, title })),
    { name: FIRST_STEP, title: 'cold page to first step' },
  ];
  const shown = tasks.filter(({ name }) => rows.some(({ task }) => task === name));
  const bottom = TOP + ROW * shown.length;
  const growthTop = bottom + 90;
  const height = growth.length > 0 ? growthTop + PANEL + 50 : bottom + 60;
  const parts = [
    text(20, 28, 'Time of a training step, a matrix product, ten networks, a first step', { size: 16, weight: 600 }),
    text(20, 46, `${date.slice(0, 10)}, ${machine.cpu}, ${machine.cores} cores, ${machine.browser}, ${device}`, {
      size: 11,
    }),
    legend(rows),
    comparison(rows, shown, bottom),
    ...(growth.length > 0 ? [growthPanels(growth, growthTop)] : []),
  ];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" ` +
    `font-family="system-ui, sans-serif" role="img">\n<title>Benchmark of Underglass and its peers</title>\n` +
    `<rect width="100%" height="100%" fill="#ffffff"/>\n${parts.join('\n')}\n</svg>\n`
  );
}

function legend(rows: readonly Row[]): string {
  let x = 20;
  return Object.entries(MARKS)
    .filter(([peer]) => rows.some((row) => row.peer === peer))
    .map(([peer, { colour, shape }]) => {
      const entry = mark(x + 5, 68, colour, shape) + text(x + 14, 72, peer, { size: 11 });
      x += 26 + 6.4 * peer.length;
      return entry;
    })
    .join('\n');
}

/** A row for each task, a mark for each peer: the median, with a line from the 10th to the 90th percentile. */
function comparison(rows: readonly Row[], tasks: readonly { name: string; title: string }[], bottom: number): string {
  const scale = logScale(rows, LEFT, WIDTH - RIGHT);
  const grid = scale.ticks.map(
    (tick) =>
      line(scale(tick), TOP - 8, scale(tick), bottom, '#e4e4e4') +
      text(scale(tick), bottom + 16, duration(tick), { size: 10, anchor: 'middle' }),
  );
  const bands = tasks.map(({ name, title }, i) => {
    const y = TOP + ROW * i + ROW / 2 - 6;
    const marks = rows
      .filter(({ task, peer }) => task === name && peer in MARKS)
      .toReversed()
      .map((row) => {
        const { colour, shape } = MARKS[row.peer]!;
        const label = `<title>${row.peer}: ${duration(row.medianMs)}</title>`;
        return `<g>${label}${line(scale(row.p10Ms), y, scale(row.p90Ms), y, colour, 2)}${mark(scale(row.medianMs), y, colour, shape)}</g>`;
      });
    const names = text(20, y + 1, name, { size: 12, weight: 600 }) + text(20, y + 13, title, { size: 9.5 });
    return `${names}${line(LEFT, y, WIDTH - RIGHT, y, '#f2f2f2')}${marks.join('')}`;
  });
  return [...grid, ...bands].join('\n');
}

/** For each quantity that grows: time against it, both logarithmic, with a dashed line of growth by the work. */
function growthPanels(growth: readonly GrowthRow[], top: number): string {
  const gap = 60;
  const width = (WIDTH - 20 - RIGHT - gap * GROWTHS.length) / GROWTHS.length;
  const y = logScale(growth, top + PANEL, top);
  const panels = GROWTHS.map(({ axis, title }, i) => {
    const own = growth.filter((row) => row.axis === axis);
    if (own.length === 0) return '';
    const left = 20 + gap + i * (width + gap);
    const values = own.map(({ value }) => value);
    const [first, last] = [Math.log(Math.min(...values)), Math.log(Math.max(...values))];
    const x = (value: number): number => left + ((Math.log(value) - first) / (last - first || 1)) * width;
    const end = own.at(-1)!;
    const [varied, fixed = ''] = title.split(', ');
    const ideal = own.map((row) => [x(row.value), y((end.medianMs * row.flops) / end.flops)] as const);
    return [
      text(left, top - 26, varied!, { size: 11, weight: 600 }),
      text(left, top - 13, fixed, { size: 9.5 }),
      ...y.ticks.map(
        (tick) =>
          line(left, y(tick), left + width, y(tick), '#e4e4e4') +
          text(left - 6, y(tick) + 3, duration(tick), { size: 10, anchor: 'end' }),
      ),
      polyline(
        ideal.filter(([, height]) => height <= top + PANEL),
        '#999999',
        '4 3',
      ),
      polyline(
        own.map((row) => [x(row.value), y(row.medianMs)] as const),
        '#0072b2',
      ),
      ...own.map(
        (row) =>
          mark(x(row.value), y(row.medianMs), '#0072b2', 'circle') +
          text(x(row.value), top + PANEL + 16, `${row.value}`, { size: 10, anchor: 'middle' }),
      ),
    ].join('\n');
  });
  const note = text(20 + gap, top + PANEL + 36, 'Time per step of underglass; dashed: in proportion to the work', {
    size: 10,
  });
  return [...panels, note].join('\n');
}

/** Decades that hold all times, as ticks between two pixels. */
function logScale(rows: readonly Spread[], from: number, to: number): Scale {
  const low = Math.floor(Math.log10(Math.min(...rows.map(({ p10Ms }) => p10Ms))));
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...rows.map(({ p90Ms }) => p90Ms)))));
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
  return Object.assign((value: number) => from + ((Math.log10(value) - low) / (high - low)) * (to - from), { ticks });
}

function duration(milliseconds: number): string {
  if (milliseconds >= 1000) return `${Number((milliseconds / 1000).toPrecision(3))} s`;
  if (milliseconds >= 1) return `${Number(milliseconds.toPrecision(3))} ms`;
  return `${Number((1000 * milliseconds).toPrecision(3))} µs`;
}

interface TextStyle {
  readonly size: number;
  readonly weight?: number;
  readonly anchor?: 'middle' | 'end';
}

function text(x: number, y: number, content: string, { size, weight = 400, anchor }: TextStyle): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const place = anchor ? ` text-anchor="${anchor}"` : '';
  return `<text x="${pixel(x)}" y="${pixel(y)}" font-size="${size}" font-weight="${weight}" fill="#333333"${place}>${escaped}</text>`;
}

function line(x1: number, y1: number, x2: number, y2: number, colour: string, width = 1): string {
  return `<line x1="${pixel(x1)}" y1="${pixel(y1)}" x2="${pixel(x2)}" y2="${pixel(y2)}" stroke="${colour}" stroke-width="${width}"/>`;
}

function polyline(points: readonly (readonly [number, number])[], colour: string, dash = ''): string {
  const path = points.map(([x, y]) => `${pixel(x)},${pixel(y)}`).join(' ');
  const dashed = dash ? ` stroke-dasharray="${dash}"` : '';
  return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="1.5"${dashed}/>`;
}

function mark(x: number, y: number, colour: string, shape: 'circle' | 'square' | 'diamond'): string {
  const style = `fill="${colour}" stroke="#ffffff" stroke-width="0.75"`;
  if (shape === 'circle') return `<circle cx="${pixel(x)}" cy="${pixel(y)}" r="5" ${style}/>`;
  const turned = shape === 'diamond' ? ` transform="rotate(45 ${pixel(x)} ${pixel(y)})"` : '';
  return `<rect x="${pixel(x - 4)}" y="${pixel(y - 4)}" width="8" height="8"${turned} ${style}/>`;
}

function pixel(value: number): string {
  return `${Number(value.toFixed(1))}`;
}
