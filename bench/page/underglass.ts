// This project, as its own page and command line use it: a group for training steps, one dispatch for a product.

import { mean } from '../../src/base/statistics';
import { denseNetwork, Device, optimiser, type Splits, type TuningOptions } from '../../src/index';
import { download, upload } from '../../src/gpu/tensor';
import type { Program, Role, Value } from '../../src/program/program';
import { contend, type Contest, openContest } from '../../src/schedule/contest';
import { Memory } from '../../src/schedule/memory';
import { recordSteps } from '../../src/schedule/record';
import { candidates, dispatch, type Schedule, schedule, type VariantChoice } from '../../src/schedule/schedule';
import { StepTable } from '../../src/schedule/step-table';
import { Stopwatch } from '../../src/schedule/stopwatch';
import { Group } from '../../src/train/group';
import { type ProductTask, productData, SEED, type Task, type TrainingTask, trainingData } from '../tasks';
import { adapterName } from './adapter-name';
import type { Peer } from './peer';

/** How far this project is let go: `tuned` by timing every variant, `untuned` with default variants, `naive` unfused. */
export type Mode = 'tuned' | 'untuned' | 'naive';

/** Products in one submit at most, so that none takes longer than a watchdog allows. */
const PRODUCTS_A_SUBMIT = 8;

/** Time to tune in, in ms: as a first `train` has it, and as the page has it on a first visit. */
const TUNING_BUDGET = { train: 1000, page: 600 } as const;

/** Time to tune a product in, in ms, as `underglass tune` has it. */
const PRODUCT_BUDGET = 60_000;

/** Epochs between evaluations: more than any run has. */
const SELDOM = Number.MAX_SAFE_INTEGER;

/** What is prepared for a task. */
interface Work {
  step(count: number): Promise<void>;
  score(): Promise<number>;
  dispose(): void;
}

/** @param arrangement whether the networks of a task share their dispatches, or are trained one after another */
export function underglass(mode: Mode, arrangement: 'together' | 'apart' = 'together'): Peer {
  let device: Device;
  let work: Work | undefined;
  return {
    async start() {
      device = await Device.open(navigator.gpu);
    },
    async prepare(task: Task, cold = false) {
      const tuning = { budget: cold ? TUNING_BUDGET.page : TUNING_BUDGET.train };
      work?.dispose();
      if (task.kind === 'product') work = await prepareProduct(device, mode, task);
      else if (arrangement === 'together') work = await prepareTraining(device, mode, task, tuning);
      else work = await prepareApart(device, mode, task, tuning);
    },
    step: (count) => work!.step(count),
    score: () => work!.score(),
    describe: () => adapterName(device),
  };
}

/** The networks of a task one after another. */
async function prepareApart(device: Device, mode: Mode, task: TrainingTask, tuning: TuningOptions): Promise<Work> {
  const works: Work[] = [];
  const choices = new Map<string, string>();
  // All have one shape: the first is tuned, the others remember.
  const store = {
    read: (key: string) => choices.get(key),
    write: (key: string, text: string) => void choices.set(key, text),
  };
  for (const l2 of task.l2)
    works.push(await prepareTraining(device, mode, { ...task, l2: [l2] }, { ...tuning, store }));
  return {
    async step(count) {
      for (const work of works) await work.step(count);
    },
    async score() {
      const scores: number[] = [];
      for (const work of works) scores.push(await work.score());
      return mean(scores);
    },
    dispose() {
      for (const work of works) work.dispose();
    },
  };
}

async function prepareTraining(device: Device, mode: Mode, task: TrainingTask, tuning: TuningOptions): Promise<Work> {
  const { learningRate, momentum } = task;
  const group = await Group.create(device, {
    network: denseNetwork(task.sizes),
    splits: splitsOf(task),
    members: task.l2.map((l2) => ({ optimiser: optimiser({ learningRate, momentum, l2 }), seed: SEED })),
    batch: 'full',
    program: mode === 'naive' ? 'naive' : 'fused',
    profile: false,
    ...(mode === 'tuned' ? { tuning } : {}),
  });
  return {
    async step(count) {
      let done = 0;
      // Every step's score is read, and the end of the run is evaluated.
      for await (const { steps } of group.run({ epochs: count, every: SELDOM })) done = steps;
      if (done !== count) throw new Error(`${done} steps were done instead of ${count}`);
    },
    async score() {
      const evaluations = await group.evaluate();
      return mean(evaluations.map(({ train }) => train.loss));
    },
    dispose: () => group.dispose(),
  };
}

/** The task's rows to train on; one row each to validate and to test, which a group wants. */
function splitsOf(task: TrainingTask): Splits {
  const { features, labels } = trainingData(task);
  const columns = task.sizes[0]!;
  const classes = task.sizes.at(-1)!;
  const part = (name: string, rows: number) => ({
    name,
    rows,
    columns,
    classes,
    features: features.subarray(0, rows * columns),
    labels: labels.subarray(0, rows),
  });
  return { train: part('train', task.rows), valid: part('valid', 1), test: part('test', 1) };
}

async function prepareProduct(device: Device, mode: Mode, task: ProductTask): Promise<Work> {
  const program = productProgram(mode, task);
  const memory = new Memory(device, program);
  const { a, b } = productData(task);
  upload(device, memory.tensor('x'), a);
  upload(device, memory.tensor('w'), b);
  const ranges = Array.from({ length: PRODUCTS_A_SUBMIT }, () => ({ start: 0, rows: task.size }));
  const table = new StepTable(device, 'products', ranges);
  const choose = mode === 'tuned' ? await fastest(device, program, memory, table) : undefined;
  const ready = await schedule(device, program, memory, choose);
  return {
    async step(count) {
      for (let done = 0; done < count; done += PRODUCTS_A_SUBMIT) {
        submitProducts(device, ready, table, Math.min(PRODUCTS_A_SUBMIT, count - done));
      }
      await device.gpu.queue.onSubmittedWorkDone();
      device.check();
    },
    async score() {
      const values = await download(device, memory.tensor('y'));
      return values.at(-1)! / task.size;
    },
    dispose() {
      table.dispose();
      memory.dispose();
    },
  };
}

/** The variant of the product that is fastest here, out of all. */
async function fastest(device: Device, program: Program, memory: Memory, table: StepTable): Promise<VariantChoice> {
  const operation = program.operations[0]!;
  const watch = new Stopwatch(device, table);
  const variants = candidates(device.info, operation, memory);
  const variantOf = (wanted: string) => variants.find(({ name }) => name === wanted)!;
  const { label, kind: kernel } = operation;
  const contest = openContest({ label, kernel, key: label, names: variants.map(({ name }) => name) });
  const make = async (_: Contest, name: string) => {
    const made = await dispatch(device, program, memory, operation, variantOf(name));
    return { ...watch.operation(made), dispose: () => undefined };
  };
  await contend([contest], make, performance.now() + PRODUCT_BUDGET);
  return () => variantOf(contest.choice);
}

function submitProducts(device: Device, ready: Schedule, table: StepTable, count: number): void {
  const encoder = device.gpu.createCommandEncoder({ label: 'products' });
  recordSteps(encoder, ready, table, 0, count);
  device.gpu.queue.submit([encoder.finish()]);
}

/** y = x w: a dense layer's forward pass without its sigmoid, and with a bias of zeros. */
function productProgram(mode: Mode, { size }: ProductTask): Program {
  const value = (name: string, role: Role, rows: number): [string, Value] => [
    name,
    { name, role, rows, columns: size },
  ];
  const values = new Map([
    value('x', 'data', size),
    value('order', 'batch', 1),
    value('w', 'parameter', size),
    value('b', 'parameter', 1),
    value('y', 'activation', size),
  ]);
  const node = { label: 'product', phase: 'forward', layer: 0 } as const;
  const inputs = { x: 'x', w: 'w', b: 'b' };
  const operation =
    mode === 'naive'
      ? ({ kind: 'linear', ...node, inputs, outputs: { z: 'y' } } as const)
      : ({
          kind: 'denseForward',
          ...node,
          inputs: { ...inputs, order: 'order' },
          outputs: { y: 'y' },
          flags: { sigmoid: false, gather: false },
        } as const);
  return { name: 'product', members: 1, values, operations: [operation] };
}
