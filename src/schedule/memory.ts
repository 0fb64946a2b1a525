// Memory: a tensor for every value of one or more programs.

import { Arena, type Tensor, type TensorSpec } from '../gpu/tensor';
import type { Device } from '../gpu/device';
import type { Program, Role, Value } from '../program/program';

/** Values of these roles lie side by side in one arena, so that one dispatch can walk them all. */
const TOGETHER: readonly Role[] = ['parameter', 'state', 'gradient', 'result'];

/** Values of these roles exist once, however many members there are. */
const SHARED: readonly Role[] = ['data', 'batch', 'numbers'];

/**
 * Tensors by value name, and all tensors of a role side by side by the role's name.
 *
 * The creator owns it. A value that `outer` already holds is taken from there, which is how
 * the evaluation reads the parameters that the step trains.
 */
export class Memory {
  readonly #arenas = new Map<string, Arena>();
  readonly #tensors = new Map<string, Tensor>();
  readonly #outer: Memory | undefined;
  /** Arenas that the host fills. */
  readonly #given = new Set<string>();

  /** @throws UnderglassError `limit` where a tensor is larger than the adapter allows; nothing stays allocated. */
  constructor(device: Device, program: Program, outer?: Memory) {
    this.#outer = outer;
    const groups = new Map<string, Value[]>();
    for (const value of program.values.values()) {
      const known = outer?.find(value.name);
      if (known) {
        this.#tensors.set(value.name, known);
        continue;
      }
      const group = TOGETHER.includes(value.role) ? value.role : value.name;
      groups.set(group, [...(groups.get(group) ?? []), value]);
    }
    try {
      for (const [group, values] of groups) {
        const specs: TensorSpec[] = values.map(({ name, rows, columns }) => ({ label: name, rows, columns }));
        const members = SHARED.includes(values[0]!.role) ? 'shared' : program.members;
        const arena = new Arena(device, `${program.name} ${group}`, specs, members);
        this.#arenas.set(group, arena);
        if (SHARED.includes(values[0]!.role)) {
          this.#given.add(group);
        }
        if (group === values[0]!.role) {
          this.#tensors.set(group, arena.whole);
        }
        for (const [name, tensor] of arena.tensors) {
          this.#tensors.set(name, tensor);
        }
      }
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  find(name: string): Tensor | undefined {
    return this.#tensors.get(name) ?? this.#outer?.find(name);
  }

  tensor(name: string): Tensor {
    const tensor = this.find(name);
    if (!tensor) {
      throw new Error(`no value ${name} in this program; it has ${[...this.#tensors.keys()].join(', ')}`);
    }
    return tensor;
  }

  /** The arena of all results, in one buffer to be read at once. */
  get results(): Arena {
    return this.#arenas.get('result')!;
  }

  /** Fills all that a step computes with zeros, as it was at first. */
  clear(device: Device): void {
    const encoder = device.gpu.createCommandEncoder({ label: 'clear' });
    for (const [group, arena] of this.#arenas) {
      if (!this.#given.has(group)) {
        encoder.clearBuffer(arena.buffer);
      }
    }
    device.gpu.queue.submit([encoder.finish()]);
  }

  dispose(): void {
    for (const arena of this.#arenas.values()) {
      arena.dispose();
    }
    this.#arenas.clear();
  }
}
