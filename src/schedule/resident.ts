// The resident runner: one workgroup a member runs whole steps, many a dispatch.

import { Owned } from '../base/ownership';
import type { Device } from '../gpu/device';
import { tensorBindings, TENSOR_GROUP } from '../gpu/pipelines';
import { Arena, type Tensor, type TensorSpec } from '../gpu/tensor';
import type { Variant } from '../kernels/kernel';
import { partNumber } from '../kernels/parts';
import { resident } from '../kernels/resident';
import { type Activation, activations as rules } from '../nn/activations';
import { gradientLeaf } from '../program/cost';
import { valueNames } from '../program/lower';
import type { Program } from '../program/program';
import type { Network } from '../nn/network';
import { type OptimiserName, optimisers } from '../nn/optimisers';
import type { Memory } from './memory';
import type { Runner } from './runner';

const { shader, runStruct, layerStruct } = resident;

/** How the steps cut the data set. */
export interface StepPlan {
  readonly network: Network;
  readonly optimiser: OptimiserName;
  readonly dataRows: number;
  readonly batchRows: number;
  readonly stepsAnEpoch: number;
  /** Whether the order of the rows changes from epoch to epoch. */
  readonly shuffled: boolean;
}

/** Numbers to a vec4f. */
const VECTOR = 4;
const BYTES = 4;

/** Activations of a member, at most: more do not stay near one workgroup, and it would take too long for a step. */
const MOST_ACTIVATIONS = 2 ** 22;

/** Whether a network is small enough that one workgroup may train it. */
export function fitsResident(program: Program, { network, batchRows }: StepPlan): boolean {
  const width = network.layers.reduce((sum, { inputs, outputs }) => sum + inputs + 2 * outputs, 0);
  return (
    program.name === 'fused' &&
    network.layers.length <= resident.mostLayers &&
    // The last layer's slope must follow from its output, in whose place the gradient goes.
    rules[network.layers.at(-1)!.activation].saves === 'output' &&
    BYTES * width * batchRows <= MOST_ACTIVATIONS
  );
}

/** Whole steps in one dispatch; owns activations of its own. */
export class ResidentRunner implements Runner {
  readonly name: string;
  readonly #device: Device;
  readonly #pipeline: GPUComputePipeline;
  readonly #bindings: GPUBindGroup;
  readonly #activations: Arena;
  readonly #run: GPUBuffer;
  readonly #owned: Owned;
  readonly #members: number;
  readonly #words = new Uint32Array(2);

  private constructor(
    device: Device,
    name: string,
    members: number,
    parts: {
      pipeline: GPUComputePipeline;
      activations: Arena;
      run: GPUBuffer;
      bindings: GPUBindGroup;
      owned: Owned;
    },
  ) {
    this.#device = device;
    this.name = name;
    this.#members = members;
    this.#pipeline = parts.pipeline;
    this.#bindings = parts.bindings;
    this.#activations = parts.activations;
    this.#run = parts.run;
    this.#owned = parts.owned;
  }

  /**
   * Compiles and binds the resident shader for a program's memory.
   *
   * @throws UnderglassError `limit` where its activations exceed the adapter's limits; nothing stays allocated.
   */
  static async create(
    device: Device,
    program: Program,
    memory: Memory,
    plan: StepPlan,
    variant: Variant,
  ): Promise<ResidentRunner> {
    const owned = new Owned();
    try {
      return await ResidentRunner.#make(device, program, memory, plan, variant, owned);
    } catch (error) {
      owned.dispose();
      throw error;
    }
  }

  static async #make(
    device: Device,
    program: Program,
    memory: Memory,
    plan: StepPlan,
    variant: Variant,
    owned: Owned,
  ): Promise<ResidentRunner> {
    const { network, optimiser, batchRows } = plan;
    const activations = owned.own(new Arena(device, 'resident activations', specsOf(memory, plan), program.members));
    const uniform = (label: string, size: number): GPUBuffer => {
      const buffer = device.createBuffer(label, size, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
      owned.own({ dispose: () => device.destroyBuffer(buffer) });
      return buffer;
    };
    const run = uniform('resident run', runStruct.size);
    const table = uniform('resident layers', layerStruct.size * resident.mostLayers);
    device.gpu.queue.writeBuffer(run, 0, runWords(plan, activations));
    device.gpu.queue.writeBuffer(table, 0, layerWords(network, memory, activations));
    const constants = {
      ...variant.constants,
      ACTIVATION: hiddenActivation(network),
      OUTPUT_ACTIVATION: activationNumber(network.layers.at(-1)!.activation),
      GATHER: Number(plan.shuffled || plan.stepsAnEpoch > 1),
      LEAF: gradientLeaf(batchRows),
      PARAMETER_MEMBER: memory.tensor('parameter').memberStride / VECTOR,
      STATE_MEMBER: memory.tensor('state').memberStride / VECTOR,
      COUNT: memory.tensor('parameter').rows,
      OPTIMISER: partNumber(shader, 'optimiser', optimiser),
      STATES: optimisers[optimiser].state.length,
      ACTIVATION_MEMBER: activations.memberStride / VECTOR,
      SCORE_MEMBER: memory.tensor(valueNames.score).memberStride / VECTOR,
    };
    const tensors: Readonly<Record<string, Tensor>> = {
      features: memory.tensor(valueNames.features('train')),
      labels: memory.tensor(valueNames.labels('train')),
      order: memory.tensor(valueNames.order('train')),
      numbers: memory.tensor(valueNames.numbers),
      parameter: memory.tensor('parameter'),
      state: memory.tensor('state'),
      activation: activations.whole,
      score: memory.tensor(valueNames.score),
    };
    const uniforms: Readonly<Record<string, GPUBuffer>> = { run, table };
    const bindings = device.gpu.createBindGroup({
      label: 'resident',
      layout: device.pipelines.tensorLayout(shader, 'main'),
      entries: tensorBindings(shader, 'main').map(([name, { binding }]) => {
        const tensor = tensors[name];
        const resource = tensor
          ? { buffer: tensor.buffer, offset: tensor.offset, size: tensor.size }
          : { buffer: uniforms[name]! };
        return { binding, resource };
      }),
    });
    const pipeline = await device.pipelines.pipeline(shader, 'main', constants);
    return new ResidentRunner(device, variant.name, program.members, { pipeline, activations, run, bindings, owned });
  }

  /** The last step's gradients, laid out like the parameters. */
  get gradient(): Tensor {
    return this.#activations.tensors.get('gradient')!;
  }

  record(encoder: GPUCommandEncoder, first: number, end: number, descriptor: GPUComputePassDescriptor = PASS): void {
    this.#words[0] = first;
    this.#words[1] = end - first;
    this.#device.gpu.queue.writeBuffer(this.#run, runStruct.fields.first.offset, this.#words);
    const pass = encoder.beginComputePass(descriptor);
    pass.setPipeline(this.#pipeline);
    pass.setBindGroup(TENSOR_GROUP, this.#bindings);
    pass.dispatchWorkgroups(this.#members);
    pass.end();
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

const PASS: GPUComputePassDescriptor = { label: 'resident steps' };

function specsOf(memory: Memory, { network, batchRows }: StepPlan): TensorSpec[] {
  const { layers } = network;
  return [
    { label: 'x', rows: batchRows, columns: layers[0]!.inputs },
    ...layers.flatMap(({ name, outputs, activation }) => [
      { label: `${name}.y`, rows: batchRows, columns: outputs },
      ...(rules[activation].saves === 'input' ? [{ label: `${name}.z`, rows: batchRows, columns: outputs }] : []),
      { label: `${name}.dz`, rows: batchRows, columns: outputs },
    ]),
    { label: 'loss', rows: 1, columns: batchRows },
    { label: 'hit', rows: 1, columns: batchRows },
    { label: 'gradient', rows: memory.tensor('parameter').rows, columns: VECTOR },
  ];
}

const activationNumber = (activation: Activation) => partNumber(shader, 'activation', activation);

/** The activation that all layers before the last have, or that they have several. */
function hiddenActivation({ layers }: Network): number {
  const hidden = new Set(layers.slice(0, -1).map(({ activation }) => activation));
  const [only = 'linear'] = hidden;
  return hidden.size > 1 ? resident.mixed : activationNumber(only);
}

const place = (tensor: Tensor) => tensor.offset / (VECTOR * BYTES);

function runWords(plan: StepPlan, { tensors }: Arena): Uint32Array<ArrayBuffer> {
  const { fields, size } = runStruct;
  const words = new Uint32Array(size / BYTES);
  words[fields.batch.offset / BYTES] = plan.batchRows;
  words[fields.data_rows.offset / BYTES] = plan.dataRows;
  words[fields.epoch_steps.offset / BYTES] = plan.stepsAnEpoch;
  words[fields.layers.offset / BYTES] = plan.network.layers.length;
  words[fields.loss.offset / BYTES] = place(tensors.get('loss')!);
  words[fields.hit.offset / BYTES] = place(tensors.get('hit')!);
  words[fields.gradient.offset / BYTES] = place(tensors.get('gradient')!);
  return words;
}

function layerWords(network: Network, memory: Memory, { tensors }: Arena): Uint32Array<ArrayBuffer> {
  const { fields, size } = layerStruct;
  const words = new Uint32Array((size / BYTES) * network.layers.length);
  for (const [i, { name, inputs, outputs, activation }] of network.layers.entries()) {
    const before = i === 0 ? 'x' : `${network.layers[i - 1]!.name}.y`;
    const entry = (i * size) / BYTES;
    words[entry + fields.inputs.offset / BYTES] = inputs;
    words[entry + fields.outputs.offset / BYTES] = outputs;
    words[entry + fields.w.offset / BYTES] = place(memory.tensor(valueNames.w(name)));
    words[entry + fields.b.offset / BYTES] = place(memory.tensor(valueNames.b(name)));
    words[entry + fields.x.offset / BYTES] = place(tensors.get(before)!);
    words[entry + fields.y.offset / BYTES] = place(tensors.get(`${name}.y`)!);
    words[entry + fields.dz.offset / BYTES] = place(tensors.get(`${name}.dz`)!);
    const kept = tensors.get(`${name}.z`);
    words[entry + fields.saved.offset / BYTES] = place(kept ?? tensors.get(`${name}.y`)!);
    words[entry + fields.activation.offset / BYTES] = activationNumber(activation);
    words[entry + fields.keeps.offset / BYTES] = Number(kept !== undefined);
  }
  return words;
}
