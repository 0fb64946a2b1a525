// The probes of an adapter's ceilings: kernels that do one thing only, again and again.

import launchShader from '../../shaders/ceilings/launch.wgsl';
import multiplyAddShader from '../../shaders/ceilings/multiply_add.wgsl';
import readShader from '../../shaders/ceilings/read.wgsl';
import { completed } from '../gpu/completion';
import type { Device } from '../gpu/device';
import { type Shader, tensorBindings } from '../gpu/pipelines';

/** What a probe can show the limit of. */
export type CeilingName = 'flops' | 'memory' | 'cache' | 'launch';

/** A kernel that is bound, compiled, and can be run for as many turns as one likes. */
export interface Probe {
  readonly label: string;
  readonly ceiling: CeilingName;
  /** What one turn does: FLOP, bytes or dispatches. */
  readonly amount: number;
  /** Submits `turns` turns and waits until they are done. @returns the time that took, in ms */
  readonly run: (turns: number) => Promise<number>;
}

/** What all probes of a device read and write. */
export interface ProbeMemory {
  /** The factor, the term and the matrix of the chains. */
  readonly factors: GPUBuffer;
  /** A source that fits in the first cache of any adapter. */
  readonly small: GPUBuffer;
  /** A source that fits in no cache. */
  readonly large: GPUBuffer;
  /** One vec4f a thread. */
  readonly results: GPUBuffer;
  readonly turns: GPUBuffer;
}

export const GROUP = 64;
const VECTOR_BYTES = 16;
const FACTOR_VECTORS = 5;

/** Bytes of the two sources at most; powers of two. */
const SMALL_BYTES = 2 ** 15;
const LARGE_BYTES = 2 ** 28;
const LARGE_BYTES_OF_SOFTWARE = 2 ** 27;

/** A GPU hides its latencies behind many threads; software has two or three dozen at most. */
const WORKGROUPS = 4096;
const WORKGROUPS_OF_SOFTWARE = 64;

/** Sizes between the two sources, of which some stay in a cache that is not the nearest. */
const EXTENTS = [2 ** 18, 2 ** 20, 2 ** 22, 2 ** 24, 2 ** 26] as const;

/** A probe that reads a source of this size. */
export interface ExtentProbe {
  readonly bytes: number;
  readonly probe: Probe;
}

/** How a kernel becomes a probe. */
interface Recipe {
  readonly label: string;
  readonly ceiling: CeilingName;
  readonly shader: Shader;
  readonly entryPoint: string;
  readonly constants: Readonly<Record<string, number>>;
  /** Undefined where the kernel reads nothing. */
  readonly source: 'factors' | 'small' | 'large' | undefined;
  /** Bytes of the source that are read; all unless told. */
  readonly extent?: number;
  /** Of one thread in one turn; of the whole dispatch for a launch. */
  readonly amount: number;
}

const { NARROW_LINKS, WIDE_LINKS, BLOCK_LINKS, LINK_FLOPS, BLOCK_LINK_FLOPS } = multiplyAddShader.constants;
const { SCALAR_LOADS, VECTOR_LOADS, BLOCK_LOADS } = readShader.constants;

const chain = (entryPoint: string, amount: number, fused?: boolean): Recipe => ({
  label: `ceilings: ${entryPoint} chains${fused === undefined ? '' : fused ? ', fused' : ', product and sum'}`,
  ceiling: 'flops',
  shader: multiplyAddShader,
  entryPoint,
  constants: { GROUP, ...(fused === undefined ? {} : { FUSED: Number(fused) }) },
  source: 'factors',
  amount,
});

const read = (ceiling: 'cache' | 'memory', entryPoint: string, amount: number): Recipe => ({
  label: `ceilings: ${entryPoint} from ${ceiling}`,
  ceiling,
  shader: readShader,
  entryPoint,
  constants: { GROUP },
  source: ceiling === 'cache' ? 'small' : 'large',
  amount,
});

const extentRecipe = (bytes: number): Recipe => ({
  ...read('memory', 'read_vectors', VECTOR_LOADS * VECTOR_BYTES),
  label: `ceilings: read_vectors from ${bytes} bytes`,
  extent: bytes,
});

const reads = (ceiling: 'cache' | 'memory'): Recipe[] => [
  read(ceiling, 'read_scalars', SCALAR_LOADS * 4),
  read(ceiling, 'read_vectors', VECTOR_LOADS * VECTOR_BYTES),
  read(ceiling, 'read_blocks', BLOCK_LOADS * 4 * VECTOR_BYTES),
];

const RECIPES: readonly Recipe[] = [
  chain('narrow', NARROW_LINKS * LINK_FLOPS, true),
  chain('narrow', NARROW_LINKS * LINK_FLOPS, false),
  chain('wide', WIDE_LINKS * LINK_FLOPS, true),
  chain('blocks', BLOCK_LINKS * BLOCK_LINK_FLOPS),
  ...reads('cache'),
  ...reads('memory'),
  {
    label: 'ceilings: launch',
    ceiling: 'launch',
    shader: launchShader,
    entryPoint: 'main',
    constants: {},
    source: undefined,
    amount: 1,
  },
];

/** Every probe of one device, and the memory that they share. */
export class Probes {
  readonly all: readonly Probe[];
  /** By ascending size. */
  readonly extents: readonly ExtentProbe[];
  readonly memory: ProbeMemory;
  /** Threads of every probe but the launch. */
  readonly threads: number;
  readonly #device: Device;

  private constructor(
    device: Device,
    memory: ProbeMemory,
    threads: number,
    all: readonly Probe[],
    extents: readonly ExtentProbe[],
  ) {
    this.#device = device;
    this.memory = memory;
    this.threads = threads;
    this.all = all;
    this.extents = extents;
  }

  /**
   * Compiles every probe, all at once, and makes their memory.
   *
   * @throws UnderglassError `out-of-memory` where the adapter cannot hold it; nothing stays allocated then.
   */
  static async create(device: Device): Promise<Probes> {
    const workgroups = device.info.software ? WORKGROUPS_OF_SOFTWARE : WORKGROUPS;
    let memory: ProbeMemory | undefined;
    try {
      return await device.guard(async () => {
        const made = makeMemory(device, workgroups);
        memory = made;
        const all = await Promise.all(RECIPES.map((recipe) => makeProbe(device, recipe, made, workgroups)));
        const sizes = EXTENTS.filter((bytes) => bytes < made.large.size);
        const extents = await Promise.all(
          sizes.map(async (bytes) => ({
            bytes,
            probe: await makeProbe(device, extentRecipe(bytes), made, workgroups),
          })),
        );
        return new Probes(device, made, workgroups * GROUP, all, extents);
      });
    } catch (error) {
      if (memory) free(device, memory);
      throw error;
    }
  }

  /** Bytes of the source that fits in the nearest cache. */
  get smallBytes(): number {
    return this.memory.small.size;
  }

  dispose(): void {
    free(this.#device, this.memory);
  }
}

function makeMemory(device: Device, workgroups: number): ProbeMemory {
  const { maxBufferSize, maxStorageBufferBindingSize } = device.gpu.limits;
  const most = device.info.software ? LARGE_BYTES_OF_SOFTWARE : LARGE_BYTES;
  const large = 2 ** Math.floor(Math.log2(Math.min(most, maxBufferSize, maxStorageBufferBindingSize)));
  const { STORAGE, UNIFORM, COPY_DST, COPY_SRC } = GPUBufferUsage;
  const memory = {
    factors: device.createBuffer('ceilings: factors', FACTOR_VECTORS * VECTOR_BYTES, STORAGE | COPY_DST),
    small: device.createBuffer('ceilings: small source', SMALL_BYTES, STORAGE | COPY_DST),
    large: device.createBuffer('ceilings: large source', large, STORAGE | COPY_DST),
    results: device.createBuffer('ceilings: results', workgroups * GROUP * VECTOR_BYTES, STORAGE | COPY_SRC),
    turns: device.createBuffer('ceilings: turns', 4, UNIFORM | COPY_DST),
  };
  device.gpu.queue.writeBuffer(memory.factors, 0, countingFactors());
  return memory;
}

/** Factor and term 1, and the identity: every link adds 1. */
function countingFactors(): Float32Array<ArrayBuffer> {
  const factors = new Float32Array(FACTOR_VECTORS * 4);
  factors.set([1, 1]);
  for (let i = 0; i < 4; i++) factors[4 + 5 * i] = 1;
  return factors;
}

function free(device: Device, memory: ProbeMemory): void {
  for (const buffer of Object.values<GPUBuffer>({ ...memory })) device.destroyBuffer(buffer);
}

async function makeProbe(device: Device, recipe: Recipe, memory: ProbeMemory, workgroups: number): Promise<Probe> {
  const { gpu, pipelines } = device;
  const { label, ceiling, shader, entryPoint, source, extent } = recipe;
  const pipeline = await pipelines.pipeline(shader, entryPoint, recipe.constants);
  const buffers: Readonly<Record<string, GPUBuffer>> = { results: memory.results, turns: memory.turns };
  const bindings = gpu.createBindGroup({
    label,
    layout: pipelines.tensorLayout(shader, entryPoint),
    entries: tensorBindings(shader, entryPoint).map(([name, { binding }]) => ({
      binding,
      resource: buffers[name]
        ? { buffer: buffers[name] }
        : { buffer: memory[source!], ...(extent === undefined ? {} : { size: extent }) },
    })),
  });
  const launches = ceiling === 'launch';
  const run = async (turns: number): Promise<number> => {
    gpu.queue.writeBuffer(memory.turns, 0, Uint32Array.of(turns));
    const began = performance.now();
    const encoder = gpu.createCommandEncoder({ label });
    const pass = encoder.beginComputePass({ label });
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindings);
    for (let i = 0; i < (launches ? turns : 1); i++) pass.dispatchWorkgroups(launches ? 1 : workgroups);
    pass.end();
    gpu.queue.submit([encoder.finish({ label })]);
    await completed(device, gpu.queue.onSubmittedWorkDone());
    const took = performance.now() - began;
    // What went wrong took no time, and the queue of a disposed device is done at once.
    device.check();
    return took;
  };
  return { label, ceiling, amount: recipe.amount * (launches ? 1 : workgroups * GROUP), run };
}
