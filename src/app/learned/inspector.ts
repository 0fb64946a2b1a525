// The inspector: looks at the network in training, between two steps, whenever the page asks.

import {
  confusionMatrix,
  firstLayer,
  type LayerParameters,
  layerSpreads,
  predict,
  readImage,
  type Splits,
  type Trainer,
  worstMistakes,
} from '../../index';
import { type Position, positionAfter } from '../position';
import type { GpuBuffer, ImageReading, Inspection, LearnedEvent } from './messages';

/** Bins of every histogram. */
const BINS = 40;

/** Mistakes that are told of. */
const MOST_MISTAKES = 24;

/** Units of the first layer whose weights are sent. */
const MOST_UNITS = 128;

/** What was read from the GPU at one moment. */
interface Snapshot {
  readonly position: Position;
  readonly parameters: readonly LayerParameters[];
  readonly gradients: readonly LayerParameters[] | undefined;
  readonly memory: readonly GpuBuffer[];
}

/**
 * Answers requests to look at one trainer's network.
 *
 * While steps are being submitted, it looks only when told that none comes in between, so that all
 * tensors are of one moment; at rest it answers at once, and after the end from what it saw last.
 */
export class Inspector {
  readonly #trainer: Trainer;
  readonly #post: (event: LearnedEvent) => void;
  #latest: Snapshot | undefined;
  /** Whether no step has been made since the latest snapshot. */
  #resting = false;
  #wanted: keyof Splits | undefined;
  #image: Float32Array | undefined;

  constructor(trainer: Trainer, post: (event: LearnedEvent) => void) {
    this.#trainer = trainer;
    this.#post = post;
  }

  /** Looks at the network and its answers to a split; while training, as soon as {@link between} comes. */
  inspect(split: keyof Splits): void {
    this.#wanted = split;
    if (this.#resting) {
      this.#answer();
    }
  }

  /** Shows the network an image, now and at each later look; undefined for none. */
  read(image: Float32Array | undefined): void {
    this.#image = image;
    this.#postReading();
  }

  /** Answers what was asked, between two steps of a training that goes on. */
  async between(): Promise<void> {
    this.#resting = false;
    // A divergence is known before the reports of the epochs that led to it are all told.
    if (this.#trainer.divergence) {
      return;
    }
    if (this.#wanted !== undefined || (this.#image && !this.#latest)) {
      await this.#look();
    }
  }

  /** Takes a last look before training rests, to answer from until it goes on; the trainer may be disposed after it. */
  async rest(): Promise<void> {
    await this.#look();
    this.#resting = true;
  }

  async #look(): Promise<void> {
    const { step, stepsAnEpoch, hasGradients, device } = this.#trainer;
    const position = positionAfter(step, stepsAnEpoch);
    const parameters = await this.#trainer.parameters();
    const gradients = hasGradients ? await this.#trainer.gradients() : undefined;
    this.#latest = { position, parameters, gradients, memory: device.buffers };
    this.#answer();
  }

  #answer(): void {
    const split = this.#wanted;
    this.#wanted = undefined;
    if (split !== undefined && this.#latest) {
      this.#post({ type: 'inspection', inspection: inspectionOf(this.#trainer, this.#latest, split) });
    }
    this.#postReading();
  }

  #postReading(): void {
    const image = this.#image;
    if (!image || !this.#latest) {
      return;
    }
    const { position, parameters } = this.#latest;
    const { network } = this.#trainer.options;
    const reading: ImageReading = {
      ...readImage(network, parameters, image),
      position,
      image,
      output: network.layers.at(-1)!.activation,
      layers: network.layers,
    };
    this.#post({ type: 'reading', reading });
  }
}

function inspectionOf(trainer: Trainer, snapshot: Snapshot, split: keyof Splits): Inspection {
  const began = performance.now();
  const { network, splits } = trainer.options;
  const { position, parameters, gradients, memory } = snapshot;
  const data = splits[split];
  const predictions = predict(network, parameters, data);
  const { rows, classes, predicted, probabilities } = predictions;
  return {
    position,
    split,
    output: network.layers.at(-1)!.activation,
    rows,
    classes,
    labels: data.labels,
    predicted,
    probabilities,
    confusion: confusionMatrix(predictions, data.labels),
    mistakes: worstMistakes(predictions, data.labels, MOST_MISTAKES),
    firstLayer: firstLayer(network, parameters, MOST_UNITS),
    spreads: layerSpreads(network, parameters, predictions, gradients, BINS),
    memory,
    milliseconds: performance.now() - began,
  };
}
