// The state of a training: all that it takes to go on elsewhere as if nothing had been between.

import { requireWhole } from '../base/checks';
import { UnderglassError } from '../base/errors';
import { RandomState, type RandomStreamState } from '../base/random';
import { fingerprint } from '../data/dataset';
import { ruleOf } from '../nn/optimiser';
import type { LayerParameters } from '../nn/network';
import { checkParameters } from '../nn/network-checks';
import type { WatchState } from '../nn/schedules';
import type { Judgement } from './decisions';
import type { Divergence } from './divergence';
import type { GroupOptions } from './group-options';
import type { ScoreSums } from './running-mean';
import type { RateChange } from './step-numbers';

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
  /** The fingerprint of the training set. */
  readonly data: number;
  /** The stream that draws the row orders, as it was when the epoch under way began. */
  readonly random: RandomStreamState;
  /** In the order of the group; a `Trainer` has one. */
  readonly members: readonly MemberState[];
}

/** What tells one network of a training from the others. */
export interface MemberState {
  readonly parameters: readonly LayerParameters[];
  /** What the optimiser remembers: the tensors of its rule's `state`, each laid out like the parameters. */
  readonly optimiserState: readonly (readonly LayerParameters[])[];
  /** What early stopping knows, where it is asked for, and the best parameters so far. */
  readonly judgement?: Judgement;
  readonly best?: readonly LayerParameters[];
  /** What a schedule remembers that watches the loss, and the last change that it made. */
  readonly watched?: WatchState;
  readonly rateChange?: RateChange;
  /** Of the batches of the epoch under way. */
  readonly sums: ScoreSums;
  readonly divergence: Divergence | undefined;
}

/**
 * Checks that a training can go on from a state.
 *
 * @throws UnderglassError `data` where it is no state, or not whole; `shape` where it is of other networks, batches or data than
 *   are to be trained
 */
export function checkState(
  state: TrainingState,
  { network, members, splits }: Pick<GroupOptions, 'network' | 'members' | 'splits'>,
  stepsAnEpoch: number,
): void {
  const refuse = (has: string, trains: string): never => {
    throw new UnderglassError(
      'shape',
      `the state to go on from has ${has}, but this training ${trains}; go on with the options that it was taken with`,
    );
  };
  const whole =
    isObject(state) &&
    isObject(state.random) &&
    Array.isArray(state.members) &&
    state.members.every((member) => isObject(member) && isObject(member.sums) && Array.isArray(member.optimiserState));
  if (!whole) {
    throw new UnderglassError(
      'data',
      'the state to go on from is not whole; give what state() gave, as structured clone keeps it',
    );
  }
  requireWhole("The state's number of steps", state.step, { code: 'data', remedy: 'take the state again' });
  RandomState.from(state.random);
  if (state.members.length !== members.length) {
    refuse(`${state.members.length} networks`, `trains ${members.length}`);
  }
  if (state.stepsAnEpoch !== stepsAnEpoch) {
    refuse(`${state.stepsAnEpoch} steps an epoch`, `has ${stepsAnEpoch}`);
  }
  for (const [member, { parameters, optimiserState, best }] of state.members.entries()) {
    const { optimiser } = members[member]!;
    const { state: tensors } = ruleOf(optimiser);
    if (optimiserState.length !== tensors.length) {
      const count = `${optimiserState.length} ${optimiserState.length === 1 ? 'tensor' : 'tensors'}`;
      refuse(`${count} of an optimiser's state`, `needs ${tensors.length} for ${optimiser.kind}`);
    }
    checkParameters("the state's parameters", network, parameters);
    for (const layers of optimiserState) checkParameters("the state's optimiser tensors", network, layers);
    if (best !== undefined) checkParameters("the state's best parameters", network, best);
  }
  if (state.data !== fingerprint(splits.train)) {
    refuse('another training set', `trains on ${splits.train.name}`);
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
