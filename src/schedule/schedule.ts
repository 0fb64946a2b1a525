// Scheduling: a program and its memory become dispatches, bound and ready.

import { UnderglassError } from '../base/errors';
import { formatCount } from '../base/units';
import type { Device } from '../gpu/device';
import { tensorBindings, workgroupSize } from '../gpu/pipelines';
import type { Tensor } from '../gpu/tensor';
import { kernels } from '../kernels';
import type { AdapterTraits, Kernel, Shapes, Variant } from '../kernels/kernel';
import { partNumber } from '../kernels/parts';
import type { Operation, Program } from '../program/program';
import type { Memory } from './memory';

/** An operation with its kernel, variant, tensors and grid. */
export interface Dispatch {
  readonly operation: Operation;
  readonly kernel: Kernel;
  readonly variant: Variant;
  /** Every override constant of the pipeline: shapes, switches, strides and the variant's. */
  readonly constants: Readonly<Record<string, number>>;
  /** The WGSL function that runs. */
  readonly entryPoint: string;
  readonly pipeline: GPUComputePipeline;
  readonly tensors: GPUBindGroup;
  /** Workgroups along x, y and z; z is the member. */
  readonly grid: readonly [number, number, number];
  /** Threads of a workgroup along x, y and z. */
  readonly workgroup: readonly number[];
}

/**
 * One step as GPU work: dispatches in execution order.
 *
 * A schedule owns no memory. Its tensors belong to a `Memory` and its bind groups are made
 * once, so running a step allocates nothing.
 */
export interface Schedule {
  readonly program: Program;
  readonly dispatches: readonly Dispatch[];
}

/** Chooses an operation's variant among its kernel's candidates, of which the first is the default. */
export type VariantChoice = (operation: Operation, candidates: readonly Variant[]) => Variant;

/**
 * Compiles and binds every operation of a program.
 *
 * @throws UnderglassError `limit` where a grid is larger than the adapter allows.
 */
export async function schedule(
  device: Device,
  program: Program,
  memory: Memory,
  choose: VariantChoice = (_, [standard]) => standard!,
): Promise<Schedule> {
  const dispatches = program.operations.map((operation) =>
    dispatch(device, program, memory, operation, choose(operation, candidates(device.info, operation, memory))),
  );
  return { program, dispatches: await Promise.all(dispatches) };
}

/** The variants that are right for an operation's shapes on such an adapter, the default first. */
export function candidates(adapter: AdapterTraits, operation: Operation, memory: Memory): readonly Variant[] {
  return kernels[operation.kind].variants(shapesOf(bindings(operation, memory)), adapter);
}

/** Compiles and binds one operation in one variant. */
export async function dispatch(
  device: Device,
  program: Program,
  memory: Memory,
  operation: Operation,
  variant: Variant,
): Promise<Dispatch> {
  const kernel = kernels[operation.kind];
  const tensors = bindings(operation, memory);
  const shapes = shapesOf(tensors);
  const [x, y] = kernel.grid(shapes, variant);
  checkGrid(device, operation, x, y, program.members);
  const constants = { ...operationConstants(operation, memory), ...variant.constants };
  const entryPoint = kernel.entryPoint?.(operation, variant) ?? 'main';
  return {
    operation,
    kernel,
    variant,
    constants,
    entryPoint,
    pipeline: await device.pipelines.pipeline(kernel.shader, entryPoint, constants),
    tensors: bind(device, operation, kernel, entryPoint, tensors),
    grid: [x, y, program.members],
    workgroup: workgroupSize(kernel.shader, entryPoint, constants),
  };
}

/** The override constants that an operation's shapes, switches and strides make, whatever its variant. */
export function operationConstants(operation: Operation, memory: Memory): Readonly<Record<string, number>> {
  const kernel = kernels[operation.kind];
  const tensors = bindings(operation, memory);
  return { ...kernel.constants(shapesOf(tensors)), ...flags(operation, kernel), ...memberStrides(kernel, tensors) };
}

type Tensors = Readonly<Record<string, Tensor>>;

function bindings(operation: Operation, memory: Memory): Tensors {
  const names = Object.entries({ ...operation.inputs, ...operation.outputs });
  return Object.fromEntries(names.map(([binding, value]) => [binding, memory.tensor(value)]));
}

function shapesOf(tensors: Tensors): Shapes {
  return Object.assign((binding: string) => tensors[binding]!, { has: (binding: string) => binding in tensors });
}

/** The operation's switches and parts as override constants: `GATHER` for `gather`. */
function flags(operation: Operation, { shader }: Kernel): Record<string, number> {
  return Object.fromEntries(
    Object.entries(operation.flags ?? {}).map(([name, value]) => [
      name.toUpperCase(),
      typeof value === 'string' ? partNumber(shader, name, value) : Number(value),
    ]),
  );
}

/** Every binding's distance between members in vec4f, where the shader asks for it: `X_MEMBER` for `x`. */
function memberStrides(kernel: Kernel, tensors: Tensors): Record<string, number> {
  const strides: Record<string, number> = {};
  for (const [binding, tensor] of Object.entries(tensors)) {
    const override = `${binding.toUpperCase()}_MEMBER`;
    // Of a single network no stride is used; left at zero, networks of other shapes share the pipeline.
    if (override in kernel.shader.overrides) {
      strides[override] = tensor.members > 1 ? tensor.memberStride / 4 : 0;
    }
  }
  return strides;
}

function bind(
  device: Device,
  operation: Operation,
  kernel: Kernel,
  entryPoint: string,
  tensors: Tensors,
): GPUBindGroup {
  const entries = tensorBindings(kernel.shader, entryPoint).map(([name, { binding }]) => {
    const tensor = tensors[name];
    if (!tensor) {
      throw new Error(`${operation.label}: shaders/${kernel.shader.name}.wgsl binds ${name}, the operation does not`);
    }
    return { binding, resource: { buffer: tensor.buffer, offset: tensor.offset, size: tensor.size } };
  });
  return device.gpu.createBindGroup({
    label: operation.label,
    layout: device.pipelines.tensorLayout(kernel.shader, entryPoint),
    entries,
  });
}

function checkGrid(device: Device, operation: Operation, x: number, y: number, z: number): void {
  const limit = device.gpu.limits.maxComputeWorkgroupsPerDimension;
  const largest = Math.max(x, y, z);
  if (largest > limit) {
    throw new UnderglassError(
      'limit',
      `${operation.label}: ${formatCount(largest)} workgroups exceed this adapter's limit of ${formatCount(limit)} ` +
        'along one dimension; use fewer rows a batch or narrower layers',
    );
  }
}
