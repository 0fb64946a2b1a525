// The state of a training: all that it takes to go on elsewhere as if nothing had been between.

import { UnderglassError } from '../base/errors';
import type { RandomStreamState } from '../base/random';
import { type LayerParameters, type Network, networkSizes } from '../nn/network';
import type { Divergence } from './divergence';
import type { ScoreSums } from './running-mean';

/**
 * Where a training stands, as plain data.
 *
 * A training that goes on from it, on this device or on another of the same adapter, gives the
 * bits of one that was never interrupted. Structured clone keeps it whole.
 */
export interface TrainingState {
  /** Steps made since the initial weights. */
  readonly step: number;
  /** Steps of a whole epoch, which tell where in its epoch the next one lies. */
  readonly stepsAnEpoch: number;
  /** The stream that draws the row orders, as it was when the epoch under way began. */
  readonly random: RandomStreamState;
  /** In the order of the group; a `Trainer` has one. */
  readonly members: readonly MemberState[];
}

/** What tells one network of a training from the others. */
export interface MemberState {
  readonly parameters: readonly LayerParameters[];
  /** What the last update added to each parameter, which momentum carries on. */
  readonly velocities: readonly LayerParameters[];
  /** Of the batches of the epoch under way. */
  readonly sums: ScoreSums;
  readonly divergence: Divergence | undefined;
}

/** @throws UnderglassError `shape` where a state is of other networks, or of other batches, than are to be trained */
export function checkState(state: TrainingState, network: Network, members: number, stepsAnEpoch: number): void {
  const refuse = (has: string, trains: string): never => {
    throw new UnderglassError(
      'shape',
      `the state to go on from has ${has}, but this training ${trains}; go on with the options that it was taken with`,
    );
  };
  if (state.members.length !== members) {
    refuse(`${state.members.length} networks`, `trains ${members}`);
  }
  if (state.stepsAnEpoch !== stepsAnEpoch) {
    refuse(`${state.stepsAnEpoch} steps an epoch`, `has ${stepsAnEpoch}`);
  }
  for (const { parameters, velocities } of state.members) {
    for (const layers of [parameters, velocities]) {
      const fits =
        layers.length === network.layers.length &&
        network.layers.every(
          ({ inputs, outputs }, i) => layers[i]!.w.length === inputs * outputs && layers[i]!.b.length === outputs,
        );
      if (!fits) {
        const weights = layers.map(({ w, b }) => `${w.length} + ${b.length}`).join(', ');
        refuse(`layers of ${weights} parameters`, `trains ${networkSizes(network).join('-')}`);
      }
    }
  }
}
