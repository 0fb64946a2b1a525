// A chart: three curves over the epochs, drawn by uPlot in the page's colours.

import uPlot from 'uplot';
import { SPLITS } from './splits';

/** What one chart shows. */
export interface ChartOptions {
  readonly epochs: number;
  /** Lower and upper end of the vertical axis, from the largest value so far. */
  readonly range: (largest: number) => [number, number];
  readonly format: (value: number) => string;
  /** Told the index of the point under the pointer, or undefined when it leaves. */
  readonly onPoint: (index: number | undefined) => void;
}

/** Epochs, then the values of each split; null where a value is no finite number. */
export type ChartData = [number[], ...(number | null)[][]];

const HEIGHT = 260;
const LARGEST_WIDTH_OF_FEW_TICKS = 420;

/** Owns one uPlot and the observers that keep it in shape. */
export class Chart {
  readonly #plot: uPlot;
  readonly #observer: ResizeObserver;
  readonly #scheme = matchMedia('(prefers-color-scheme: dark)');
  readonly #repaint = () => this.#plot.redraw(false);

  constructor(element: HTMLElement, options: ChartOptions) {
    const { width } = element.getBoundingClientRect();
    this.#plot = new uPlot(plotOptions(width, options), [[], [], [], []], element);
    this.#observer = new ResizeObserver(([entry]) => {
      if (entry) {
        this.#plot.setSize({ width: Math.floor(entry.contentRect.width), height: HEIGHT });
      }
    });
    this.#observer.observe(element);
    this.#scheme.addEventListener('change', this.#repaint);
  }

  show(data: ChartData): void {
    this.#plot.setData(data);
  }

  dispose(): void {
    this.#scheme.removeEventListener('change', this.#repaint);
    this.#observer.disconnect();
    this.#plot.destroy();
  }
}

function plotOptions(width: number, { epochs, range, format, onPoint }: ChartOptions): uPlot.Options {
  const font = `12px ${getComputedStyle(document.body).fontFamily}`;
  const axis: uPlot.Axis = {
    font,
    stroke: () => colour('--muted'),
    grid: { stroke: () => colour('--rule'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: Math.floor(width),
    height: HEIGHT,
    padding: [8, 20, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false, setScale: false },
      sync: { key: 'curves', setSeries: false },
      points: { size: 6 },
    },
    scales: {
      x: { time: false, range: [0, epochs] },
      y: { range: (_, __, largest) => range(largest) },
    },
    axes: [
      { ...axis, size: 30, space: width < LARGEST_WIDTH_OF_FEW_TICKS ? 80 : 60 },
      { ...axis, size: 52, space: 44, values: (_, splits) => splits.map(format) },
    ],
    series: [
      {},
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
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined)] },
  };
}

function colour(property: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(property).trim();
}
