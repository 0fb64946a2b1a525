// The workbench: answers what the page's panels ask beside the training, in the worker.
//
// Sweeps and gradient checks are loaded when they are first asked for.

import type { Device, Network, Splits } from '../../index';
import { describeFailure } from '../failure';
import type { Inspector } from './inspector';
import type { LearnedEvent, LearnedRequest } from './messages';
import type { Sweeper, SweepRequest } from './sweeper';

/** Rows and elements of the check: a second's work on two cores, and every tensor's errors show in them. */
const CHECKED_ROWS = 128;
const CHECKED_ELEMENTS = 30;

/** What the workbench has to know of the session that it belongs to. */
export interface Surroundings {
  /** The run's inspector; undefined while there is no network. */
  readonly inspector: () => Inspector | undefined;
  /** The run's network; undefined while there is none. */
  readonly network: () => Network | undefined;
  /** The device and the data, opened if they are not. */
  readonly open: () => Promise<{ device: Device; splits: Splits }>;
  /** Lets the training rest, so that a sweep has the device for itself. */
  readonly pause: () => void;
  readonly post: (event: LearnedEvent) => void;
}

/** Takes each request to whoever answers it. */
export class Workbench {
  readonly #around: Surroundings;
  /** Undefined before the first sweep. */
  #sweeper: Promise<Sweeper> | undefined;
  #request: Pick<Extract<LearnedRequest, { type: 'inspect' }>, 'split'> | undefined;
  #image: Float32Array | undefined;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  receive(request: LearnedRequest): void {
    const { inspector, pause } = this.#around;
    switch (request.type) {
      case 'inspect':
        this.#request = request;
        inspector()?.inspect(request.split);
        break;
      case 'read':
        this.#image = request.image;
        inspector()?.read(request.image);
        break;
      case 'images':
        void this.#sendImages(request.split);
        break;
      case 'sweep':
        pause();
        void this.#sweep(request);
        break;
      case 'stop-sweep':
        void this.stop();
        break;
      case 'check':
        void this.#check();
        break;
    }
  }

  /** Asks a new run's inspector what was last asked of the one before. */
  greet(inspector: Inspector): void {
    if (this.#request) {
      inspector.inspect(this.#request.split);
    }
    inspector.read(this.#image);
  }

  /** Ends the sweep, if there is one; resolves when it holds nothing more. */
  async stop(): Promise<void> {
    await (await this.#sweeper)?.stop();
  }

  async #sweep(request: SweepRequest): Promise<void> {
    const { open, post } = this.#around;
    try {
      this.#sweeper ??= import('./sweeper').then(({ Sweeper }) => new Sweeper((news) => post({ type: 'sweep', news })));
      (await this.#sweeper).start(open, request);
    } catch (error) {
      this.#sweeper = undefined;
      post({ type: 'sweep', news: { kind: 'failed', ...describeFailure(error) } });
    }
  }

  async #sendImages(split: keyof Splits): Promise<void> {
    const opened = await this.#around.open().catch(() => undefined);
    if (!opened) {
      // The run tells of it.
      return;
    }
    const { splits } = opened;
    const { columns, features, labels } = splits[split];
    this.#around.post({ type: 'images', images: { split, columns, pixels: features, labels } });
  }

  async #check(): Promise<void> {
    const { network, open, post } = this.#around;
    try {
      const { device, splits } = await open();
      const { gradientCheck } = await import('../../train/gradient-check');
      const checked = network();
      if (checked) {
        const options = { device, rows: CHECKED_ROWS, elements: CHECKED_ELEMENTS };
        post({ type: 'check', outcome: await gradientCheck(checked, splits.train, options) });
      }
    } catch (error) {
      post({ type: 'check', outcome: describeFailure(error) });
    }
  }
}
