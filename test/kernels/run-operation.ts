// Runs one operation through the real schedule, in memory planted with sentinels.

import { expect } from 'vitest';
import type { Device } from '../../src/gpu/device';
import { mapped } from '../../src/gpu/readback';
import { download, padded, type Tensor, upload } from '../../src/gpu/tensor';
import type { Variant } from '../../src/kernels/kernel';
import { distinct } from '../../src/kernels/tiles';
import { valueNames } from '../../src/program/lower';
import type { Operation, OperationKind, Role, Value } from '../../src/program/program';
import { Memory } from '../../src/schedule/memory';
import { recordSteps } from '../../src/schedule/record';
import { candidates as candidatesFor, schedule } from '../../src/schedule/schedule';
import { StepTable } from '../../src/schedule/step-table';

/** A NaN whose bits no arithmetic makes. */
const SENTINEL = 0x7fc0_dead;

/** What is bound to one binding. */
export interface Binding {
  readonly role: Role;
  readonly rows: number;
  readonly columns: number;
  /** The values of each member, or one for all where the role is shared; none for a pure output. */
  readonly values?: readonly ArrayLike<number>[];
  /** Whether the operation writes it. */
  readonly output?: boolean;
  /** Whether its numbers are u32 rather than f32. */
  readonly integers?: boolean;
  /** Rows (columns of a row vector) of an output that a step of fewer rows leaves alone. */
  readonly written?: { readonly rows: number; readonly columns: number };
}

/** One operation to run. */
export interface OperationCase {
  readonly kind: OperationKind;
  readonly bindings: Readonly<Record<string, Binding>>;
  /** Names that the operation uses beside those of the bindings: of a role, or of a binding by another name. */
  readonly names?: Readonly<Record<string, string>>;
  readonly flags?: Operation['flags'];
  /** Slots for the partial sums of gradients that are outputs. Default 1. */
  readonly slots?: number;
  readonly members: number;
  readonly start?: number;
  readonly rows: number;
}

/**
 * The outputs of the operation, by binding and member, without padding.
 *
 * Pure outputs and everything around them start as sentinels. Checks that every number of an
 * output is written, that its padding is written as zero, and that nothing else is touched. Of
 * gradients in slots it returns the sums, and checks that the slots in use are known. To choose
 * from are the candidates for this adapter, then those for a GPU and for a software adapter.
 */
export async function runOperation(
  device: Device,
  { kind, bindings, names: extra = {}, flags = {}, slots = 1, members, start = 0, rows }: OperationCase,
  choose: (candidates: readonly Variant[]) => Variant = (candidates) => candidates[0]!,
): Promise<Record<string, Float64Array[]>> {
  const values = new Map<string, Value>();
  for (const [name, binding] of Object.entries(bindings)) {
    values.set(name, { name, role: binding.role, rows: binding.rows, columns: binding.columns });
  }
  const gradients = Object.keys(bindings).filter((name) => bindings[name]!.role === 'gradient');
  for (let slot = 1; slot < slots; slot++) {
    for (const gradient of gradients) {
      const name = valueNames.slot(gradient, slot);
      values.set(name, { ...values.get(gradient)!, name });
    }
  }
  const splits = valueNames.splits;
  if (slots > 1) {
    values.set(splits, { name: splits, role: 'gradient', rows: 1, columns: 4 });
  }
  const names = Object.keys(bindings);
  const pick = (wanted: boolean) =>
    Object.fromEntries(names.filter((n) => (bindings[n]!.output ?? false) === wanted).map((n) => [n, n]));
  const inputs = { ...pick(false), ...extra, ...(slots > 1 ? { splits, parameter: 'parameter' } : {}) };
  const operation = { kind, label: kind, phase: 'forward', layer: 0, inputs, outputs: pick(true), flags } as const;
  const program = { name: 'case', members, values, operations: [operation] };
  const memory = new Memory(device, program);
  const table = new StepTable(device, 'case', [{ start, rows }]);
  try {
    const outputs = Object.entries(bindings).filter(([, { output }]) => output);
    for (const [name] of outputs) {
      const { buffer } = memory.tensor(name);
      device.gpu.queue.writeBuffer(buffer, 0, new Uint32Array(buffer.size / 4).fill(SENTINEL));
    }
    for (const [name, binding] of Object.entries(bindings)) {
      binding.values?.forEach((member, i) => upload(device, memory.tensor(name), member, i));
    }
    let used = 1;
    const ready = await schedule(device, program, memory, (_, offered) => {
      const others = [true, false].flatMap((software) =>
        candidatesFor({ ...device.info, software }, operation, memory),
      );
      const variant = choose(distinct([...offered, ...others]));
      used = variant.constants['SPLIT'] ?? 1;
      return variant;
    });
    const encoder = device.gpu.createCommandEncoder({ label: kind });
    recordSteps(encoder, ready, table, 0, 1);
    device.gpu.queue.submit([encoder.finish()]);

    const results: Record<string, Float64Array[]> = {};
    for (const [name, binding] of outputs) {
      const tensor = memory.tensor(name);
      const bits = await readBits(device, tensor.buffer);
      const parts = slotNames(name, binding, used).map((slot) => readOutput(slot, binding, memory.tensor(slot), bits));
      results[name] = parts.reduce((sums, part) => sums.map((sum, i) => sum.map((value, j) => value + part[i]![j]!)));
      const neighbours = [...outputs.flatMap(([other, its]) => slotNames(other, its, used)), splits]
        .flatMap((other) => memory.find(other) ?? [])
        .filter(({ buffer }) => buffer === tensor.buffer);
      expectGapsUntouched(name, neighbours, bits);
    }
    if (slots > 1) {
      const ends = gradients.map((name) => {
        const tensor = memory.tensor(name);
        return tensor.offset / 16 + (padded(tensor.rows) * tensor.stride) / 4;
      });
      for (let member = 0; member < members; member++) {
        expect([...(await download(device, memory.tensor(splits), member))]).toEqual([...ends, used, 0]);
      }
    }
    return results;
  } finally {
    table.dispose();
    memory.dispose();
  }
}

/** The names of an output's slots in use. */
function slotNames(name: string, { role }: Binding, used: number): string[] {
  return Array.from({ length: role === 'gradient' ? used : 1 }, (_, slot) => valueNames.slot(name, slot));
}

async function readBits(device: Device, buffer: GPUBuffer): Promise<Uint32Array> {
  const staging = device.createBuffer('read', buffer.size, GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST);
  const encoder = device.gpu.createCommandEncoder({ label: 'read' });
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
  device.gpu.queue.submit([encoder.finish()]);
  await mapped(device, staging);
  const bits = new Uint32Array(staging.getMappedRange().slice(0));
  device.destroyBuffer(staging);
  return bits;
}

/** Each member's numbers; checks that they are written, and their padding as zero. */
function readOutput(name: string, binding: Binding, tensor: Tensor, bits: Uint32Array): Float64Array[] {
  const { rows, columns } = binding.written ?? binding;
  const floats = new Float32Array(bits.buffer);
  const strays: string[] = [];
  const members: Float64Array[] = [];
  for (let member = 0; member < tensor.members; member++) {
    const base = tensor.offset / 4 + member * tensor.memberStride;
    const values = new Float64Array(rows * columns);
    for (let row = 0; row < padded(tensor.rows); row++) {
      for (let column = 0; column < tensor.stride; column++) {
        const i = base + row * tensor.stride + column;
        const at = `${name}[${row}, ${column}] of member ${member}`;
        const untouched = bits[i] === SENTINEL;
        if (row < rows && column < columns) {
          values[row * columns + column] = binding.integers ? bits[i]! : floats[i]!;
          if (untouched) {
            strays.push(`${at} was not written`);
          }
        } else if (row < padded(rows) && column < padded(columns)) {
          // Nobody reads below a vector, so its kernel need not write there.
          if (floats[i] !== 0 && !(untouched && (binding.rows === 1 || binding.integers))) {
            strays.push(`padding ${at} is ${floats[i]}`);
          }
        } else if (!untouched && !(binding.values && floats[i] === 0)) {
          strays.push(`${at}, past the end, was written`);
        }
      }
    }
    members.push(values);
  }
  expect(strays.slice(0, 5), `${strays.length} numbers of ${name} [${rows}, ${columns}]`).toEqual([]);
  return members;
}

/** Checks that nothing was written between the tensors of a buffer. */
function expectGapsUntouched(name: string, tensors: readonly Tensor[], bits: Uint32Array): void {
  const inside = new Uint8Array(bits.length);
  for (const { offset, members, memberStride, rows, stride } of tensors) {
    for (let member = 0; member < members; member++) {
      const base = offset / 4 + member * memberStride;
      inside.fill(1, base, base + padded(rows) * stride);
    }
  }
  // An update steps what lies between its tensors, too. Of a NaN's bits arithmetic changes the sign alone.
  const strays = bits.reduce((count, word, i) => count + Number(!inside[i] && (word & 0x7fff_ffff) !== SENTINEL), 0);
  expect(strays, `numbers written beside ${name}`).toBe(0);
}
