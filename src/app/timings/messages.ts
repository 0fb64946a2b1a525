// The messages about times, beside those of the training: what the panel asks of the worker, and the answers.

import type { Ceilings, Recording } from '../../index';
import type { Failure } from '../protocol';

/** What the panel asks the worker for. */
export type TimingsRequest =
  /** The recording of the run so far; answered by a `recording` as soon as there is one, while training after the epoch that is under way. */
  | { readonly type: 'record' }
  /** What the adapter can do at most; answered by `ceilings`. Training waits meanwhile. */
  | {
      readonly type: 'measure';
      /** Measure even what is remembered. */
      readonly again: boolean;
    };

/** The answers. */
export type TimingsEvent =
  | { readonly type: 'recording'; readonly recorded: Recorded }
  | { readonly type: 'ceilings'; readonly outcome: Ceilings | Failure };

/** A recording, and what belongs to the page that shows it. */
export interface Recorded {
  readonly recording: Recording;
  /** When its time line begins, in ms since 1970: the worker's clock and the page's count from different moments. */
  readonly originMs: number;
  /** Steps that were timed operation by operation, whether they are kept or not. */
  readonly timedSteps: number;
  /** Submits of its run that are kept: more than its time line has while training goes on. */
  readonly submits: number;
  /** That its making took in the worker. */
  readonly milliseconds: number;
}
