// Lowering and fusion as rewriting of plain data.

import { describe, expect, test } from 'vitest';
import type { Activation } from '../../src/nn/activations';
import { denseNetwork } from '../../src/nn/network';
import { fuse, fuseBackward, fuseForward, fuseGather, fuseLoss, fuseUpdate, type Rule } from '../../src/program/fuse';
import { lowerEvaluation, lowerStep, lowerWeightSquares } from '../../src/program/lower';
import { type Operation, type Program, ProgramBuilder } from '../../src/program/program';

function lowered(sizes: readonly number[], output: Activation = 'sigmoid', orderRows = 721): Program {
  const network = denseNetwork(sizes, { output });
  return lowerStep({ network, data: 'train', dataRows: 721, batchRows: 32, orderRows, slots: 4, members: 1 });
}

const kinds = ({ operations }: Program) => operations.map(({ kind }) => kind);
const labels = ({ operations }: Program) => operations.map(({ label }) => label);

/** Every value is written before it is read, unless the host or the step before wrote it. */
function expectInOrder(program: Program): void {
  const written = new Set<string>();
  for (const { label, inputs, outputs } of program.operations) {
    for (const name of Object.values(inputs)) {
      const role = program.values.get(name)?.role;
      if (role === 'activation' || role === 'gradient' || role === 'batch') {
        expect(written.has(name) || name.endsWith('.order'), `${label} reads ${name} before it is written`).toBe(true);
      }
    }
    for (const name of Object.values(outputs)) {
      written.add(name);
    }
  }
}

describe('lowering', () => {
  test('gives one operation a line of the tutorial', () => {
    expect(labels(lowered([64, 48, 10], 'sigmoid', 0))).toEqual([
      'dense1 linear',
      'dense1 sigmoid',
      'dense2 linear',
      'dense2 sigmoid',
      'cross-entropy',
      'mean loss',
      'softmax',
      'softmax gradient',
      'dense2 sigmoid gradient',
      'dense2 weight gradient',
      'dense2 bias gradient',
      'dense2 input gradient',
      'dense1 sigmoid gradient',
      'dense1 weight gradient',
      'dense1 bias gradient',
      'dense1 L2',
      'dense1 weight update',
      'dense1 bias update',
      'dense2 L2',
      'dense2 weight update',
      'dense2 bias update',
    ]);
  });

  test('takes minibatches through the row order, and a linear output has no sigmoid', () => {
    const program = lowered([64, 10], 'linear');
    expect(kinds(program)[0]).toBe('gather');
    expect(kinds(program)).not.toContain('activate');
    expect(kinds(program)).not.toContain('activateGradient');
  });

  test.each([[[5, 2]], [[5, 4, 3]], [[5, 4, 3, 7, 6, 2]]])('writes before it reads: %j', (sizes) => {
    for (const output of ['sigmoid', 'linear'] as const) {
      expectInOrder(lowered(sizes, output));
      expectInOrder(lowered(sizes, output, 0));
      expectInOrder(fuse(lowered(sizes, output)));
    }
  });

  test('lays parameters, state and gradients out alike, weights before biases', () => {
    const { values } = lowered([5, 4, 3]);
    const of = (role: string) => [...values.values()].filter((value) => value.role === role);
    const shapes = of('parameter').map(({ rows, columns }) => [rows, columns]);
    expect(shapes).toEqual([
      [5, 4],
      [4, 3],
      [1, 4],
      [1, 3],
    ]);
    for (const role of ['state', 'gradient']) {
      expect(of(role).map(({ rows, columns }) => [rows, columns])).toEqual(shapes);
    }
  });

  test('the evaluation shares data and parameters with the step by name, and nothing else', () => {
    const network = denseNetwork([64, 48, 10]);
    const step = lowered([64, 48, 10]);
    const options = { network, data: 'train', dataRows: 721, batchRows: 500, orderRows: 721, slots: 4, members: 1 };
    for (const program of [lowerEvaluation(options), lowerWeightSquares(network, 1)]) {
      for (const { name, role } of program.values.values()) {
        expect(step.values.has(name), name).toBe(role === 'data' || role === 'parameter');
      }
    }
  });
});

describe('fusion', () => {
  test.each([1, 2, 3, 6])('gives 2L + 1 operations for %i layers', (layers) => {
    for (const output of ['sigmoid', 'linear'] as const) {
      const sizes = [64, ...Array.from({ length: layers - 1 }, (_, i) => 30 - i), 10];
      expect(fuse(lowered(sizes, output)).operations).toHaveLength(2 * layers + 1);
    }
  });

  test("names the fused operations of the tutorial's network", () => {
    const program = fuse(lowered([64, 48, 32, 10]));
    expect(labels(program)).toEqual([
      'dense1 forward',
      'dense2 forward',
      'dense3 loss',
      'dense3 backward',
      'dense2 backward',
      'dense1 backward',
      'update',
    ]);
    expect(program.operations.map(({ flags }) => flags?.['gather'])).toEqual([
      true,
      false,
      false,
      false,
      false,
      true,
      undefined,
    ]);
  });

  test('keeps no value that nothing uses', () => {
    const { values } = fuse(lowered([64, 48, 10]));
    const activations = [...values.values()].filter(({ role }) => role === 'activation' || role === 'batch');
    expect(activations.map(({ name }) => name).toSorted()).toEqual(
      ['dense1.dz', 'dense1.y', 'dense2.dz', 'hit', 'loss', 'train.order'].toSorted(),
    );
  });

  const count = (program: Program, kind: string) => kinds(program).filter((k) => k === kind).length;
  const apply = (rule: Rule, program: Program) => {
    const result = rule(program);
    expect(result, 'the rule matches').toBeDefined();
    return result!;
  };

  test('fuseForward: linear, sigmoid → denseForward', () => {
    const program = apply(fuseForward, lowered([64, 48, 10]));
    expect(kinds(program).slice(0, 3)).toEqual(['gather', 'denseForward', 'linear']);
    expect(fuseForward(lowered([64, 10], 'linear'))).toBeUndefined();
  });

  test('fuseUpdate: every l2 and update, and meanLoss → updateAll', () => {
    const before = lowered([1, 48, 10]);
    const program = apply(fuseUpdate, before);
    expect(before.operations.length - program.operations.length).toBe(6);
    expect(program.operations.at(-1)).toMatchObject({ kind: 'updateAll', inputs: { firstBias: 'dense1.b' } });
    expect(fuseUpdate(program)).toBeUndefined();
  });

  test('fuseLoss: the last layer, its loss and gradient → denseLoss', () => {
    const program = apply(fuseLoss, apply(fuseForward, lowered([64, 10])));
    expect(count(program, 'denseLoss')).toBe(1);
    for (const kind of ['crossEntropy', 'softmax', 'softmaxGradient', 'activateGradient', 'denseForward']) {
      expect(count(program, kind)).toBe(0);
    }
    const linear = apply(fuseLoss, lowered([64, 10], 'linear'));
    expect(linear.operations.find(({ kind }) => kind === 'denseLoss')?.flags).toEqual({
      activation: 'linear',
      gather: false,
    });
  });

  test('fuseBackward: the gradients of a layer → denseBackward, with dx but for the first layer', () => {
    const program = apply(fuseBackward, apply(fuseBackward, lowered([64, 48, 10])));
    const backward = program.operations.filter(({ kind }) => kind === 'denseBackward');
    expect(backward.map(({ outputs }) => 'dx' in outputs)).toEqual([true, false]);
    expect(fuseBackward(program)).toBeUndefined();
  });

  test('fuseGather: only where every reader can take rows through the order', () => {
    expect(fuseGather(lowered([64, 48, 10]))).toBeUndefined();
    expect(kinds(fuse(lowered([64, 48, 10])))).not.toContain('gather');
  });

  test('refuses a program without a row order', () => {
    expect(() => fuse(lowered([64, 48, 10], 'sigmoid', 0))).toThrow(/row order/);
  });

  test('a fused operation still writes what another operation reads', () => {
    const program = lowered([64, 48, 32, 10]);
    const spy: Operation = {
      kind: 'squareSum',
      label: 'spy',
      phase: 'forward',
      layer: undefined,
      inputs: { w: 'dense1.z' },
      outputs: { squares: 'score' },
    };
    const watched = { ...program, operations: [...program.operations, spy] };
    const forward = apply(fuseForward, watched).operations.filter(({ kind }) => kind === 'denseForward');
    expect(forward.map(({ outputs }) => outputs)).toEqual([{ y: 'dense1.y', z: 'dense1.z' }]);
  });
});

test('a value cannot be declared with two shapes', () => {
  const program = new ProgramBuilder('');
  program.value('x', 'activation', 3, 4);
  expect(() => program.value('x', 'activation', 4, 3)).toThrow(/declared twice/);
});
