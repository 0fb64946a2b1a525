// Where a sweep stands, as the page knows it, and what the worker's news make of it.

import { formatCount } from '../../base/units';
import type { Failure } from '../protocol';
import type { SweepNews, SweepPlan, SweptNetwork, Winner } from './messages';
import type { SweptNetworks } from './sweep-cells';

/** Where a sweep stands. */
export interface SweepState {
  readonly plan: SweepPlan;
  /** `recovering` from the loss of the device until another is at work. */
  readonly phase: 'training' | 'retraining' | 'recovering' | 'finished' | 'stopped' | 'failed';
  /** Networks that came to their end, by their place in the grid. */
  readonly swept: SweptNetworks;
  /** Networks in training as last evaluated, by their place in the grid. */
  readonly current: SweptNetworks;
  readonly networks: number;
  /** Networks in training now, and the epoch that they have reached. */
  readonly training: number;
  readonly epoch: number;
  readonly fraction: number;
  /** Devices lost so far, and those of them that came without a network finished between. */
  readonly losses: number;
  readonly lossesInARow: number;
  /** Networks left out because the adapter cannot hold them, and why. */
  readonly refused?: { readonly networks: number; readonly reason: string };
  readonly winner?: Winner;
  readonly failure?: Failure;
}

/** Losses without a network finished between them that a sweep survives: what is lost more often is no mishap. */
const MOST_LOSSES = 3;

const NONE: SweptNetworks = new Map();

/** A sweep that was asked for. */
export function beginning(plan: SweepPlan, networks: number): SweepState {
  const start = { swept: NONE, current: NONE, networks, training: 0, epoch: 0, fraction: 0 };
  return { plan, phase: 'training', ...start, losses: 0, lossesInARow: 0 };
}

/** Whether a sweep still trains, or will again. */
export function isUnderWay({ phase }: SweepState): boolean {
  return phase === 'training' || phase === 'retraining' || phase === 'recovering';
}

/** A sweep that ended before its end. */
export function stopped(sweep: SweepState): SweepState {
  const { winner: _, ...state } = sweep;
  return { ...state, phase: 'stopped', current: NONE, training: 0 };
}

/** A sweep that knows what the worker told. */
export function afterNews(state: SweepState, news: SweepNews): SweepState {
  switch (news.kind) {
    case 'begun':
      return { ...state, phase: 'training', networks: news.networks };
    case 'progress': {
      const { finished, training, epoch, fraction } = news;
      // The same maps while nothing is new, so that nothing is drawn again.
      const swept = finished.length > 0 ? new Map([...state.swept, ...byPlace(finished)]) : state.swept;
      const current = news.current ? byPlace(news.current) : state.current;
      const lossesInARow = finished.length > 0 ? 0 : state.lossesInARow;
      return { ...state, swept, current, training, epoch, fraction, lossesInARow };
    }
    case 'refused':
      return { ...state, refused: { networks: news.networks, reason: news.reason } };
    case 'retraining':
      return { ...state, phase: 'retraining', current: NONE, training: 1, winner: news.winner };
    case 'finished':
      return { ...state, phase: 'finished', training: 0, ...(news.winner ? { winner: news.winner } : {}) };
    case 'stopped':
      return stopped(state);
    default:
      return {
        ...state,
        phase: 'failed',
        current: NONE,
        training: 0,
        failure: { code: news.code, message: news.message },
      };
  }
}

/** A sweep whose device was lost: it waits for another, or fails where that came too often. What is finished stays. */
export function afterLoss(state: SweepState): SweepState {
  const [losses, lossesInARow] = [state.losses + 1, state.lossesInARow + 1];
  const sofar = { ...state, current: NONE, training: 0, losses, lossesInARow };
  if (lossesInARow <= MOST_LOSSES) return { ...sofar, phase: 'recovering' };
  const message =
    `the GPU was lost ${lossesInARow} times without a network finished between; ` +
    `${formatCount(state.swept.size)} of ${formatCount(state.networks)} networks are finished, ` +
    'try the others with narrower layers or a smaller batch.';
  return { ...sofar, phase: 'failed', failure: { code: 'device-lost', message } };
}

function byPlace(networks: readonly SweptNetwork[]): SweptNetworks {
  return new Map(networks.map((network) => [network.index, network]));
}
