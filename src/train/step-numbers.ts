// The numbers of the steps in the table: what each reads of its member's optimiser, resolved in float64.

import type { Device } from '../gpu/device';
import { upload } from '../gpu/tensor';
import { numbersStruct } from '../kernels/structs';
import { type EpochShape, type Optimiser, updateNumbers } from '../nn/optimiser';
import type { UpdateNumbers } from '../nn/optimisers';
import { schedules } from '../nn/schedules';
import { valueNames } from '../program/lower';
import type { Memory } from '../schedule/memory';

const { fields, size } = numbersStruct;
const FLOATS = size / Float32Array.BYTES_PER_ELEMENT;
const place = (field: keyof typeof fields) => fields[field].offset / Float32Array.BYTES_PER_ELEMENT;
const [RATE, L2, SHRINK, OWN] = [place('rate'), place('l2'), place('shrink'), place('own')];

/** Steps that differ where any do: the first two, and one far on. */
const FAR = 1_000_000;

/** A change of the factor of a learning rate. */
export interface RateChange {
  /** The first step with the new factor. */
  readonly step: number;
  readonly before: number;
  readonly after: number;
}

/** Writes the numbers of the table's steps, turn by turn: each turn of the table is so many steps of the training. */
export class StepNumbers {
  readonly #device: Device;
  readonly #memory: Memory;
  readonly #optimisers: readonly Optimiser[];
  readonly #shape: EpochShape;
  /** Steps of the table. */
  readonly #steps: number;
  /** Whether every step reads the same numbers. */
  readonly #steady: boolean;
  readonly #values: Float32Array<ArrayBuffer>;
  readonly #stopped = new Set<number>();
  /** For members whose schedule watches the training: the factors of the learning rate before a step, and from it on. */
  readonly #changes = new Map<number, RateChange>();
  /** The training's step that the table begins with. */
  #first = 0;

  /** @param optimisers each member's */
  constructor(device: Device, memory: Memory, optimisers: readonly Optimiser[], steps: number, shape: EpochShape) {
    this.#device = device;
    this.#memory = memory;
    this.#optimisers = optimisers;
    this.#steps = steps;
    this.#shape = shape;
    this.#steady = optimisers.every((optimiser) => {
      if (schedules[optimiser.schedule.kind].watches) {
        return false;
      }
      const [one, other, far] = [0, 1, FAR].map((step) => JSON.stringify(updateNumbers(optimiser, step, shape)));
      return one === other && one === far;
    });
    this.#values = new Float32Array(FLOATS * optimisers.length * steps);
  }

  /** Writes the numbers that training begins with; no member is stopped. */
  reset(): void {
    this.#stopped.clear();
    this.#changes.clear();
    this.#first = 0;
    this.#write();
  }

  /** Writes the numbers of the turn that begins with a step of the training. */
  beginTurn(step: number): void {
    this.#first = step;
    if (!this.#steady) {
      this.#write();
    }
  }

  /** Writes the numbers of the turn that a step of the training lies in, and stops members: nothing moves their parameters. */
  goOn(step: number, stopped: Iterable<number>): void {
    for (const member of stopped) {
      this.#stopped.add(member);
    }
    this.#first = step - (step % this.#steps);
    this.#write();
  }

  /** Changes the factor of a member's learning rate from a step on, which is yet to be submitted. */
  changeRate(member: number, change: RateChange): void {
    this.#changes.set(member, change);
    this.#write();
  }

  /** The last change of a member's learning rate, if there was one. */
  rateChange(member: number): RateChange | undefined {
    return this.#changes.get(member);
  }

  /** Stops members from the next step on. */
  stop(members: Iterable<number>): void {
    this.goOn(this.#first, members);
  }

  #write(): void {
    const members = this.#optimisers.length;
    for (const [member, optimiser] of this.#optimisers.entries()) {
      const still = this.#stopped.has(member);
      const l2 = still ? 0 : optimiser.l2;
      let numbers: UpdateNumbers | undefined;
      for (let i = 0; i < this.#steps; i++) {
        if (!numbers || !this.#steady) {
          numbers = updateNumbers(optimiser, this.#first + i, this.#shape, this.#factors(member, this.#first + i));
        }
        const entry = FLOATS * (i * members + member);
        this.#values[entry + RATE] = still ? 0 : numbers.rate;
        this.#values[entry + L2] = l2;
        this.#values[entry + SHRINK] = still ? 0 : numbers.shrink;
        this.#values.set(numbers.own, entry + OWN);
      }
    }
    upload(this.#device, this.#memory.tensor(valueNames.numbers), this.#values);
  }

  /** The factors of the learning rate in a step and in the one before it; undefined where the schedule has planned them. */
  #factors(member: number, step: number): readonly [number, number] | undefined {
    const change = this.#changes.get(member);
    if (!change) {
      return undefined;
    }
    const factor = (at: number) => (at < change.step ? change.before : change.after);
    return [factor(step), factor(Math.max(0, step - 1))];
  }
}
