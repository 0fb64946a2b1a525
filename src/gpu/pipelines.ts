// Compute pipelines, each compiled once for a shader and its constants.

/** What a pipeline needs of a shader; the modules that wgsl-loader makes of WGSL files fit. */
export interface Shader {
  readonly name: string;
  readonly code: string;
  /** The code for a device with a feature that the shader has a use for. */
  readonly codeIf: { readonly [feature: string]: string };
  readonly bindings: {
    readonly [name: string]: {
      readonly group: number;
      readonly binding: number;
      readonly type: GPUBufferBindingType;
    };
  };
  readonly entryPoints: {
    readonly [name: string]: {
      readonly bindings: readonly string[];
      /** Threads along x, y and z; a string is the name of an override constant. */
      readonly workgroupSize: readonly (number | string)[];
    };
  };
  readonly overrides: { readonly [name: string]: { readonly type: string; readonly default: number | boolean | null } };
  readonly constants: { readonly [name: string]: number | boolean };
}

/** The threads of a workgroup under these override constants. */
export function workgroupSize(
  { entryPoints, overrides }: Shader,
  entryPoint: string,
  constants: Readonly<Record<string, number>>,
): number[] {
  return entryPoints[entryPoint]!.workgroupSize.map((size) =>
    typeof size === 'number' ? size : (constants[size] ?? Number(overrides[size]?.default)),
  );
}

/** The bind group of a kernel's tensors. */
export const TENSOR_GROUP = 0;

/** The bind group of the step's uniform, bound with a dynamic offset. */
export const STEP_GROUP = 1;

/** The tensor bindings that an entry point uses, by name. */
export function tensorBindings(shader: Shader, entryPoint: string): [string, Shader['bindings'][string]][] {
  return usedBindings(shader, entryPoint).filter(([, { group }]) => group === TENSOR_GROUP);
}

function usedBindings(shader: Shader, entryPoint: string): [string, Shader['bindings'][string]][] {
  return shader.entryPoints[entryPoint]!.bindings.map((name) => [name, shader.bindings[name]!]);
}

/** Shader modules, layouts and pipelines of one device, made on demand and kept. */
export class PipelineCache {
  readonly #gpu: GPUDevice;
  readonly #modules = new Map<Shader, GPUShaderModule>();
  readonly #layouts = new Map<Shader, Map<string, GPUBindGroupLayout>>();
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>();
  readonly stepLayout: GPUBindGroupLayout;

  constructor(gpu: GPUDevice) {
    this.#gpu = gpu;
    this.stepLayout = gpu.createBindGroupLayout({
      label: 'step',
      entries: [
        { binding: 0, visibility: GPUShaderStage.COMPUTE, buffer: { type: 'uniform', hasDynamicOffset: true } },
      ],
    });
  }

  /** The layout of the tensor bindings that an entry point uses. */
  tensorLayout(shader: Shader, entryPoint: string): GPUBindGroupLayout {
    let layouts = this.#layouts.get(shader);
    if (!layouts) {
      layouts = new Map();
      this.#layouts.set(shader, layouts);
    }
    let layout = layouts.get(entryPoint);
    if (!layout) {
      const entries = tensorBindings(shader, entryPoint).map(([, { binding, type }]) => ({
        binding,
        visibility: GPUShaderStage.COMPUTE,
        buffer: { type },
      }));
      layout = this.#gpu.createBindGroupLayout({ label: shader.name, entries });
      layouts.set(entryPoint, layout);
    }
    return layout;
  }

  /** The pipeline of an entry point with these override constants. */
  pipeline(
    shader: Shader,
    entryPoint: string,
    constants: Readonly<Record<string, number>>,
  ): Promise<GPUComputePipeline> {
    const key = `${shader.name} ${entryPoint} ${JSON.stringify(constants)}`;
    let pipeline = this.#pipelines.get(key);
    if (!pipeline) {
      const usesStep = usedBindings(shader, entryPoint).some(([, { group }]) => group === STEP_GROUP);
      const tensors = this.tensorLayout(shader, entryPoint);
      pipeline = this.#gpu.createComputePipelineAsync({
        label: shader.name,
        layout: this.#gpu.createPipelineLayout({
          label: shader.name,
          bindGroupLayouts: usesStep ? [tensors, this.stepLayout] : [tensors],
        }),
        compute: { module: this.#module(shader), entryPoint, constants },
      });
      this.#pipelines.set(key, pipeline);
      // One that failed for want of memory may compile another time.
      pipeline.catch(() => this.#pipelines.delete(key));
    }
    return pipeline;
  }

  #module(shader: Shader): GPUShaderModule {
    let module = this.#modules.get(shader);
    if (!module) {
      module = this.#gpu.createShaderModule({ label: shader.name, code: this.codeOf(shader) });
      this.#modules.set(shader, module);
    }
    return module;
  }

  /** The WGSL of a shader that runs on this device. */
  codeOf({ code, codeIf }: Shader): string {
    return (this.#gpu.features.has('subgroups') ? codeIf['subgroups'] : undefined) ?? code;
  }
}
