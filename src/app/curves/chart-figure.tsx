// One chart with its title, its legend of live values, and the same in words.

import { useSignalEffect } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { HistoryEntry } from '../../index';
import type { Lab } from '../lab';
import { MOST_PAST_RUNS } from '../past-runs';
import { SPLITS, type SplitStyle } from '../splits';
import { Chart } from './chart';
import type { Measure } from './measures';
import { linearRange, logRange } from './scale';
import { columns, entryAt, type SeriesSource } from './series';

export interface ChartFigureProps {
  readonly lab: Lab;
  readonly measure: Measure;
  /** Told the chart once it is made, and undefined when it goes. */
  readonly onChart: (chart: Chart | undefined) => void;
}

export function ChartFigure({ lab, measure, onChart }: ChartFigureProps) {
  const { run, curves } = lab;
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart | undefined>(undefined);
  const logarithmic = measure.scales && curves.logarithmic.value;
  const history = run.history.value;
  const shown = entryAt(history, curves.epoch.value);

  const draw = () => {
    const all = { from: 0, to: run.settings.value.epochs };
    chart.current?.show(columns(sources(lab), measure.key, logarithmic), curves.range.value ?? all);
  };

  useEffect(() => {
    if (!element.current) {
      return undefined;
    }
    const made = new Chart(element.current, {
      logarithmic,
      ends: (least, largest) => {
        if (logarithmic) {
          return logRange(least, largest);
        }
        const whole = curves.range.peek() ? undefined : measure.whole;
        return whole ? [...whole] : linearRange(least, largest, measure.limits);
      },
      format: measure.mark,
      onPoint: (epoch) => {
        curves.epoch.value = epoch;
      },
      onZoom: (range) => curves.zoom(range),
    });
    chart.current = made;
    onChart(made);
    draw();
    return () => {
      chart.current = undefined;
      onChart(undefined);
      made.dispose();
    };
    // An axis cannot change its kind: another scale is another chart.
  }, [logarithmic]);

  useSignalEffect(draw);
  useSignalEffect(() => chart.current?.point(curves.epoch.value));

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

/** Past runs by their validation curve, the latest first, then the three splits of this run. */
function sources({ run }: Lab): SeriesSource[] {
  const past = run.past.value.toReversed();
  return [
    ...Array.from({ length: MOST_PAST_RUNS }, (_, i) => ({ history: past[i]?.history ?? [], split: 'valid' as const })),
    ...SPLITS.map(({ key }) => ({ history: run.history.value, split: key })),
  ];
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
