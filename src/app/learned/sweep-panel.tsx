// The sweep: a grid of networks to train, a heat map of how they did, and the best of them.

import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { formatCount, formatPercent } from '../../base/units';
import type { Texts } from '../../experiment/setting';
import { type Grid, widthsText } from '../../train/grid';
import { HeatMap, inWords } from './heat-map';
import { type Findings, isAtWork } from './findings';
import { formatSetting } from './numbers';
import { cellState, type SweepCell, sweepRows } from './sweep-cells';
import { SweepForm } from './sweep-fields';
import { SweepRanking } from './sweep-ranking';
import { isUnderWay, type SweepState } from './sweep-state';

/** Cells that are drawn as a map; the ranking tells of the best of more. */
const MOST_CELLS = 600;

interface SweepPanelProps {
  readonly findings: Findings;
  /** Rows of the training set; undefined while unknown. */
  readonly trainRows: number | undefined;
  /** Sets the run to a configuration of the grid, and starts it. */
  readonly onLoad: (settings: Texts) => void;
}

/** The panel. */
export function SweepPanel({ findings, trainRows, onLoad }: SweepPanelProps) {
  const sweep = findings.sweep.value;
  return (
    <section class="sweep" aria-labelledby="sweep-title">
      <div class="section-head">
        <h2 id="sweep-title">Sweep</h2>
        <p>{sweep ? `${formatCount(sweep.swept.size)} of ${formatCount(sweep.networks)} networks done` : ''}</p>
      </div>
      <p class="note">
        Trains a whole grid of networks, many in the same dispatches, ranks them by their accuracy on the validation
        images, and trains the best again from new weights. Lists are <code>0.1,0.2</code>, <code>linspace:0:1:5</code>{' '}
        or <code>logspace:-2:2:10</code>; seeds <code>0..4</code>; layers <code>48,32|64|none</code>.
      </p>
      <SweepForm findings={findings} trainRows={trainRows} isReady={isAtWork(findings.stage.value)} />
      {sweep && <Outcome sweep={sweep} onLoad={onLoad} />}
    </section>
  );
}

interface OutcomeProps {
  readonly sweep: SweepState;
  readonly onLoad: (settings: Texts) => void;
}

function Outcome({ sweep, onLoad }: OutcomeProps) {
  const { grid } = sweep.plan;
  const rows = useMemo(() => sweepRows(grid), [grid]);
  const pointed = useSignal<SweepCell | undefined>(undefined);
  const cells = rows.length * grid.l2.length;
  const isBusy = isUnderWay(sweep);
  const load = (cell: SweepCell, index: number) => {
    if (isBusy) return;
    onLoad(loadable(sweep, cell, grid.seeds[index - cell.first] ?? grid.seeds[0]!));
  };
  const cell = pointed.value;
  const state = cell && cellState(sweep.swept, cell, grid.seeds.length, sweep.current);
  const winner = sweep.winner;
  const winningCell = winner && rows.flatMap((row) => row.cells).find((each) => isIn(each, winner.index, grid));
  return (
    <div class="outcome">
      <progress value={sweep.fraction} max={1} aria-label="Share of the sweep done" />
      <p class="sweep-status" role="status">
        {statusOf(sweep)}
      </p>
      {sweep.losses > 0 && (
        <p class="note">
          The GPU was lost {sweep.losses === 1 ? 'once' : `${sweep.losses} times`}. What was finished stayed; what was
          in training begins again, to the same bits.
        </p>
      )}
      {sweep.refused && (
        <p class="note">
          {formatCount(sweep.refused.networks)} of them {sweep.refused.networks === 1 ? 'was' : 'were'} left out:{' '}
          {sweep.refused.reason}.
        </p>
      )}
      {sweep.phase === 'training' && sweep.training > 0 && (
        <p class="note">
          {formatCount(sweep.training)} in training, at epoch {formatCount(sweep.epoch)} of{' '}
          {formatCount(sweep.plan.epochs)}
        </p>
      )}
      {cells > MOST_CELLS ? (
        <p class="note">A map of {formatCount(cells)} configurations would be too fine to read; the best are below.</p>
      ) : (
        <>
          <HeatMap
            grid={grid}
            rows={rows}
            swept={sweep.swept}
            current={sweep.current}
            onPoint={(next) => {
              pointed.value = next;
            }}
            onChoose={(next) => load(next, cellState(sweep.swept, next, grid.seeds.length).best ?? next.first)}
          />
          <p class="pointed">
            {cell && state ? (
              <>
                <b>{settingsText(cell, grid)}</b> {inWords(state, grid.seeds.length)}
                {isBusy ? '' : '. Press to train it in the lab.'}
              </>
            ) : (
              `Mean validation accuracy over ${grid.seeds.length === 1 ? 'one seed' : `${grid.seeds.length} seeds`}, in ` +
              'percent; ✕ where training diverged. Once the sweep is over, pressing a cell trains that network in the lab.'
            )}
          </p>
        </>
      )}
      {winner && winningCell && sweep.phase === 'finished' && (
        <div class="winner">
          <p>
            <b>The best: {settingsText(winningCell, grid)}.</b>{' '}
            {winner.evaluation ? (
              <>
                Trained again from new weights with seed {winner.seed}, it reads{' '}
                <b data-testid="winner">{formatPercent(winner.evaluation.test.accuracy)}</b> of the test images rightly
                (validation {formatPercent(winner.evaluation.valid.accuracy)}).
              </>
            ) : (
              `Trained again with seed ${winner.seed} it diverged; use a smaller learning rate.`
            )}
          </p>
          <button type="button" onClick={() => onLoad(loadable(sweep, winningCell, winner.seed))}>
            Train it in the lab
          </button>
        </div>
      )}
      <SweepRanking sweep={sweep} rows={rows} />
    </div>
  );
}

function isIn({ first }: SweepCell, index: number, { seeds }: Grid): boolean {
  return index >= first && index < first + seeds.length;
}

function statusOf({ phase, networks, swept, failure, winner }: SweepState): string {
  switch (phase) {
    case 'training':
      return `Training ${formatCount(networks)} networks; the lab’s own training rests.`;
    case 'recovering':
      return 'The GPU was lost; the sweep goes on once another is open.';
    case 'retraining':
      return 'The grid is done; the best configuration trains again from new weights.';
    case 'finished':
      return winner
        ? 'The sweep is done.'
        : 'The sweep is done, and every network diverged; use smaller learning rates.';
    case 'stopped':
      return `Stopped after ${formatCount(swept.size)} of ${formatCount(networks)} networks.`;
    default:
      return `The sweep failed: ${failure?.message ?? 'for no known reason'}`;
  }
}

/** A cell's numbers, as far as the grid varies them; λ always. */
export function settingsText({ l2, lr, momentum, layers }: SweepCell, grid: Grid): string {
  return [
    `λ ${formatSetting(l2)}`,
    ...(grid.layers.length > 1 ? [widthsText(layers)] : []),
    ...(grid.lr.length > 1 ? [`α ${lr}`] : []),
    ...(grid.momentum.length > 1 ? [`μ ${momentum}`] : []),
  ].join(', ');
}

/** What a network of the grid trains with, as the form takes it. */
function loadable({ plan }: SweepState, { layers, lr, momentum, l2 }: SweepCell, seed: number): Texts {
  const { batch, epochs, grid } = plan;
  const numbers = Object.entries({ lr, momentum, l2, batch, epochs, seed }).map(([name, value]) => [name, `${value}`]);
  return { layers: widthsText(layers), output: grid.output, ...Object.fromEntries(numbers) };
}
