// Slots: where the partial sums of a gradient lie, for the kernels that write and add them.
//
// The gradients of a member begin with SLOTS copies of the parameters' layout, and end with
// the table of splits, one entry a layer. A program of one slot has no table.

import { blockOffset, type Shapes } from './kernel';

/** Slots and the place of the table of splits, as override constants. */
export function gradientSlots(shapes: Shapes): { readonly SLOTS: number; readonly SPLITS: number } {
  if (!shapes.has('splits')) {
    return { SLOTS: 1, SPLITS: 0 };
  }
  const SPLITS = blockOffset(shapes('splits'));
  return { SLOTS: SPLITS / shapes('parameter').rows, SPLITS };
}
