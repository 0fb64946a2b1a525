// Contents of a group's memory: what training begins from, and what it leaves.

import { RandomState, type RandomStreamState } from '../base/random';
import type { Device } from '../gpu/device';
import { download, type Tensor, upload } from '../gpu/tensor';
import { epochOrder } from '../nn/batches';
import { initialParameters, type LayerParameters } from '../nn/network';
import { ruleOf } from '../nn/optimiser';
import { valueNames } from '../program/lower';
import { downloadGradient } from '../schedule/gradients';
import type { Memory } from '../schedule/memory';
import type { GroupOptions } from './group-options';
import type { TrainingPlan } from './plan';
import { isOver, stoppingOf } from './decisions';
import type { MemberState, TrainingState } from './state';
import { type RateChange, StepNumbers } from './step-numbers';
import { uploadParameters, uploadSplit } from './uploads';

/** Fills and reads the memory of a group. */
export class Contents {
  readonly #device: Device;
  readonly #memory: Memory;
  readonly #options: GroupOptions;
  readonly #plan: TrainingPlan;
  readonly #numbers: StepNumbers;
  #random: RandomState;
  /** Where the stream stood when the orders in memory were drawn, and the first epoch of the table that it drew. */
  #drawn: { readonly from: RandomStreamState; readonly epoch: number };

  constructor(device: Device, memory: Memory, options: GroupOptions, plan: TrainingPlan) {
    this.#device = device;
    this.#memory = memory;
    this.#options = options;
    this.#plan = plan;
    const optimisers = options.members.map(({ optimiser }) => optimiser);
    this.#numbers = new StepNumbers(device, memory, optimisers, plan.ranges.length, {
      stepsAnEpoch: plan.stepsAnEpoch,
      rows: plan.dataRows,
    });
    this.#random = new RandomState(options.members[0]!.seed);
    this.#drawn = { from: this.#random.state, epoch: 0 };
    uploadSplit(device, memory, 'train', options.splits.train);
    this.reset();
  }

  /** Initial parameters, no state; the order of the first epochs is drawn next. */
  reset(): void {
    const { network, members } = this.#options;
    this.#memory.clear(this.#device);
    const streams = members.map(({ seed }) => new RandomState(seed));
    for (const [member, stream] of streams.entries()) {
      uploadParameters(this.#device, this.#memory, network, initialParameters(network, stream), member);
    }
    this.#random = streams[0]!;
    this.#drawn = { from: this.#random.state, epoch: this.#epochPlace(0) };
    this.#numbers.reset();
    if (!this.#plan.shuffled) {
      this.#uploadOrder(0);
    }
  }

  /** Parameters, optimisers' state and row orders as a training left them. */
  restore({ step, random, members }: TrainingState): void {
    const { network } = this.#options;
    for (const [member, { parameters, optimiserState }] of members.entries()) {
      uploadParameters(this.#device, this.#memory, network, parameters, member);
      for (const [i, name] of this.#stateNames.entries()) {
        const nameOf = (parameter: string) => valueNames.state(parameter, name);
        uploadParameters(this.#device, this.#memory, network, optimiserState[i]!, member, nameOf);
      }
    }
    const stopping = stoppingOf(this.#options);
    const over = ({ divergence, judgement }: MemberState) => divergence !== undefined || isOver(stopping, judgement);
    for (const [member, { rateChange }] of members.entries()) {
      if (rateChange) {
        this.#numbers.changeRate(member, rateChange);
      }
    }
    this.#numbers.goOn(
      step,
      members.flatMap((member, i) => (over(member) ? [i] : [])),
    );
    this.#random = RandomState.from(random);
    const epoch = this.#epochPlace(step);
    this.#drawn = { from: random, epoch };
    this.drawOrder(epoch);
  }

  /** The stream of the row orders as it stood when the epoch of a step was to be drawn; not before the orders in memory. */
  stream(step: number): RandomStreamState {
    const stream = RandomState.from(this.#drawn.from);
    for (let { epoch } = this.#drawn; epoch < this.#epochPlace(step); epoch++) {
      epochOrder(this.#plan.dataRows, this.#options.batch, stream);
    }
    return stream.state;
  }

  /** Draws the row orders and writes the numbers of the table's next turn, which begins with a step of the training. */
  beginTurn(step: number): void {
    this.drawOrder();
    this.#numbers.beginTurn(step);
  }

  /** Draws the row order of every epoch that the table holds, from one of them on; that of full batches never changes. */
  drawOrder(epoch = 0): void {
    this.#drawn = { from: this.#random.state, epoch };
    if (this.#plan.shuffled) {
      this.#uploadOrder(epoch);
    }
  }

  #uploadOrder(epoch: number): void {
    const order = this.#memory.find(valueNames.order('train'));
    if (!order) {
      return;
    }
    const { batch } = this.#options;
    const { dataRows: rows } = this.#plan;
    const entries = new Uint32Array(order.columns);
    for (let start = epoch * rows; start < entries.length; start += rows) {
      entries.set(epochOrder(rows, batch, this.#random), start);
    }
    upload(this.#device, order, entries);
  }

  /** Stops a member: from zero parameters, state and rate it goes nowhere, and computes nothing strange. */
  freeze(member: number): void {
    uploadParameters(this.#device, this.#memory, this.#options.network, this.#zeros, member);
    this.halt(member);
  }

  /** Ends a member's training: its parameters stay as they are. */
  halt(member: number): void {
    this.#numbers.stop([member]);
    this.#clearState(member);
  }

  /** Changes what a member's learning rate is multiplied with, from a step on that is yet to be submitted. */
  changeRate(member: number, step: number, before: number, after: number): void {
    this.#numbers.changeRate(member, { step, before, after });
  }

  /** The last change of a member's learning rate, if there was one. */
  rateChange(member: number): RateChange | undefined {
    return this.#numbers.rateChange(member);
  }

  /** A member's parameters, each w [inputs, outputs] and b [outputs]. */
  parameters(member: number): Promise<LayerParameters[]> {
    return this.#layers(valueNames.w, valueNames.b, (name) =>
      download(this.#device, this.#memory.tensor(name), member),
    );
  }

  /** What a member's optimiser remembers: tensor by tensor of its rule's state, each laid out like the parameters. */
  async optimiserState(member: number): Promise<LayerParameters[][]> {
    const { w, b, state } = valueNames;
    const tensors: LayerParameters[][] = [];
    for (const tensor of this.#stateNames) {
      tensors.push(
        await this.#layers(
          (layer) => state(w(layer), tensor),
          (layer) => state(b(layer), tensor),
          (name) => download(this.#device, this.#memory.tensor(name), member),
        ),
      );
    }
    return tensors;
  }

  /**
   * A member's gradients of the last step's mean loss, with the L2 term, as the update used them; where the weights
   * before the update cannot be told, the L2 term is that of the weights after it.
   *
   * @param rows of the last batch
   * @param decayed whether the gradients in memory already have the L2 term
   * @param arena gradients laid out like the parameters, where they are not where the program has them
   */
  async gradients(member: number, rows: number, decayed: boolean, arena?: Tensor): Promise<LayerParameters[]> {
    const { w, b, dw, db } = valueNames;
    const sums = arena
      ? await this.#layers(w, b, (name) => download(this.#device, this.#within(arena, name), member))
      : await this.#layers(dw, db, (name, layer) => downloadGradient(this.#device, this.#memory, name, layer, member));
    const after = await this.parameters(member);
    const { optimiser } = this.#options.members[member]!;
    // Fused, the L2 term enters at the update; the weights it saw are those of now less their last move, which is sgd's velocity.
    const l2 = decayed ? 0 : optimiser.l2;
    const moved = optimiser.kind === 'sgd' && !optimiser.settings['nesterov'];
    const last = moved ? (await this.optimiserState(member))[0]! : [];
    return sums.map((layer, i) => ({
      w: layer.w.map((sum, k) => (sum + l2 * (after[i]!.w[k]! - (last[i]?.w[k] ?? 0))) / rows),
      b: layer.b.map((sum) => sum / rows),
    }));
  }

  /** Parameters and optimisers' state of all members as they lie in memory: what a step changes for good. */
  async state(): Promise<Float32Array[]> {
    const arenas = ['parameter', 'state'].map((name) => this.#memory.tensor(name));
    const states: Float32Array[] = [];
    for (const arena of arenas) {
      for (let member = 0; member < arena.members; member++) {
        states.push(await download(this.#device, arena, member));
      }
    }
    return states;
  }

  /** The epoch of the table that a step is in; before the orders of its next turn are drawn, the one after the last. */
  #epochPlace(step: number): number {
    const { ranges, stepsAnEpoch } = this.#plan;
    const place = step % ranges.length;
    return (place === 0 ? ranges.length : place - (place % stepsAnEpoch)) / stepsAnEpoch;
  }

  /** Without velocity nothing moves a parameter whose rate is zero. */
  #clearState(member: number): void {
    for (const name of this.#stateNames) {
      const nameOf = (parameter: string) => valueNames.state(parameter, name);
      uploadParameters(this.#device, this.#memory, this.#options.network, this.#zeros, member, nameOf);
    }
  }

  get #zeros(): LayerParameters[] {
    return this.#options.network.layers.map(({ inputs, outputs }) => ({
      w: new Float64Array(inputs * outputs),
      b: new Float64Array(outputs),
    }));
  }

  /** The tensors of the optimisers' state; a group's optimisers are of one kind. */
  get #stateNames(): readonly string[] {
    return ruleOf(this.#options.members[0]!.optimiser).state;
  }

  /** The tensor in an arena that lies where a parameter lies in its own. */
  #within(arena: Tensor, name: string): Tensor {
    const parameter = this.#memory.tensor(name);
    const { buffer, memberStride } = arena;
    return { ...parameter, buffer, memberStride, offset: arena.offset + parameter.offset };
  }

  async #layers(
    w: (layer: string) => string,
    b: (layer: string) => string,
    read: (name: string, layer: number) => Promise<Float32Array>,
  ): Promise<LayerParameters[]> {
    const layers: LayerParameters[] = [];
    for (const [i, { name }] of this.#options.network.layers.entries()) {
      layers.push({ w: Float64Array.from(await read(w(name), i)), b: Float64Array.from(await read(b(name), i)) });
    }
    return layers;
  }
}
