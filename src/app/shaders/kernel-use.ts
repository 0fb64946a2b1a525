// A kernel's use: which WGSL runs for an operation, and how it is launched. Gathered in the worker, shown by the page.

import type { CandidateTime, Phase, Trainer } from '../../index';
import type { Shader } from '../../gpu/pipelines';
import { resident } from '../../kernels/resident';

/** A buffer as the shader names it. */
export interface Binding {
  readonly name: string;
  readonly group: number;
  readonly binding: number;
  readonly access: string;
}

/** An operation of a step, or all of them where steps run resident, as WGSL that was compiled and launched. */
export interface KernelUse {
  readonly label: string;
  /** `step` for whole steps. */
  readonly phase: Phase | 'step';
  /** The shader's name, as its file's. */
  readonly shader: string;
  readonly entryPoint: string;
  /** The WGSL in full, imports linked. */
  readonly code: string;
  readonly variant: string;
  /** Override constants by name; empty where they are not known one by one. */
  readonly constants: Readonly<Record<string, number>>;
  /** Workgroups along x, y and z. */
  readonly grid: readonly [number, number, number] | undefined;
  readonly bindings: readonly Binding[];
  /** What the tuner measured before it chose; empty where it had no time to, or remembered its choice. */
  readonly times: readonly CandidateTime[];
}

/** What runs in a step of this trainer, in order; compiles what was not compiled yet. */
export async function kernelUsesOf(trainer: Trainer): Promise<KernelUse[]> {
  const { device, tuned, runner } = trainer;
  const timesOf = (label: string) => tuned.find((entry) => entry.label === label)?.times ?? [];
  const { dispatches } = await trainer.schedule();
  const operations = dispatches.map(
    ({ operation, kernel, variant, constants, entryPoint, grid }): KernelUse => ({
      label: operation.label,
      phase: operation.phase,
      shader: kernel.shader.name,
      entryPoint,
      code: device.pipelines.codeOf(kernel.shader),
      variant: variant.name,
      constants,
      grid,
      bindings: bindingsOf(kernel.shader, entryPoint),
      times: timesOf(operation.label),
    }),
  );
  if (runner === 'chained') {
    return operations;
  }
  const { shader } = resident;
  const entryPoint = Object.keys(shader.entryPoints)[0]!;
  const whole: KernelUse = {
    label: 'whole steps',
    phase: 'step',
    shader: shader.name,
    entryPoint,
    code: device.pipelines.codeOf(shader),
    variant: runner,
    constants: {},
    grid: undefined,
    bindings: bindingsOf(shader, entryPoint),
    times: timesOf('whole step'),
  };
  return [whole, ...operations];
}

function bindingsOf({ bindings, entryPoints }: Shader, entryPoint: string): Binding[] {
  const used = entryPoints[entryPoint]?.bindings ?? Object.keys(bindings);
  return used.map((name) => {
    const { group, binding, type } = bindings[name]!;
    return { name, group, binding, access: ACCESS[type] };
  });
}

const ACCESS: Readonly<Record<GPUBufferBindingType, string>> = {
  uniform: 'uniform',
  storage: 'read and write',
  'read-only-storage': 'read',
};
