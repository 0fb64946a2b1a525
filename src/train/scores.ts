// The scores of a training: each network's mean over the epoch under way, and which networks diverged.

import type { Network } from '../nn/network';
import { type Divergence, findStrangeNumbers } from './divergence';
import type { MemberReport } from './group-options';
import { RunningMean } from './running-mean';
import type { Setup } from './setup';
import type { MemberState } from './state';
import { type Finished, scorePlace } from './submits';

/** An epoch that is complete. */
export interface EpochScores {
  readonly epoch: number;
  readonly members: readonly MemberReport[];
}

/** Takes the scores of submits in their order, and stops networks that diverge. */
export class Scores {
  readonly #network: Network;
  readonly #setup: Setup;
  readonly #means: readonly RunningMean[];
  readonly #divergences: (Divergence | undefined)[];

  /** @param from the state to go on from, network by network */
  constructor(network: Network, members: number, setup: Setup, from: readonly MemberState[] | undefined) {
    this.#network = network;
    this.#setup = setup;
    this.#means = Array.from({ length: members }, (_, i) => new RunningMean(from?.[i]!.sums));
    this.#divergences = Array.from({ length: members }, (_, i) => from?.[i]!.divergence);
  }

  /** How each network left the finite numbers; undefined while it has not. */
  get divergences(): readonly (Divergence | undefined)[] {
    return this.#divergences;
  }

  /** What a later training needs of a network's scores to go on. */
  stateOf(member: number): Pick<MemberState, 'sums' | 'divergence'> {
    return { sums: this.#means[member]!.sums, divergence: this.#divergences[member] };
  }

  /** Adds what a submit left. @returns the epochs that it completes */
  async take(finished: Finished): Promise<EpochScores[]> {
    const { first, end, evaluations } = finished;
    for (const member of this.#means.keys()) {
      if (!this.#divergences[member]) {
        await this.#watch(finished, member);
      }
    }
    const { table, plan } = this.#setup;
    const epochs: EpochScores[] = [];
    for (let step = first; step < end; step++) {
      const { rows } = table.ranges[step % table.ranges.length]!;
      for (const [member, mean] of this.#means.entries()) {
        const at = scorePlace(this.#setup, step, member);
        mean.add(finished.scores[at]!, finished.scores[at + 1]!, rows);
      }
      const done = step + 1;
      if (done % plan.stepsAnEpoch === 0) {
        const members = this.#means.map((mean, i) => {
          const divergence = this.#divergences[i];
          return {
            batches: mean.take(),
            evaluation: done === end ? evaluations?.[i] : undefined,
            stopped: false,
            divergence: divergence && divergence.step <= done ? divergence : undefined,
          };
        });
        epochs.push({ epoch: done / plan.stepsAnEpoch, members });
      }
    }
    return epochs;
  }

  /** Stops a network whose loss is no longer finite, after a look at which of its tensors are. */
  async #watch({ first, end, scores, evaluations }: Finished, member: number): Promise<void> {
    let step = first;
    while (step < end && Number.isFinite(scores[scorePlace(this.#setup, step, member)]!)) {
      step++;
    }
    const losses = Object.values(evaluations?.[member] ?? {}).map(({ loss }) => loss);
    if (step === end && losses.every(Number.isFinite)) {
      return;
    }
    const strange = findStrangeNumbers(this.#network, await this.#setup.contents.parameters(member));
    const found = step < end ? 'batch' : 'evaluation';
    this.#divergences[member] = { step: Math.min(step + 1, end), found, ...strange };
    this.#setup.contents.freeze(member);
  }
}
