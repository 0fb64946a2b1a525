// The curves of loss and accuracy, with a legend of live values and a table for those who read rather than look.

import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { formatCount, formatPercent } from '../base/units';
import type { HistoryEntry, Score } from '../index';
import { Chart, type ChartData } from './chart';
import { HistoryTable } from './history-table';
import type { TrainingRun } from './run';
import { SPLITS, type SplitStyle } from './splits';

/** One of the two charts. */
interface Measure {
  readonly key: keyof Score;
  readonly title: string;
  readonly note: string;
  readonly format: (value: number) => string;
  readonly tick: (value: number) => string;
  readonly range: (largest: number) => [number, number];
}

const MEASURES: readonly Measure[] = [
  {
    key: 'loss',
    title: 'Loss',
    note: 'how wrong it is; lower is better',
    format: (value) => (Number.isFinite(value) ? value.toFixed(4) : '–'),
    tick: (value) => value.toFixed(1),
    // The tutorial's loss starts near 2.4 and cannot fall below ln(e + 9) - 1 = 1.461.
    range: (largest) => [1.4, Math.max(2.4, Math.ceil(largest * 5) / 5)],
  },
  {
    key: 'accuracy',
    title: 'Accuracy',
    note: 'how many digits it reads rightly',
    format: formatPercent,
    tick: (value) => `${Math.round(value * 100)}%`,
    range: () => [0, 1],
  },
];

/** Both charts. The pointer over one shows the values of that epoch in both. */
export function Curves({ run }: { readonly run: TrainingRun }) {
  const point = useSignal<number | undefined>(undefined);
  const history = run.history.value;
  const shown = history[point.value ?? history.length - 1] ?? history.at(-1);
  return (
    <section class="curves" aria-labelledby="curves-title">
      <div class="section-head">
        <h2 id="curves-title">Curves</h2>
        <p>{shown ? `at epoch ${formatCount(shown.epoch)}` : 'before the first epoch'}</p>
      </div>
      <div class="charts">
        {MEASURES.map((measure) => (
          <Figure
            key={measure.key}
            measure={measure}
            epochs={run.epochs}
            history={history}
            shown={shown}
            onPoint={(index) => {
              point.value = index;
            }}
          />
        ))}
      </div>
      <HistoryTable history={history} />
    </section>
  );
}

interface FigureProps {
  readonly measure: Measure;
  readonly epochs: number;
  readonly history: readonly HistoryEntry[];
  readonly shown: HistoryEntry | undefined;
  readonly onPoint: (index: number | undefined) => void;
}

function Figure({ measure, epochs, history, shown, onPoint }: FigureProps) {
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart | undefined>(undefined);

  useEffect(() => {
    if (!element.current) {
      return undefined;
    }
    const made = new Chart(element.current, { epochs, range: measure.range, format: measure.tick, onPoint });
    chart.current = made;
    return () => {
      chart.current = undefined;
      made.dispose();
    };
    // Made once: later renders give it the same.
  }, []);

  useEffect(() => chart.current?.show(chartData(history, measure.key)), [history]);

  return (
    <figure>
      <figcaption>
        <h3>{measure.title}</h3>
        <span>{measure.note}</span>
      </figcaption>
      <div class="plot" ref={element} role="img" aria-label={summary(measure, history)} />
      <ul class="legend">
        {SPLITS.map((split) => (
          <li key={split.key}>
            <Swatch split={split} />
            <span>{split.name}</span>
            <b>{measure.format(shown?.[split.key][measure.key] ?? Number.NaN)}</b>
          </li>
        ))}
      </ul>
    </figure>
  );
}

function Swatch({ split: { colour, dash } }: { readonly split: SplitStyle }) {
  return (
    <svg class="swatch" viewBox="0 0 26 4" aria-hidden="true">
      <path d="M0 2h26" stroke={`var(${colour})`} stroke-width="2.5" stroke-dasharray={dash.join(' ')} />
    </svg>
  );
}

function chartData(history: readonly HistoryEntry[], key: keyof Score): ChartData {
  return [
    history.map(({ epoch }) => epoch),
    ...SPLITS.map((split) => history.map((entry) => finite(entry[split.key][key]))),
  ];
}

/** A gap in the curve where a value is no number. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

/** The chart in one sentence. */
function summary({ key, title, format }: Measure, history: readonly HistoryEntry[]): string {
  const first = history[0];
  const last = history.at(-1);
  if (!first || !last) {
    return `${title} over the epochs: no values yet.`;
  }
  const parts = SPLITS.map(
    (split) => `${split.name} ${format(first[split.key][key])} to ${format(last[split.key][key])}`,
  );
  return `${title} from epoch ${first.epoch} to ${last.epoch}: ${parts.join(', ')}.`;
}
