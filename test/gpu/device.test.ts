// What the gpu floor promises: errors in words, and tensors that keep their padding zero.

import { describe, expect, inject, test } from 'vitest';
import { UnderglassError } from '../../src/base/errors';
import { Device } from '../../src/gpu/device';
import { Arena, download, upload } from '../../src/gpu/tensor';
import { openTestDevice } from '../support/device';

describe('a device', () => {
  test('names its adapter, plainly so if it is software', async () => {
    const { info } = await openTestDevice();
    expect(info.vendor).not.toBe('');
    expect(info.limits['maxBufferSize']).toBeGreaterThan(0);
    expect(info.features).toContain('core-features-and-limits');
    if (inject('adapter') === 'software') {
      expect(info).toMatchObject({ software: true, architecture: 'swiftshader' });
    }
  });

  test('is refused in words where there is no WebGPU, or no adapter', async () => {
    await expect(Device.open(undefined)).rejects.toMatchObject({ code: 'no-webgpu' });
    const none: Pick<GPU, 'requestAdapter'> = { requestAdapter: async () => null };
    await expect(Device.open(none)).rejects.toMatchObject({ code: 'no-adapter' });
  });

  test('refuses a buffer beyond its limits by name and size', async () => {
    const device = await openTestDevice();
    const create = () => device.createBuffer('weights', 2 ** 40, GPUBufferUsage.STORAGE);
    expect(create).toThrow(UnderglassError);
    expect(create).toThrow(/weights: 1,099,511,627,776 bytes exceed/);
  });

  test('lists its buffers by label and size until they are destroyed', async () => {
    const device = await openTestDevice();
    const before = device.buffers;
    const made = [100, 4096].map((size) => device.createBuffer(`list ${size}`, size, GPUBufferUsage.STORAGE));
    // Sizes are rounded up to 16 bytes.
    expect(device.buffers.slice(before.length)).toEqual([
      { label: 'list 100', bytes: 112 },
      { label: 'list 4096', bytes: 4096 },
    ]);
    for (const buffer of made) device.destroyBuffer(buffer);
    expect(device.buffers).toEqual(before);
  });

  test("turns WebGPU's own errors into rejections that carry the label", async () => {
    const device = await openTestDevice();
    const work = device.guard(() => {
      device.gpu.createBuffer({ label: 'wrong', size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
    });
    await expect(work).rejects.toMatchObject({ code: 'validation' });
  });

  test('counts its buffers and their bytes', async () => {
    const device = await openTestDevice();
    const [buffers, bytes] = [device.liveBuffers, device.liveBytes];
    const buffer = device.createBuffer('counted', 1000, GPUBufferUsage.COPY_DST);
    expect([device.liveBuffers, device.liveBytes]).toEqual([buffers + 1, bytes + 1008]);
    device.destroyBuffer(buffer);
    expect([device.liveBuffers, device.liveBytes]).toEqual([buffers, bytes]);
  });

  test('once disposed, does not count as lost', async () => {
    const device = await Device.open(navigator.gpu);
    device.dispose();
    await device.gpu.lost;
    expect(() => device.check()).toThrow(/^this device is disposed/);
  });
});

describe('a tensor', () => {
  test('gives back what was uploaded, member by member, and refuses other sizes', async () => {
    const device = await openTestDevice();
    const arena = new Arena(
      device,
      'arena',
      [
        { label: 'a', rows: 3, columns: 5 },
        { label: 'b', rows: 1, columns: 7 },
      ],
      2,
    );
    const [a, b] = [arena.tensors.get('a')!, arena.tensors.get('b')!];
    const values = (seed: number, count: number) => Float32Array.from({ length: count }, (_, i) => seed + i);
    upload(device, a, values(10, 15), 0);
    upload(device, a, values(50, 15), 1);
    upload(device, b, values(90, 7), 1);
    expect(await download(device, a, 0)).toEqual(values(10, 15));
    expect(await download(device, a, 1)).toEqual(values(50, 15));
    expect(await download(device, b, 0)).toEqual(new Float32Array(7));
    expect(await download(device, b, 1)).toEqual(values(90, 7));
    expect(() => upload(device, a, values(0, 14))).toThrow(/a: 14 values do not fill \[3, 5\]; give 15/);
    arena.dispose();
  });

  test('is padded with zeros to whole blocks', async () => {
    const device = await openTestDevice();
    const arena = new Arena(device, 'padded', [{ label: 'a', rows: 2, columns: 3 }]);
    upload(device, arena.tensors.get('a')!, [1, 2, 3, 4, 5, 6]);
    const whole = await download(device, arena.whole);
    arena.dispose();
    expect([...whole.subarray(0, 16)]).toEqual([1, 2, 3, 0, 4, 5, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });
});
