// The sweeper: trains the grid that the page asks for, then the best configuration again, and tells how it goes.

import {
  type Configuration,
  type Device,
  rank,
  type Splits,
  sweep,
  type SweepEntry,
  Trainer,
  UnderglassError,
} from '../../index';
import { gridConfigurations } from '../../train/grid';
import { reasonOf } from '../../gpu/loss';
import { describeFailure } from '../failure';
import type { LearnedRequest, SweepNews, SweepPlan, SweptNetwork, Winner } from './messages';

/** Time between two messages where no network came to its end, in ms. */
const PROGRESS_INTERVAL = 100;

/** What a sweep is asked with: its plan, and what is finished of it. */
export type SweepRequest = Pick<Extract<LearnedRequest, { type: 'sweep' }>, 'sweep' | 'finished'>;

/** Runs one sweep at a time. */
export class Sweeper {
  readonly #post: (news: SweepNews) => void;
  #abort = new AbortController();
  #ended: Promise<void> = Promise.resolve();

  constructor(post: (news: SweepNews) => void) {
    this.#post = post;
  }

  /** Begins a sweep, or goes on with one that has finished networks, once the one before it has stopped. */
  start(open: () => Promise<{ device: Device; splits: Splits }>, { sweep: plan, finished }: SweepRequest): void {
    void this.stop();
    const abort = new AbortController();
    this.#abort = abort;
    this.#ended = this.#ended.then(() => this.#run(open, plan, finished, abort.signal));
  }

  /** Ends the sweep after the work in flight; resolves when it holds nothing more. */
  stop(): Promise<void> {
    this.#abort.abort();
    return this.#ended;
  }

  async #run(
    open: () => Promise<{ device: Device; splits: Splits }>,
    plan: SweepPlan,
    before: readonly SweptNetwork[],
    signal: AbortSignal,
  ): Promise<void> {
    let device: Device | undefined;
    try {
      const opened = await open();
      device = opened.device;
      const { splits } = opened;
      const configurations = gridConfigurations(plan.grid, splits.train);
      this.#post({ kind: 'begun', networks: configurations.length });
      const best = await this.#trainAll(device, splits, plan, configurations, before, signal);
      if (signal.aborted) {
        this.#post({ kind: 'stopped' });
        return;
      }
      const index = best && configurations.indexOf(best);
      if (best === undefined || index === undefined) {
        this.#post({ kind: 'finished', winner: undefined });
        return;
      }
      const winner: Winner = { index, seed: Math.max(...plan.grid.seeds) + 1 };
      this.#post({ kind: 'retraining', winner });
      const finished = await retrain(device, splits, plan, { ...best, seed: winner.seed }, signal);
      this.#post(signal.aborted ? { kind: 'stopped' } : { kind: 'finished', winner: { ...winner, ...finished } });
    } catch (error) {
      this.#post({ kind: 'failed', ...describeFailure(device ? await reasonOf(device, error) : error) });
    }
  }

  /** The best configuration; undefined where every network diverged, or the sweep was stopped. */
  async #trainAll(
    device: Device,
    splits: Splits,
    { batch, epochs }: SweepPlan,
    all: readonly Configuration[],
    before: readonly SweptNetwork[],
    signal: AbortSignal,
  ): Promise<Configuration | undefined> {
    const places = new Map(all.map((configuration, index) => [configuration, index]));
    const done = before.map(({ index, evaluation }): SweepEntry => ({ configuration: all[index]!, evaluation }));
    const known = new Set(done.map(({ configuration }) => configuration));
    const configurations = all.filter((configuration) => !known.has(configuration));
    let told = 0;
    let posted = Number.NEGATIVE_INFINITY;
    let trained: readonly SweepEntry[] = [];
    let left = 0;
    let shown: readonly SweepEntry[] = [];
    const placed = ({ configuration, evaluation }: SweepEntry): SweptNetwork => ({
      index: places.get(configuration)!,
      evaluation,
    });
    const options = { configurations, splits, batch, epochs, signal };
    for await (const state of configurations.length > 0 ? sweep(device, options) : []) {
      const { finished, refused, training, epoch, current } = state;
      const news = finished.slice(told).map(placed);
      told = finished.length;
      trained = finished;
      if (refused.length > left) {
        this.#post({ kind: 'refused', networks: refused.length, reason: refused.at(-1)!.reason });
        left = refused.length;
      }
      const now = performance.now();
      if (news.length > 0 || now - posted >= PROGRESS_INTERVAL) {
        posted = now;
        const fresh = current === shown ? {} : { current: current.map(placed) };
        shown = current;
        const fraction = (done.length + state.fraction * configurations.length) / all.length;
        this.#post({ kind: 'progress', finished: news, training, epoch, fraction, ...fresh });
      }
    }
    const found = new Map([...done, ...trained].map((entry) => [entry.configuration, entry]));
    const [best] = signal.aborted ? [] : rank(all.flatMap((configuration) => found.get(configuration) ?? []));
    return best?.validAccuracy && best.configuration;
  }
}

/** Trains one network to its end; nothing where it diverged or was stopped. */
async function retrain(
  device: Device,
  splits: Splits,
  { batch, epochs }: SweepPlan,
  configuration: Configuration,
  signal: AbortSignal,
): Promise<Pick<Winner, 'evaluation'>> {
  const trainer = await Trainer.create(device, { ...configuration, splits, batch, profile: false });
  try {
    for await (const { epoch, evaluation } of trainer.run({ epochs, every: epochs, signal })) {
      if (epoch === epochs && evaluation) {
        return { evaluation };
      }
    }
    return {};
  } catch (error) {
    if (error instanceof UnderglassError && error.code === 'diverged') {
      return {};
    }
    throw error;
  } finally {
    trainer.dispose();
  }
}
