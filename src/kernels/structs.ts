// The structs that the host fills, as the WGSL lays them out.

import update from '../../shaders/update.wgsl';

/** `Step` of shaders/lib/step.wgsl. */
export const stepStruct = update.structs.Step;

/** `Optimiser` of shaders/lib/optimiser.wgsl. */
export const optimiserStruct = update.structs.Optimiser;
