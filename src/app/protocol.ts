// The messages between the page and its worker: plain data, each tagged with the run that it belongs to.

import type { DeviceInfo, ErrorCode, HistoryEntry, Splits, TrainingState } from '../index';
import type { LearnedEvent, LearnedRequest } from './learned/messages';
import type { Settings } from '../experiment/setting';
import type { Position } from './position';
import type { KernelUse } from './shaders/kernel-use';
import type { TimingsEvent, TimingsRequest } from './timings/messages';

/** Why a run failed: Underglass's own codes, or `internal` for what nobody foresaw. */
export type FailureCode = ErrorCode | 'internal';

/** Why a run failed, for people and for the page's choice of words. */
export interface Failure {
  readonly code: FailureCode;
  /** One sentence. */
  readonly message: string;
}

/** Choices of the tuner by their keys; the worker reaches no storage, so the page keeps them. */
export type TuningChoices = Readonly<Record<string, string>>;

/** What the page asks for. */
export interface RunRequest {
  /** Counts the runs of this page; answers carry it, so that a late one is known as such. */
  readonly run: number;
  readonly settings: Settings;
  /** Evaluate every so many epochs. */
  readonly every: number;
  /** Where to go on from: a run whose device was lost; else the initial weights. */
  readonly from?: TrainingState;
  /** Pause after so many steps: a run that was paused when its device was lost comes back to where it stood. */
  readonly pauseAt?: number;
  /** What tuning chose on earlier visits. */
  readonly tuning: TuningChoices;
  /** Absolute address of the digits: the worker lies in another folder than the page. */
  readonly data: string;
}

/** From the page to the worker. A start while a run goes on replaces that run. */
export type ToWorker =
  | ({ readonly type: 'start' } & RunRequest)
  | { readonly type: 'play' }
  | { readonly type: 'pause' }
  /** Trains one step on and pauses there. */
  | { readonly type: 'step' }
  | LearnedRequest
  | TimingsRequest;

/** What the page shows of the adapter. */
export type AdapterInfo = Pick<DeviceInfo, 'vendor' | 'architecture' | 'description' | 'software'> & {
  /** Whether it offers timestamps, without which no shader can be timed. */
  readonly timestamps: boolean;
};

/** Images in each split. */
export type SplitRows = Readonly<Record<keyof Splits, number>>;

/** News of a run. */
export type Event =
  | {
      readonly type: 'ready';
      readonly adapter: AdapterInfo;
      readonly rows: SplitRows;
      /** What about the features of the training set likely spoils its training, a sentence each. */
      readonly notices: readonly string[];
    }
  | { readonly type: 'running' | 'paused' }
  /** With the evaluation whose weights the network has now, where patience chose them. */
  | { readonly type: 'finished'; readonly best?: HistoryEntry }
  | {
      readonly type: 'progress';
      readonly position: Position;
      /** Over the time since training last began or went on; 0 while unknown. */
      readonly epochsPerSecond: number;
      /** Evaluations since the last message. */
      readonly points: readonly HistoryEntry[];
    }
  /** A state to go on from, should the device be lost. */
  | { readonly type: 'kept'; readonly state: TrainingState }
  /** What a step runs, once it is compiled. */
  | { readonly type: 'kernels'; readonly kernels: readonly KernelUse[] }
  /** The tuner chose. */
  | { readonly type: 'tuned'; readonly key: string; readonly choice: string }
  | ({ readonly type: 'failed' } & Failure)
  | LearnedEvent
  | TimingsEvent;

/** From the worker to the page. */
export type FromWorker = { readonly run: number } & Event;
