// Reflection, against WGSL's layout rules worked out by hand and against Dawn.

import { describe, expect, test } from 'vitest';
import { create } from 'webgpu';
import { reflect } from '../src/reflect.js';

const SHADER = `
const ROWS = 3u;
const CELLS = ROWS * 16u;
const RATE: f32 = 1e-3;
const TINY = 1e-12;
const OFFSET = -2;
const MASK = 0x10u;
const FAST = true;
const ORIGIN = vec2f(0, 1);

override width: u32 = 64;
override depth = 2u;
override scale: f32 = 0.1;
override product = width * 4u;
override steps: i32;
@id(3) override fast = true;

alias Rows = array<vec3f, ROWS>;

struct Inner { a: f32, @align(16) b: f32 }

struct Params {
  count: u32,
  position: vec3f,
  weight: f32,
  inner: Inner,
  @size(32) pair: vec2<f32>,
  rows: Rows,
  basis: mat3x3<f32>,
  transform: mat4x4f,
  cells: array<u32, CELLS>,
  tail: vec2<i32>,
}

struct Half { a: vec3<f16>, b: f16, c: mat2x3h }
struct Log { length: atomic<u32>, lines: array<Inner> }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(2) var<storage> input: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> output: array<vec3f>;
@group(1) @binding(0) var<storage, read_write> log: Log;
@group(1) @binding(1) var<storage, read> chosen: array<i32, 4>;
@group(1) @binding(2) var<storage, read> half: Half;
@group(1) @binding(3) var<storage, read> idle: array<f32>;
var<workgroup> tile: array<f32, width>;

fn deep(i: u32) -> f32 {
  switch (chosen[0]) {
    case 1: { return 0; }
    default: { return shallow(i); }
  }
}

fn shallow(i: u32) -> f32 {
  loop {
    if (i > 3) { break; }
    continuing { break if input[i].x > 0; }
  }
  return f32(half.b);
}

@compute @workgroup_size(width, ROWS, depth)
fn forward(@builtin(global_invocation_id) id: vec3u) {
  let idle = params.weight;
  output[id.x].x += deep(id.x) * idle * scale * RATE + f32(ORIGIN.x) + f32(TINY);
}

@compute @workgroup_size(CELLS)
fn record() {
  { let output = 1; _ = output; }
  let line = &log.lines[0];
  (*line).a = f32(product) + f32(MASK) + f32(OFFSET) + f32(steps);
  if (fast && FAST) { tile[0] = 1; }
}
`;
const shader = `enable f16;\n${SHADER}`;
const reflected = reflect(shader);

describe('structs', () => {
  // https://www.w3.org/TR/WGSL/#alignment-and-size
  test('have the offsets, sizes and alignments of the WGSL layout rules', () => {
    expect(reflected.structs.Inner).toEqual({
      size: 32,
      align: 16,
      fields: { a: { offset: 0, size: 4, type: 'f32' }, b: { offset: 16, size: 4, type: 'f32' } },
    });
    expect(reflected.structs.Params).toEqual({
      size: 464,
      align: 16,
      fields: {
        count: { offset: 0, size: 4, type: 'u32' },
        position: { offset: 16, size: 12, type: 'vec3f' },
        weight: { offset: 28, size: 4, type: 'f32' },
        inner: { offset: 32, size: 32, type: 'Inner' },
        pair: { offset: 64, size: 32, type: 'vec2f' },
        rows: { offset: 96, size: 48, type: 'array<vec3f, 3>' },
        basis: { offset: 144, size: 48, type: 'mat3x3f' },
        transform: { offset: 192, size: 64, type: 'mat4x4f' },
        cells: { offset: 256, size: 192, type: 'array<u32, 48>' },
        tail: { offset: 448, size: 8, type: 'vec2i' },
      },
    });
  });

  test('of f16 are half as large', () => {
    expect(reflected.structs.Half).toEqual({
      size: 24,
      align: 8,
      fields: {
        a: { offset: 0, size: 6, type: 'vec3h' },
        b: { offset: 6, size: 2, type: 'f16' },
        c: { offset: 8, size: 16, type: 'mat2x3h' },
      },
    });
  });

  test('with a runtime-sized array count one element of it', () => {
    expect(reflected.structs.Log).toEqual({
      size: 48,
      align: 16,
      fields: {
        length: { offset: 0, size: 4, type: 'atomic<u32>' },
        lines: { offset: 16, size: 32, type: 'array<Inner>' },
      },
    });
  });
});

test('bindings have group, binding, buffer type, format and minimum size', () => {
  expect(reflected.bindings).toEqual({
    params: { group: 0, binding: 0, type: 'uniform', format: 'Params', minBindingSize: 464 },
    output: { group: 0, binding: 1, type: 'storage', format: 'array<vec3f>', minBindingSize: 16 },
    input: { group: 0, binding: 2, type: 'read-only-storage', format: 'array<vec4f>', minBindingSize: 16 },
    log: { group: 1, binding: 0, type: 'storage', format: 'Log', minBindingSize: 48 },
    chosen: { group: 1, binding: 1, type: 'read-only-storage', format: 'array<i32, 4>', minBindingSize: 16 },
    half: { group: 1, binding: 2, type: 'read-only-storage', format: 'Half', minBindingSize: 24 },
    idle: { group: 1, binding: 3, type: 'read-only-storage', format: 'array<f32>', minBindingSize: 4 },
  });
});

test('entry points have their workgroup size, and the bindings they reach through functions', () => {
  expect(reflected.entryPoints).toEqual({
    forward: {
      stage: 'compute',
      workgroupSize: ['width', 3, 'depth'],
      bindings: ['params', 'output', 'input', 'chosen', 'half'],
    },
    record: { stage: 'compute', workgroupSize: [48, 1, 1], bindings: ['log'] },
  });
});

test('overrides have a type, a default if it is known, and an id if they are given one', () => {
  expect(reflected.overrides).toEqual({
    width: { type: 'u32', default: 64 },
    depth: { type: 'u32', default: 2 },
    scale: { type: 'f32', default: 0.1 },
    product: { type: 'u32', default: null },
    steps: { type: 'i32', default: null },
    fast: { id: 3, type: 'bool', default: true },
  });
});

test('constants are the scalar module-scope consts, computed ones too', () => {
  expect(reflected.constants).toEqual({
    ROWS: 3,
    CELLS: 48,
    RATE: 0.001,
    TINY: 1e-12,
    OFFSET: -2,
    MASK: 16,
    FAST: true,
  });
});

test('vertex and fragment stages are told apart', () => {
  const { entryPoints } = reflect(`
    @group(0) @binding(0) var<uniform> color: vec4f;
    @vertex fn corner(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f { return vec4f(f32(i)); }
    @fragment fn shade() -> @location(0) vec4f { return color; }`);
  expect(entryPoints).toEqual({
    corner: { stage: 'vertex', workgroupSize: [], bindings: [] },
    shade: { stage: 'fragment', workgroupSize: [], bindings: ['color'] },
  });
});

describe("Dawn's pipelines", async () => {
  const gpu = create(['backend=null']);
  const adapter = await gpu.requestAdapter();
  const device = await adapter?.requestDevice({ requiredFeatures: ['shader-f16'] });
  // Dawn crashes at exit if these are collected before.
  Object.assign(globalThis, { wgslLoaderTestDawn: [gpu, adapter, device] });

  /** Dawn's objection to bind groups of exactly these buffers, one for each group. */
  async function bindGroupError(entryPoint: string, bytesLess: number): Promise<string | undefined> {
    if (!device) throw new Error('no null device');
    const pipeline = device.createComputePipeline({
      layout: 'auto',
      compute: { module: device.createShaderModule({ code: shader }), entryPoint, constants: { width: 8, steps: 1 } },
    });
    const bindings = (reflected.entryPoints[entryPoint]?.bindings ?? []).map((name) => {
      const binding = reflected.bindings[name];
      if (!binding) throw new Error(`no binding ${name}`);
      return binding;
    });
    device.pushErrorScope('validation');
    for (const group of new Set(bindings.map((binding) => binding.group))) {
      const entries = bindings
        .filter((binding) => binding.group === group)
        .map(({ binding, type, minBindingSize }) => {
          const size = minBindingSize - bytesLess;
          // https://www.w3.org/TR/webgpu/#typedefdef-gpubufferusageflags
          const usage = type === 'uniform' ? 0x40 : 0x80;
          return { binding, resource: { buffer: device.createBuffer({ size, usage }) } };
        });
      device.createBindGroup({ layout: pipeline.getBindGroupLayout(group), entries });
    }
    return (await device.popErrorScope())?.message;
  }

  test.each(['forward', 'record'])("use exactly the bindings of '%s', at their minimum sizes", async (entryPoint) => {
    expect(await bindGroupError(entryPoint, 0)).toBeUndefined();
    expect(await bindGroupError(entryPoint, 4)).toMatch(/size/);
  });
});
