// WgslModule: what a shader file is to the JavaScript that imports it.

/** A linked, compiled and reflected shader: the default export of a `.wgsl` file. */
export interface WgslModule {
  /** File name without extension: `dense_backward`. */
  readonly name: string;
  /** Path relative to the Vite root, with forward slashes: `shaders/dense_backward.wgsl`. */
  readonly path: string;
  /** WGSL with every import linked in, and every `@if` condition false. */
  readonly code: string;
  /** For each name that an `@if` asks for, the WGSL with that condition true. */
  readonly codeIf: { readonly [condition: string]: string };
  readonly entryPoints: { readonly [name: string]: WgslEntryPoint };
  readonly bindings: { readonly [name: string]: WgslBinding };
  readonly overrides: { readonly [name: string]: WgslOverride };
  readonly structs: { readonly [name: string]: WgslStruct };
  /** Values of the module-scope scalar `const`s. An f32 is given as the shortest decimal that rounds to it. */
  readonly constants: { readonly [name: string]: number | boolean };
}

export interface WgslEntryPoint {
  readonly stage: 'compute' | 'vertex' | 'fragment';
  /** Three sizes for a compute entry point, none for the others. A string is the name of an override. */
  readonly workgroupSize: readonly (number | string)[];
  /** Names of the buffer bindings that the entry point uses, itself or through functions, by group and binding. */
  readonly bindings: readonly string[];
}

export interface WgslBinding {
  readonly group: number;
  readonly binding: number;
  /** A `GPUBufferBindingType`. */
  readonly type: 'uniform' | 'storage' | 'read-only-storage';
  /** The variable's WGSL type: `array<vec4f>`, or the name of a struct. */
  readonly format: string;
  /** Bytes. A runtime-sized array counts as one element. */
  readonly minBindingSize: number;
}

export interface WgslOverride {
  /** Of an override with `@id(7)`: 7, the key of its value when a pipeline is made. Without, that is the name. */
  readonly id?: number;
  readonly type: 'u32' | 'i32' | 'f32' | 'f16' | 'bool';
  /** `null` where there is no default, or where it depends on another override. */
  readonly default: number | boolean | null;
}

/** Memory layout of a struct, in bytes. A runtime-sized array counts as one element. */
export interface WgslStruct {
  readonly size: number;
  readonly align: number;
  readonly fields: { readonly [name: string]: WgslField };
}

export interface WgslField {
  readonly offset: number;
  readonly size: number;
  readonly type: string;
}
