// A chart: curves over the epochs, drawn by uPlot in the page's colours.

import { effect } from '@preact/signals';
import uPlot from 'uplot';
import { MOST_PAST_RUNS } from '../past-runs';
import { SPLITS } from '../splits';
import { shownTheme } from '../theme';
import { logMarks } from './scale';
import type { Columns } from './series';
import type { EpochRange } from './view';

/** What one chart shows. */
export interface ChartOptions {
  readonly logarithmic: boolean;
  readonly format: (value: number) => string;
  /** The ends of the vertical axis, from the least and the largest value in sight. */
  readonly ends: (least: number, largest: number) => [number, number];
  /** Told the epoch under the pointer, or undefined when it leaves. */
  readonly onPoint: (epoch: number | undefined) => void;
  /** Told the epochs that the reader dragged over, or undefined for all of them. */
  readonly onZoom: (range: EpochRange | undefined) => void;
}

/** The custom properties that colour past runs, the latest first. */
export const PAST_COLOURS = Array.from({ length: MOST_PAST_RUNS }, (_, i) => `--past-${i + 1}`);

const LARGEST_WIDTH_OF_FEW_TICKS = 420;
/** A drag over less is a click, in pixels. */
const SHORTEST_DRAG = 5;

/** Owns one uPlot and the observers that keep it in shape. Its series are the past runs, then the three splits. */
export class Chart {
  readonly #plot: uPlot;
  readonly #observer: ResizeObserver;
  readonly #forgetTheme: () => void;
  #range: EpochRange = { from: 0, to: 1 };

  constructor(element: HTMLElement, options: ChartOptions) {
    const size = wholePixels(element.getBoundingClientRect());
    const empty: Columns = [[], ...Array.from({ length: MOST_PAST_RUNS + SPLITS.length }, () => [])];
    const range = (): uPlot.Range.MinMax => [this.#range.from, this.#range.to];
    this.#plot = new uPlot(plotOptions(size, range, options), empty, element);
    this.#observer = new ResizeObserver(([entry]) => {
      if (entry) {
        this.#plot.setSize(wholePixels(entry.contentRect));
      }
    });
    this.#observer.observe(element);
    this.#forgetTheme = effect(() => {
      void shownTheme.value;
      this.#plot.redraw(false);
    });
  }

  /** What is drawn, for a picture of it. */
  get canvas(): HTMLCanvasElement {
    return this.#plot.ctx.canvas;
  }

  show(data: Columns, range: EpochRange): void {
    this.#range = range;
    this.#plot.setData(data);
  }

  /** Puts the cursor on an epoch, as the pointer would. */
  point(epoch: number | undefined): void {
    const left = epoch === undefined ? -10 : this.#plot.valToPos(epoch, 'x');
    if (Math.abs((this.#plot.cursor.left ?? -10) - left) > 0.5) {
      this.#plot.setCursor({ left, top: epoch === undefined ? -10 : 0 }, false);
    }
  }

  dispose(): void {
    this.#forgetTheme();
    this.#observer.disconnect();
    this.#plot.destroy();
  }
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function wholePixels({ width, height }: Size): Size {
  return { width: Math.floor(width), height: Math.floor(height) };
}

function plotOptions(
  size: Size,
  range: () => uPlot.Range.MinMax,
  { logarithmic, ends, format, onPoint, onZoom }: ChartOptions,
): uPlot.Options {
  const font = `12px ${getComputedStyle(document.body).fontFamily}`;
  const axis: uPlot.Axis = {
    font,
    stroke: () => colour('--muted'),
    grid: { stroke: () => colour('--rule'), width: 1 },
    ticks: { show: false },
  };
  const marks: Partial<uPlot.Axis> = logarithmic
    ? { splits: (_, __, low, high) => logMarks(low, high), filter: (_, splits) => splits }
    : {};
  return {
    ...size,
    padding: [8, 20, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false },
      sync: { key: 'curves', setSeries: false },
      points: { size: 6 },
      bind: {
        dblclick: () => () => {
          onZoom(undefined);
          return null;
        },
      },
    },
    scales: {
      x: { time: false, range },
      y: {
        distr: logarithmic ? 3 : 1,
        range: (_, least, largest) => ends(least, largest),
      },
    },
    axes: [
      { ...axis, size: 30, space: size.width < LARGEST_WIDTH_OF_FEW_TICKS ? 80 : 60, incrs: WHOLE_STEPS },
      { ...axis, ...marks, size: 52, space: 40, values: (_, splits) => splits.map(format) },
    ],
    series: [
      {},
      ...PAST_COLOURS.map(
        (property): uPlot.Series => ({
          stroke: () => colour(property),
          width: 1.25,
          pxAlign: 0,
          points: { show: false },
        }),
      ),
      ...SPLITS.map(
        ({ name, colour: property, dash }): uPlot.Series => ({
          label: name,
          stroke: () => colour(property),
          width: 2,
          // Whole pixels would turn a gentle slope into steps.
          pxAlign: 0,
          dash: [...dash],
          points: { show: false },
        }),
      ),
    ],
    hooks: {
      setCursor: [
        (plot) => {
          const { idx } = plot.cursor;
          onPoint(idx === null || idx === undefined ? undefined : plot.data[0][idx]);
        },
      ],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width >= SHORTEST_DRAG) {
            onZoom({ from: plot.posToVal(left, 'x'), to: plot.posToVal(left + width, 'x') });
          }
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

/** There is no half epoch. */
const WHOLE_STEPS = [1, 2, 5]
  .flatMap((digit) => Array.from({ length: 6 }, (_, power) => digit * 10 ** power))
  .toSorted((a, b) => a - b);

/** A custom property of the page as a colour. */
export function colour(property: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(property).trim();
}
