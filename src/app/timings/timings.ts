// What is known of a run's times: asks the worker on the panel's behalf, and holds its answers and what they are compared with.

import { batch, computed, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { Ceilings, Recording } from '../../index';
import type { Stage } from '../run';
import type { Recorded, TimingsEvent, TimingsRequest } from './messages';
import { keepReference, nameOf, type Reference } from './references';

/** Time from an answer to the next question while training, in ms; and the share of all time that recording may take. */
const ASK_EVERY = 1000;
const ASK_SHARE = 0.1;

/** A recording of the page's own, and the run that it is of. */
export interface OwnRecording extends Recorded {
  readonly run: number;
}

/** Times of the present run, of the adapter, and of what was kept. */
export class Timings {
  /** The latest answer; it stays when the run ends or its device is lost. */
  readonly recorded = signal<OwnRecording | undefined>(undefined);
  readonly ceilings = signal<Ceilings | undefined>(undefined);
  readonly measuring = signal(false);
  /** Why the ceilings could not be measured. */
  readonly fault = signal<string | undefined>(undefined);
  /** Recordings to compare with, and the number of the one that is chosen. */
  readonly references = signal<readonly Reference[]>([]);
  readonly chosen = signal<number | undefined>(undefined);
  /** The latest recording, with the ceilings as far as they are known. */
  readonly recording: ReadonlySignal<Recording | undefined> = computed(() => {
    const recording = this.recorded.value?.recording;
    return recording && { ...recording, ceilings: this.ceilings.value ?? null };
  });
  readonly stage: ReadonlySignal<Stage>;
  readonly #send: (request: TimingsRequest) => void;
  readonly #watchers = signal(0);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #references = 0;

  constructor(stage: ReadonlySignal<Stage>, send: (request: TimingsRequest) => void) {
    this.stage = stage;
    this.#send = send;
    // A panel that comes in sight, or training that begins, goes on or comes to rest: a new recording.
    effect(() => {
      const now = stage.value;
      const watched = this.#watchers.value > 0;
      if (now === 'failed' || now === 'recovering' || now === 'opening') {
        this.measuring.value = false;
      } else if (watched) {
        untracked(() => this.#ask());
      }
    });
  }

  /** Keeps the recording up to date until the returned function is called. */
  watch(): () => void {
    this.#watchers.value++;
    return () => {
      this.#watchers.value--;
    };
  }

  /** Another run begins. The recording of the one before is kept to compare with, and chosen if no other is. */
  begin(): void {
    clearTimeout(this.#timer);
    const { recorded } = this;
    const own = recorded.peek();
    if (own) {
      const number = this.#keep('previous', `run ${own.run}: ${nameOf(own.recording)}`, own.recording);
      if (!this.references.value.some((reference) => reference.number === this.chosen.value))
        this.chosen.value = number;
    }
    recorded.value = undefined;
  }

  /** Keeps the latest recording, or one out of a file, to compare with. */
  keep(): void {
    const own = this.recorded.peek();
    if (own) {
      batch(() => {
        this.chosen.value = this.#keep('kept', `run ${own.run}: ${nameOf(own.recording)}`, own.recording);
      });
    }
  }

  add(name: string, recording: Recording): void {
    batch(() => {
      this.chosen.value = this.#keep('file', name, recording);
    });
  }

  forget(number: number): void {
    batch(() => {
      this.references.value = this.references.value.filter((reference) => reference.number !== number);
      if (this.chosen.value === number) this.chosen.value = this.references.value.at(-1)?.number;
    });
  }

  /** Measures what the adapter can do; training waits meanwhile. */
  measure(again = false): void {
    batch(() => {
      this.measuring.value = true;
      this.fault.value = undefined;
    });
    this.#send({ type: 'measure', again });
  }

  /** @param run the number of the run that it is of */
  receive(event: TimingsEvent, run: number): void {
    if (event.type === 'recording') {
      this.recorded.value = { ...event.recorded, run };
      this.#askLater(event.recorded.milliseconds);
    } else if ('flops' in event.outcome) {
      this.ceilings.value = event.outcome;
      this.measuring.value = false;
    } else {
      this.fault.value = event.outcome.message;
      this.measuring.value = false;
    }
  }

  #ask(): void {
    clearTimeout(this.#timer);
    this.#send({ type: 'record' });
  }

  #askLater(milliseconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        if (this.stage.value === 'running' && this.#watchers.value > 0) this.#ask();
      },
      Math.max(ASK_EVERY, milliseconds / ASK_SHARE),
    );
  }

  #keep(origin: Reference['origin'], name: string, recording: Recording): number {
    const number = ++this.#references;
    const ceilings = recording.ceilings ?? this.ceilings.peek() ?? null;
    this.references.value = keepReference(this.references.peek(), {
      number,
      origin,
      name,
      recording: { ...recording, ceilings },
    });
    return number;
  }
}
