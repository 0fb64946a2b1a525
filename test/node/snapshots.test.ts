// What a step is made of, as text: programs, and the WGSL that is linked for each kernel. A change of lowering, fusion, shaders or
// loader shows as a difference to be read; `npx vitest run --project node test/node/snapshots.test.ts -u` takes it.

import { describe, expect, test } from 'vitest';
import type { Activation } from '../../src/nn/activations';
import type { Shader } from '../../src/gpu/pipelines';
import { denseNetwork } from '../../src/nn/network';
import { fuse } from '../../src/program/fuse';
import { lowerStep } from '../../src/program/lower';
import type { Operation, Program } from '../../src/program/program';

interface Training {
  readonly what: string;
  readonly sizes: readonly number[];
  readonly hidden?: readonly Activation[];
  readonly output: Activation;
  readonly batchRows: number;
}

const ROWS = 721;

const TRAININGS: readonly Training[] = [
  { what: 'tutorial-full-batch', sizes: [64, 48, 32, 10], output: 'sigmoid', batchRows: ROWS },
  { what: 'tutorial-minibatch', sizes: [64, 48, 32, 10], output: 'sigmoid', batchRows: 32 },
  {
    what: 'deeper-linear-output',
    sizes: [64, 50, 40, 30, 20, 10],
    hidden: ['relu', 'tanh', 'gelu', 'sigmoid'],
    output: 'linear',
    batchRows: 32,
  },
];

function programOf({ sizes, hidden, output, batchRows }: Training, name: 'naive' | 'fused'): Program {
  const network = denseNetwork(sizes, { output, ...(hidden ? { hidden } : {}) });
  // The naive program takes a full batch as it lies.
  const orderRows = name === 'naive' && batchRows === ROWS ? 0 : ROWS;
  const program = lowerStep({ network, data: 'train', dataRows: ROWS, batchRows, orderRows, slots: 1, members: 1 });
  return name === 'naive' ? program : fuse(program);
}

const pairs = (record: Readonly<Record<string, unknown>>) =>
  Object.entries(record)
    .map(([name, value]) => (name === value ? name : `${name}: ${String(value)}`))
    .join(', ');

function operationText({ label, kind, phase, inputs, outputs, flags }: Operation): string[] {
  return [
    `${label} (${kind}, ${phase})`,
    `  reads  ${pairs(inputs)}`,
    `  writes ${pairs(outputs)}`,
    ...(flags && Object.keys(flags).length > 0 ? [`  with   ${pairs(flags)}`] : []),
  ];
}

/** Operations in order, then the values by their roles. */
function programText({ operations, values }: Program): string {
  const table = [...values.values()].map(({ name, role, rows, columns }) => `${role} ${name} [${rows}, ${columns}]`);
  return `${[...operations.flatMap(operationText), '', ...table].join('\n')}\n`;
}

describe.each(TRAININGS)('the program of $what', (training) => {
  test.each(['naive', 'fused'] as const)('%s', async (name) => {
    await expect(programText(programOf(training, name))).toMatchFileSnapshot(
      `__snapshots__/programs/${training.what}-${name}.txt`,
    );
  });
});

const SHADERS = import.meta.glob<Shader>('../../shaders/*.wgsl', { eager: true, import: 'default' });

describe.each(Object.values(SHADERS).map((shader) => ({ name: shader.name, shader })))(
  'the linked WGSL of $name',
  ({ name, shader }) => {
    test.each(['', ...Object.keys(shader.codeIf)])('on a device with %o', async (feature) => {
      const code = feature === '' ? shader.code : shader.codeIf[feature]!;
      const file = feature === '' ? name : `${name}.${feature}`;
      await expect(code).toMatchFileSnapshot(`__snapshots__/shaders/${file}.wgsl`);
    });
  },
);
