// Fusion: rewriting the naive program into one of 2L + 1 operations with the same results.
//
// Each rule finds one group of operations and replaces it by one operation; `fuse` applies
// them until none matches. Rules look at what operations read and write, never at labels.

import { valueNames } from './lower';
import type { Operation, OperationKind, Program } from './program';

/** A rewriting: the program after one replacement, or undefined where nothing matches. */
export type Rule = (program: Program) => Program | undefined;

/** linear, activate → denseForward; it keeps z where others read that, too. */
export const fuseForward: Rule = (program) => {
  for (const linear of of(program, 'linear')) {
    const z = linear.outputs['z']!;
    const readers = readersOf(program, z);
    const activate = readers.find(({ kind }) => kind === 'activate');
    if (activate) {
      return replace(program, [linear, activate], 'first', {
        ...linear,
        kind: 'denseForward',
        label: `${layerName(linear)} forward`,
        inputs: { ...linear.inputs, order: orderOf(program) },
        outputs: { ...activate.outputs, ...(readers.length > 1 ? { z } : {}) },
        flags: { ...activate.flags, gather: false },
      });
    }
  }
  return undefined;
};

/** The last layer's denseForward or linear, crossEntropy, softmax and their gradient → denseLoss. */
export const fuseLoss: Rule = (program) => {
  const entropy = of(program, 'crossEntropy')[0];
  const softmax = of(program, 'softmax')[0];
  const softmaxGradient = of(program, 'softmaxGradient')[0];
  const forward = entropy && writer(program, entropy.inputs['y']!);
  // The kernel has the outputs alone: a slope that is computed from the input stays outside.
  if (
    !entropy ||
    !softmax ||
    !softmaxGradient ||
    !forward ||
    'z' in (forward.kind === 'linear' ? {} : forward.outputs)
  ) {
    return undefined;
  }
  const through = soleReader(program, softmaxGradient.outputs['dy']!, 'activateGradient');
  const gather = of(program, 'gather')[0];
  const parts = [forward, entropy, softmax, softmaxGradient, ...(through ? [through] : [])];
  return replace(program, parts, 'first', {
    ...forward,
    kind: 'denseLoss',
    label: `${layerName(forward)} loss`,
    inputs: { ...forward.inputs, labels: gather?.inputs['labels'] ?? entropy.inputs['t']!, order: orderOf(program) },
    outputs: { dz: through?.outputs['dz'] ?? softmaxGradient.outputs['dy']!, ...entropy.outputs },
    flags: { activation: activationOf(forward), gather: false },
  });
};

/** In an evaluation, the last layer's denseForward or linear and crossEntropy → denseLoss, whose dz nobody reads. */
export const fuseEvaluation: Rule = (program) => {
  const entropy = of(program, 'crossEntropy')[0];
  const forward = entropy && writer(program, entropy.inputs['y']!);
  if (!entropy || !forward || of(program, 'softmax').length > 0) {
    return undefined;
  }
  const y = program.values.get(entropy.inputs['y']!)!;
  const dz = { ...y, name: `${y.name.slice(0, y.name.lastIndexOf('.'))}.dz` };
  const gather = of(program, 'gather')[0];
  return replace({ ...program, values: new Map([...program.values, [dz.name, dz]]) }, [forward, entropy], 'first', {
    ...forward,
    kind: 'denseLoss',
    label: `${layerName(forward)} loss`,
    inputs: { ...forward.inputs, labels: gather?.inputs['labels'] ?? entropy.inputs['t']!, order: orderOf(program) },
    outputs: { dz: dz.name, ...entropy.outputs },
    flags: { activation: activationOf(forward), gather: false },
  });
};

/** A layer's weight, bias and input gradient and the way through the activation before it → denseBackward. */
export const fuseBackward: Rule = (program) => {
  for (const weights of of(program, 'linearWeightGradient')) {
    const dz = weights.inputs['dz']!;
    const biases = of(program, 'linearBiasGradient').find(({ inputs }) => inputs['dz'] === dz)!;
    const inputs = of(program, 'linearInputGradient').find((operation) => operation.inputs['dz'] === dz);
    const through = inputs && soleReader(program, inputs.outputs['dx']!, 'activateGradient');
    const { x } = weights.inputs;
    return replace(program, [weights, biases, ...(inputs && through ? [inputs, through] : [])], 'last', {
      ...weights,
      kind: 'denseBackward',
      label: `${layerName(weights)} backward`,
      inputs: {
        ...weights.inputs,
        ...inputs?.inputs,
        ...(inputs ? { saved: through?.inputs['saved'] ?? x! } : {}),
        order: orderOf(program),
        ...slotsOf(program),
      },
      // dw and db are written through one binding, as WebGPU wants of two ranges of one buffer.
      outputs: {
        ...weights.outputs,
        ...biases.outputs,
        gradient: 'gradient',
        ...(inputs ? { dx: through?.outputs['dz'] ?? inputs.outputs['dx']! } : {}),
      },
      flags: { gather: false, layer: weights.layer!, ...(inputs ? { activation: activationOf(through) } : {}) },
    });
  }
  return undefined;
};

/** gather → nothing, where all that reads the batch can take its rows through the order. */
export const fuseGather: Rule = (program) => {
  const gather = of(program, 'gather')[0];
  if (!gather) {
    return undefined;
  }
  const readers = program.operations.filter(({ inputs }) =>
    Object.values(inputs).some((value) => Object.values(gather.outputs).includes(value)),
  );
  if (!readers.every(({ kind, inputs }) => GATHERERS.includes(kind) && inputs['x'] === gather.outputs['x'])) {
    return undefined;
  }
  const operations = program.operations
    .filter((operation) => operation !== gather)
    .map((operation) =>
      readers.includes(operation)
        ? {
            ...operation,
            inputs: { ...operation.inputs, x: gather.inputs['features']! },
            flags: { ...operation.flags, gather: true },
          }
        : operation,
    );
  return withOperations(program, operations);
};

const GATHERERS: readonly OperationKind[] = ['denseForward', 'denseLoss', 'denseBackward'];

/** Every l2 and update, and meanLoss → updateAll. */
export const fuseUpdate: Rule = (program) => {
  const updates = of(program, 'update');
  const decays = of(program, 'l2');
  const mean = of(program, 'meanLoss')[0];
  // Weights are what L2 acts on; they lie before the biases.
  const decayed = decays.map(({ inputs }) => inputs['w']);
  const firstBias = updates.map(({ inputs }) => inputs['parameter']!).find((parameter) => !decayed.includes(parameter));
  if (!mean || !firstBias) {
    return undefined;
  }
  return replace(program, [...decays, ...updates, mean], 'last', {
    kind: 'updateAll',
    label: 'update',
    phase: 'update',
    layer: undefined,
    inputs: {
      numbers: updates[0]!.inputs['numbers']!,
      gradient: 'gradient',
      state: 'state',
      parameter: 'parameter',
      firstBias,
      ...slotsOf(program),
      ...mean.inputs,
    },
    outputs: { state: 'state', parameter: 'parameter', ...mean.outputs },
    flags: updates[0]!.flags ?? {},
  });
};

/** Every rule, in the order in which they are tried. */
export const rules: readonly Rule[] = [fuseForward, fuseUpdate, fuseLoss, fuseEvaluation, fuseBackward, fuseGather];

/** The fused program: the naive one, which must take its batch through the order, rewritten by every rule. */
export function fuse(program: Program): Program {
  let fused: Program = { ...program, name: program.name === 'naive' ? 'fused' : program.name };
  for (const rule of rules) {
    for (let next = rule(fused); next; next = rule(fused)) {
      fused = next;
    }
  }
  return fused;
}

function of(program: Program, kind: OperationKind): Operation[] {
  return program.operations.filter((operation) => operation.kind === kind);
}

function writer(program: Program, value: string): Operation | undefined {
  return program.operations.find(({ outputs }) => Object.values(outputs).includes(value));
}

function readersOf(program: Program, value: string): Operation[] {
  return program.operations.filter(({ inputs }) => Object.values(inputs).includes(value));
}

/** The operation of this kind that alone reads a value. */
function soleReader(program: Program, value: string, kind: OperationKind): Operation | undefined {
  const readers = readersOf(program, value);
  return readers.length === 1 && readers[0]!.kind === kind ? readers[0] : undefined;
}

/** The activation that an operation applies or goes back through; without one there is none. */
function activationOf(operation: Operation | undefined): string {
  return String(operation?.flags?.['activation'] ?? 'linear');
}

function orderOf(program: Program): string {
  const order = [...program.values.keys()].find((name) => name.endsWith('.order'));
  if (!order) {
    throw new Error('only a program that takes its batch through the row order can be fused');
  }
  return order;
}

/** What the kernels that write and add partial sums of gradients must know, where the program has slots for them. */
function slotsOf({ values }: Program): Record<string, string> {
  return values.has(valueNames.splits) ? { splits: valueNames.splits, parameter: 'parameter' } : {};
}

function layerName({ label }: Operation): string {
  return label.slice(0, label.indexOf(' '));
}

/** The program with `parts` replaced by `whole`, in the place of the first or the last of them. */
function replace(program: Program, parts: readonly Operation[], place: 'first' | 'last', whole: Operation): Program {
  const places = parts.map((part) => program.operations.indexOf(part));
  const at = place === 'first' ? Math.min(...places) : Math.max(...places);
  const operations = program.operations.flatMap((operation, i) => {
    if (i === at) {
      return [whole];
    }
    return parts.includes(operation) ? [] : [operation];
  });
  return withOperations(program, operations);
}

/** The program with other operations, and without the values that none of them names any more. */
function withOperations(program: Program, operations: readonly Operation[]): Program {
  const used = new Set(
    operations.flatMap(({ inputs, outputs }) => [...Object.values(inputs), ...Object.values(outputs)]),
  );
  const values = new Map([...program.values].filter(([name, { role }]) => used.has(name) || KEPT.includes(role)));
  return { ...program, operations, values };
}

/** Values of these roles are reached through the role's name, too. */
const KEPT: readonly string[] = ['parameter', 'state', 'gradient'];
