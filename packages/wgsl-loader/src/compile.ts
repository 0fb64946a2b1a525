// Compilation with Dawn, the WebGPU implementation of Chrome, on its null
// backend: the whole shader compiler, and no GPU.
//
// Dawn for Node crashes at exit if its objects were collected before, so one
// device is made on first use and kept for the life of the process.

import type { LinkedShader } from './link.js';
import type { Problem } from './problem.js';

interface Dawn {
  readonly gpu: GPU;
  readonly adapter: GPUAdapter;
  readonly device: GPUDevice;
}

let dawn: Promise<Dawn> | undefined;

async function startDawn(): Promise<Dawn> {
  const { create } = await import('webgpu');
  const gpu = create(['backend=null']);
  const adapter = await gpu.requestAdapter();
  if (!adapter) throw new Error("wgsl-loader: Dawn's null backend has no adapter");
  const device = await adapter.requestDevice({ requiredFeatures: shaderFeatures(adapter) });
  return { gpu, adapter, device };
}

/** The features that WGSL can `enable`. */
const SHADER_FEATURE = /^shader-|subgroup|^clip-distances$|^dual-source-blending$|^primitive-index$/;

function shaderFeatures(adapter: GPUAdapter): GPUFeatureName[] {
  return [...adapter.features].filter((name): name is GPUFeatureName => SHADER_FEATURE.test(name));
}

/** Compiles a linked shader, and places the compiler's messages in the files that it was linked from. */
export async function compileShader(shader: LinkedShader): Promise<Problem[]> {
  dawn ??= startDawn();
  const { device } = await dawn;
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ code: shader.code });
  const failure = device.popErrorScope();
  const { messages } = await module.getCompilationInfo();
  const problems = messages
    .filter((message) => message.type !== 'info')
    .map(
      ({ type, message, offset, length }): Problem => ({
        severity: type === 'error' ? 'error' : 'warning',
        message: message.trim(),
        location: shader.locate(offset, length),
      }),
    );
  const error = await failure;
  if (error && !problems.some((problem) => problem.severity === 'error')) {
    problems.push({ severity: 'error', message: error.message, location: shader.locate(0, 1) });
  }
  return problems;
}
