// The best parameters of a training: a copy on the device, so that keeping them reads nothing back.

import type { Device } from '../gpu/device';
import { Arena, download, upload } from '../gpu/tensor';
import type { LayerParameters, Network } from '../nn/network';
import { valueNames } from '../program/lower';
import type { Memory } from '../schedule/memory';

const BYTES = Float32Array.BYTES_PER_ELEMENT;

/** A copy of each member's parameters, laid out like those in memory. */
export class BestParameters {
  readonly #device: Device;
  readonly #memory: Memory;
  readonly #network: Network;
  readonly #arena: Arena;

  constructor(device: Device, memory: Memory, network: Network, members: number) {
    this.#device = device;
    this.#memory = memory;
    this.#network = network;
    const { layers } = network;
    const weights = layers.map(({ name, inputs, outputs }) => ({
      label: valueNames.w(name),
      rows: inputs,
      columns: outputs,
    }));
    const biases = layers.map(({ name, outputs }) => ({ label: valueNames.b(name), rows: 1, columns: outputs }));
    this.#arena = new Arena(device, 'best parameters', [...weights, ...biases], members);
  }

  /** Keeps a member's parameters as they are after the work submitted so far. */
  keep(member: number): void {
    this.#copy(this.#memory.tensor('parameter').buffer, this.#arena.buffer, member);
  }

  /** Gives a member its best parameters back. */
  restore(member: number): void {
    this.#copy(this.#arena.buffer, this.#memory.tensor('parameter').buffer, member);
  }

  /** A member's best parameters. */
  async read(member: number): Promise<LayerParameters[]> {
    const layers: LayerParameters[] = [];
    for (const { name } of this.#network.layers) {
      const read = async (tensor: string) =>
        Float64Array.from(await download(this.#device, this.#arena.tensors.get(tensor)!, member));
      layers.push({ w: await read(valueNames.w(name)), b: await read(valueNames.b(name)) });
    }
    return layers;
  }

  /** Writes a member's best parameters, as another training read them. */
  write(member: number, parameters: readonly LayerParameters[]): void {
    for (const [i, { name }] of this.#network.layers.entries()) {
      upload(this.#device, this.#arena.tensors.get(valueNames.w(name))!, parameters[i]!.w, member);
      upload(this.#device, this.#arena.tensors.get(valueNames.b(name))!, parameters[i]!.b, member);
    }
  }

  dispose(): void {
    this.#arena.dispose();
  }

  #copy(source: GPUBuffer, target: GPUBuffer, member: number): void {
    const size = this.#arena.memberStride * BYTES;
    const encoder = this.#device.gpu.createCommandEncoder({ label: 'best parameters' });
    encoder.copyBufferToBuffer(source, member * size, target, member * size, size);
    this.#device.gpu.queue.submit([encoder.finish()]);
  }
}
