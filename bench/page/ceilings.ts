// What this adapter can do at most, by kernels that do one thing only.
//
// Every ceiling is a slope: a long submit's time less a short one's, so that the price of the submit itself drops out.

import emptyCode from '../shaders/empty.wgsl?raw';
import multiplyAddCode from '../shaders/multiply_add.wgsl?raw';
import readCode from '../shaders/read.wgsl?raw';
import { median } from '../../src/base/statistics';
import { Device } from '../../src/index';
import type { Ceilings } from '../results';

const GROUP = 64;
const REPEATS = 5;

/** Time that the longer of two submits should take, in ms. */
const TARGET = 60;

/** Multiply-adds of a thread's turn, in both entry points, and operations in each. */
const MULTIPLY_ADDS = 32;
const OPERATIONS = 2;
const VECTOR_BYTES = 16;

/** vec4f that a thread reads in a turn. */
const RUN = 8;

/** Bytes that lie in some cache of any adapter, and bytes that lie in none. */
const CACHE_BYTES = 2 ** 17;
const MEMORY_BYTES = 2 ** 27;

interface Launch {
  readonly pipeline: GPUComputePipeline;
  readonly bindings: GPUBindGroup | undefined;
  readonly groups: number;
}

/** Measures all of them on the adapter that the peers run on. */
export async function measureCeilings(): Promise<{ device: string; ceilings: Ceilings }> {
  const device = await Device.open(navigator.gpu);
  try {
    const { info } = device;
    const name = info.description || [info.vendor, info.architecture].filter(Boolean).join(' ');
    const rates: number[] = [];
    for (const entryPoint of ['narrow', 'wide'] as const) {
      for (const fused of [true, false]) rates.push(await multiplyAdds(device, entryPoint, fused));
    }
    const { maxStorageBufferBindingSize } = device.gpu.limits;
    const memoryBytes = Math.min(MEMORY_BYTES, 2 ** Math.floor(Math.log2(maxStorageBufferBindingSize)));
    const ceilings: Ceilings = {
      gflops: Math.max(...rates),
      memoryGBs: await readRate(device, memoryBytes),
      cacheGBs: await readRate(device, CACHE_BYTES),
      dispatchUs: 1000 * (await timeOf(device, await launch(device, emptyCode, 'main', {}, undefined, 1))),
    };
    device.check();
    return { device: name, ceilings };
  } finally {
    device.dispose();
  }
}

/** GFLOP/s. */
async function multiplyAdds(device: Device, entryPoint: 'narrow' | 'wide', fused: boolean): Promise<number> {
  const turns = 512;
  const groups = 256;
  const numbers = new Float32Array(12).fill(0.5);
  const source = device.createBuffer('numbers', numbers.byteLength, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST);
  device.gpu.queue.writeBuffer(source, 0, numbers);
  const work = await launch(
    device,
    multiplyAddCode,
    entryPoint,
    { TURNS: turns, GROUP, FUSED: Number(fused) },
    source,
    groups,
  );
  const milliseconds = await timeOf(device, work);
  device.destroyBuffer(source);
  return (groups * GROUP * turns * MULTIPLY_ADDS * OPERATIONS) / milliseconds / 1e6;
}

/** GB/s of reading `bytes` over and over, in the faster of both orders. */
async function readRate(device: Device, bytes: number): Promise<number> {
  const groups = 256;
  const reads = RUN * groups * GROUP;
  const turns = Math.max(8, bytes / VECTOR_BYTES / reads);
  const constants = { TURNS: turns, GROUP, COUNT: bytes / VECTOR_BYTES };
  const source = device.createBuffer('numbers', bytes, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST);
  const rates: number[] = [];
  for (const entryPoint of ['across', 'along']) {
    const milliseconds = await timeOf(device, await launch(device, readCode, entryPoint, constants, source, groups));
    rates.push((turns * reads * VECTOR_BYTES) / milliseconds / 1e6);
  }
  device.destroyBuffer(source);
  return Math.max(...rates);
}

async function launch(
  device: Device,
  code: string,
  entryPoint: string,
  constants: Record<string, number>,
  source: GPUBuffer | undefined,
  groups: number,
): Promise<Launch> {
  const { gpu } = device;
  const pipeline = await gpu.createComputePipelineAsync({
    layout: 'auto',
    compute: { module: gpu.createShaderModule({ code }), entryPoint, constants },
  });
  if (!source) return { pipeline, bindings: undefined, groups };
  const results = device.createBuffer('results', groups * GROUP * VECTOR_BYTES, GPUBufferUsage.STORAGE);
  const bindings = gpu.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [source, results].map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
  return { pipeline, bindings, groups };
}

/** Time of one dispatch in ms, as the slope between submits of a few and of many. */
async function timeOf(device: Device, work: Launch): Promise<number> {
  await submit(device, work, 1);
  let many = 4;
  let took = await submit(device, work, many);
  while (took < TARGET && many < 2 ** 14) {
    many *= 2;
    took = await submit(device, work, many);
  }
  const few = many / 4;
  const slopes: number[] = [];
  for (let i = 0; i < REPEATS; i++) {
    const short = await submit(device, work, few);
    const long = await submit(device, work, many);
    slopes.push((long - short) / (many - few));
  }
  return median(slopes);
}

async function submit({ gpu }: Device, { pipeline, bindings, groups }: Launch, count: number): Promise<number> {
  const began = performance.now();
  const encoder = gpu.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  if (bindings) pass.setBindGroup(0, bindings);
  for (let i = 0; i < count; i++) pass.dispatchWorkgroups(groups);
  pass.end();
  gpu.queue.submit([encoder.finish()]);
  await gpu.queue.onSubmittedWorkDone();
  return performance.now() - began;
}
