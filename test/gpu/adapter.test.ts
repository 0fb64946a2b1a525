// The tests' own adapter: the one that was asked for, and able to compute.

import { expect, inject, test } from 'vitest';
import { testDevice } from '../support/validation';

test('the adapter is the one that the run asks for', async () => {
  const adapter = await navigator.gpu.requestAdapter();
  expect(adapter).not.toBeNull();
  const software = adapter?.info.architecture === 'swiftshader';
  if (inject('adapter') !== 'any') expect(software).toBe(inject('adapter') === 'software');
});

test('a compute pass writes what its shader says', async () => {
  const device = await testDevice();
  const module = device.createShaderModule({
    code: `@group(0) @binding(0) var<storage, read_write> squares: array<u32>;
      @compute @workgroup_size(8) fn main(@builtin(global_invocation_id) id: vec3u) { squares[id.x] = id.x * id.x; }`,
  });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
  const squares = device.createBuffer({ size: 32, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
  const readBack = device.createBuffer({ size: 32, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const layout = pipeline.getBindGroupLayout(0);
  const bindGroup = device.createBindGroup({ layout, entries: [{ binding: 0, resource: { buffer: squares } }] });

  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindGroup);
  pass.dispatchWorkgroups(1);
  pass.end();
  encoder.copyBufferToBuffer(squares, 0, readBack, 0, 32);
  device.queue.submit([encoder.finish()]);
  await readBack.mapAsync(GPUMapMode.READ);

  expect([...new Uint32Array(readBack.getMappedRange())]).toEqual([0, 1, 4, 9, 16, 25, 36, 49]);
  readBack.unmap();
});
