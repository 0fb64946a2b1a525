// What a file of this folder says of a learning-rate schedule: the factor that the learning rate is multiplied with.

import type { NumberSettings, SettingValues } from '../number-setting';

/** What every schedule has. `Name` is that of its settings. */
interface Schedule<Name extends string> {
  /** For people: `cosine`. */
  readonly label: string;
  /** What it does, in one short sentence. */
  readonly hint: string;
  readonly settings: NumberSettings<Name>;
  /** Whether it must know how many epochs the whole training has. */
  readonly planned?: true;
}

/** A schedule that depends on nothing but the step. */
export interface PlannedScheduleRule<Name extends string = string> extends Schedule<Name> {
  readonly watches?: undefined;
  /** What the learning rate of this step is multiplied with, from 0 to 1. */
  factor(settings: SettingValues<Name>, at: SchedulePosition): number;
}

/** A schedule that follows the mean training loss of each epoch: a state machine, as plain data. */
export interface WatchingScheduleRule<Name extends string = string> extends Schedule<Name> {
  readonly watches: 'loss';
  /** Before the first epoch. */
  readonly start: WatchState;
  /** The state after an epoch of that loss; its factor holds for the next one. */
  after(settings: SettingValues<Name>, state: WatchState, loss: number): WatchState;
}

export type ScheduleRule<Name extends string = string> = PlannedScheduleRule<Name> | WatchingScheduleRule<Name>;

/** Which step it is. */
export interface SchedulePosition {
  /** Steps done, over the whole training. */
  readonly step: number;
  /** Whole epochs done. */
  readonly epoch: number;
  readonly stepsAnEpoch: number;
  /** Epochs of the whole training, at least 1. */
  readonly epochs: number;
  /** Rows of an epoch. */
  readonly rows: number;
}

/** What a watching schedule remembers. */
export interface WatchState {
  /** What the learning rate is multiplied with. */
  readonly factor: number;
  /** The least loss so far. */
  readonly best: number;
  /** Epochs in a row that did not better it. */
  readonly waited: number;
}
