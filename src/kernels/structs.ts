// The structs that the host fills, as the WGSL lays them out.

import update from '../../shaders/update.wgsl';

/** `Step` of shaders/lib/step.wgsl. */
export const stepStruct = update.structs.Step;

/** `Numbers` of shaders/lib/numbers.wgsl. */
export const numbersStruct = update.structs.Numbers;
