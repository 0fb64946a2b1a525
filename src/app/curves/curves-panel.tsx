// The panel of curves: loss and accuracy of the three splits, the runs before, and what the result means.

import { useComputed } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { formatCount } from '../../base/units';
import { sizesOf } from '../../experiment/build';
import { writeLink } from '../model/link';
import type { Settings } from '../../experiment/setting';
import type { PanelProps } from '../panels';
import { SPLITS } from '../splits';
import type { Chart } from './chart';
import { ChartFigure } from './chart-figure';
import { historyCsv } from './csv';
import { Glossary } from './glossary';
import { HistoryTable } from './history-table';
import { MEASURES } from './measures';
import { chartPicture, download } from './picture';
import { PastLegend } from './past-legend';
import { Results } from './results';
import { entryAt } from './series';
import { ViewBar } from './view-bar';

/** Both charts. The pointer over one shows the values of that epoch in both. */
export function CurvesPanel({ lab }: PanelProps) {
  const { run, curves } = lab;
  const charts = useRef(new Map<string, Chart>());
  const history = run.history.value;
  const shown = useComputed(() => entryAt(run.history.value, curves.epoch.value)).value;
  const savePicture = async () => {
    const pictures = MEASURES.flatMap(({ key, title, format }) => {
      const chart = charts.current.get(key);
      const values = SPLITS.map((split) => format(shown?.[split.key][key] ?? Number.NaN));
      return chart ? [{ title, canvas: chart.canvas, values }] : [];
    });
    const caption = `${describe(run.settings.value)}, at epoch ${formatCount(shown?.epoch ?? 0)}`;
    download('underglass-curves.png', await chartPicture(pictures, caption));
  };
  const saveTable = () => {
    const present = { number: run.number.value, settings: run.settings.value, history };
    const text = historyCsv([...run.past.value, present]);
    download('underglass-curves.csv', new Blob([text], { type: 'text/csv' }));
  };
  return (
    <div class="stack">
      <section class="curves" aria-labelledby="curves-title">
        <div class="section-head">
          <h2 id="curves-title">Curves</h2>
          <p>{shown ? `at epoch ${formatCount(shown.epoch)}` : 'at epoch –'}</p>
          <div class="actions">
            <button type="button" class="quiet" disabled={!shown} onClick={() => void savePicture()}>
              PNG
            </button>
            <button type="button" class="quiet" disabled={!shown} onClick={saveTable}>
              CSV
            </button>
          </div>
        </div>
        <ViewBar lab={lab} />
        <div class="charts">
          {MEASURES.map((measure) => (
            <ChartFigure
              key={measure.key}
              lab={lab}
              measure={measure}
              onChart={(chart) => {
                if (chart) {
                  charts.current.set(measure.key, chart);
                } else {
                  charts.current.delete(measure.key);
                }
              }}
            />
          ))}
        </div>
        <PastLegend lab={lab} />
        <HistoryTable history={history} />
      </section>
      <div class="pair">
        <Results run={run} />
        <Glossary run={run} />
      </div>
    </div>
  );
}

/** Settings in one line: the network, and the query of the link that trains it. */
function describe(settings: Settings): string {
  return [sizesOf(settings).join(' → '), writeLink(settings) || 'the tutorial’s settings'].join(', ');
}
