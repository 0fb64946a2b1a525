// The messages about what a network learned, beside those of the training: requests of the panels, and the answers.

import type {
  Activation,
  BatchSize,
  Evaluation,
  FirstLayer,
  GradientCheckReport,
  LayerSpread,
  Reading,
  Splits,
} from '../../index';
import type { Grid } from '../../train/grid';
import type { Position } from '../position';
import type { Failure } from '../protocol';

/** What the panels ask the worker for. */
export type LearnedRequest =
  /** A look at the network as it is; answered by an `inspection`, while training after the epoch that is under way. */
  | { readonly type: 'inspect'; readonly split: keyof Splits }
  /** The images of a split; answered by `images`. */
  | { readonly type: 'images'; readonly split: keyof Splits }
  /** An image for the network to read, now and at each later inspection; answered by `reading`. Undefined for none. */
  | { readonly type: 'read'; readonly image: Float32Array | undefined }
  /**
   * A sweep, for which training pauses; answered by `sweep`. One under way is stopped first.
   *
   * `finished` are the networks that need no training: where a device was lost, the sweep goes on from there.
   */
  | { readonly type: 'sweep'; readonly sweep: SweepPlan; readonly finished: readonly SweptNetwork[] }
  | { readonly type: 'stop-sweep' }
  /** A gradient check of the run's network; answered by `check`. */
  | { readonly type: 'check' };

/** The answers. */
export type LearnedEvent =
  | { readonly type: 'inspection'; readonly inspection: Inspection }
  | { readonly type: 'images'; readonly images: Images }
  | { readonly type: 'reading'; readonly reading: ImageReading }
  | { readonly type: 'sweep'; readonly news: SweepNews }
  | { readonly type: 'check'; readonly outcome: GradientCheckReport | Failure };

/** A network looked at between two steps. */
export interface Inspection {
  /** Where it stood then. */
  readonly position: Position;
  readonly split: keyof Splits;
  readonly output: Activation;
  readonly rows: number;
  readonly classes: number;
  /** [rows]. */
  readonly labels: Uint32Array;
  /** [rows]. */
  readonly predicted: Uint32Array;
  /** [rows, classes]. */
  readonly probabilities: Float32Array;
  /** [classes, classes]: rows the right class, columns the answer. */
  readonly confusion: Uint32Array;
  /** Rows answered wrongly, the worst first; not all, where they are many. */
  readonly mistakes: Uint32Array;
  readonly firstLayer: FirstLayer;
  readonly spreads: readonly LayerSpread[];
  readonly memory: readonly GpuBuffer[];
  /** That its making took in the worker, reading from the GPU apart. */
  readonly milliseconds: number;
}

/** A buffer on the GPU. */
export interface GpuBuffer {
  readonly label: string;
  readonly bytes: number;
}

/** The images of a split. */
export interface Images {
  readonly split: keyof Splits;
  readonly columns: number;
  /** [rows, columns]. */
  readonly pixels: Float32Array;
  readonly labels: Uint32Array;
}

/** What the network answers to the image that it was given. */
export interface ImageReading extends Reading {
  /** Where the network stood that read it. */
  readonly position: Position;
  /** The image itself, so that a late answer is known as such. */
  readonly image: Float32Array;
  readonly output: Activation;
  readonly layers: readonly { readonly name: string; readonly activation: Activation }[];
}

/** What to sweep, and how long each network trains. */
export interface SweepPlan {
  readonly grid: Grid;
  readonly batch: BatchSize;
  readonly epochs: number;
}

/** A network of a sweep at the end of its training, by its place in the grid. */
export interface SweptNetwork {
  readonly index: number;
  /** Undefined where the training diverged. */
  readonly evaluation: Evaluation | undefined;
}

/** What there is to tell of a sweep. */
export type SweepNews =
  | { readonly kind: 'begun'; readonly networks: number }
  | {
      readonly kind: 'progress';
      /** Networks that came to their end since the last message. */
      readonly finished: readonly SweptNetwork[];
      /** Networks in training now, and the epoch that they have reached. */
      readonly training: number;
      readonly epoch: number;
      /** Those networks as last evaluated; left out where nothing new is known. */
      readonly current?: readonly SweptNetwork[];
      /** Share of all epochs of all networks that are done. */
      readonly fraction: number;
    }
  /** Networks left out so far because the adapter cannot hold them, and why it could not the last of them. */
  | { readonly kind: 'refused'; readonly networks: number; readonly reason: string }
  /** The best configuration begins again from new weights. */
  | { readonly kind: 'retraining'; readonly winner: Winner }
  | { readonly kind: 'finished'; readonly winner: Winner | undefined }
  | { readonly kind: 'stopped' }
  | ({ readonly kind: 'failed' } & Failure);

/** The best configuration of a sweep, trained again with a seed of its own. */
export interface Winner {
  /** A place in the grid of one of its networks. */
  readonly index: number;
  readonly seed: number;
  /** Undefined while it trains, and where that diverged. */
  readonly evaluation?: Evaluation;
}
