// A kernel: a WGSL entry point with its variants and its grid.

import type { Shader } from '../gpu/pipelines';
import { BLOCK } from '../gpu/tensor';
import type { Operation, OperationKind } from '../program/program';

/** Rows and columns of what is bound to a kernel's binding, and where it begins. */
export interface Shape {
  /** Bytes from the start of its buffer. */
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
}

/** Where a tensor begins in its arena, in vec4f. */
export function blockOffset({ offset }: Shape): number {
  return offset / (BLOCK * Float32Array.BYTES_PER_ELEMENT);
}

/** The shapes of an operation's values, by binding name. */
export interface Shapes {
  (binding: string): Shape;
  /** Whether the operation has a value of that name. */
  readonly has: (binding: string) => boolean;
}

/** What variants depend on beside shapes. */
export interface AdapterTraits {
  /** Whether the adapter is software on the CPU, which wants few threads of much work. */
  readonly software: boolean;
  /** Whether threads can share loads in quads. */
  readonly quads: boolean;
}

/** One choice of a kernel's tuning constants. */
export interface Variant {
  readonly name: string;
  readonly constants: Readonly<Record<string, number>>;
  /** Whether the threads of a workgroup load for each other, through memory that they share. Default false. */
  readonly staged?: boolean;
}

/** Workgroups along x and y; the grid's z is the member. */
export type Grid = readonly [x: number, y: number];

/** A WGSL entry point and how to launch it. */
export interface Kernel {
  readonly kind: OperationKind;
  readonly shader: Shader;
  /** The choices that are right for these shapes on such an adapter, the default first, then the likeliest to be faster. */
  readonly variants: (shapes: Shapes, adapter: AdapterTraits) => readonly Variant[];
  /** The override constants that state the shapes. */
  readonly constants: (shapes: Shapes) => Readonly<Record<string, number>>;
  /** The WGSL function for this operation in this variant. Default `main`. */
  readonly entryPoint?: (operation: Operation, variant: Variant) => string;
  readonly grid: (shapes: Shapes, variant: Variant) => Grid;
}
