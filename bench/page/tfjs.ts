// TensorFlow.js, with its core API: variables, `fused.matMul`, and `optimizer.minimize` of the momentum optimiser.

import * as tf from '@tensorflow/tfjs-core';
// oxlint-disable-next-line import/no-unassigned-import -- imported for its effect, which bundlers otherwise drop
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { type ProductTask, productData, type Task, type TrainingTask, trainingData } from '../tasks';
import { type Peer, single } from './peer';

interface Work {
  step(count: number): Promise<void>;
  score(): Promise<number>;
  dispose(): void;
}

/** @param register imports the backend and points it to its files */
export function tfjs(backend: 'webgpu' | 'wasm', register: () => Promise<string>): Peer {
  let work: Work | undefined;
  let description = '';
  return {
    async start() {
      const details = await register();
      if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no ${backend} backend here`);
      await tf.ready();
      description = details;
    },
    async prepare(task: Task) {
      work?.dispose();
      work = task.kind === 'training' ? prepareTraining(task) : prepareProduct(task);
    },
    step: (count) => work!.step(count),
    score: () => work!.score(),
    describe: () => description,
  };
}

interface Member {
  readonly variables: readonly tf.Variable[];
  readonly optimizer: tf.Optimizer;
  readonly loss: () => tf.Scalar;
}

function prepareTraining(task: TrainingTask): Work {
  const data = trainingData(task);
  const x = tf.tensor2d(data.features, [task.rows, task.sizes[0]!]);
  const t = tf.tensor2d(data.oneHot, [task.rows, task.sizes.at(-1)!]);
  const members = task.l2.map((l2): Member => {
    const layers = data.layers.map(({ inputs, outputs, w, b }) => ({
      w: variable(() => tf.tensor2d(w, [inputs, outputs])),
      b: variable(() => tf.tensor1d(b)),
    }));
    return {
      variables: layers.flatMap(({ w, b }) => [w, b]),
      optimizer: tf.train.momentum(task.learningRate, task.momentum),
      loss: () => {
        let y: tf.Tensor = x;
        let squares = tf.scalar(0);
        for (const { w, b } of layers) {
          y = tf.sigmoid(tf.fused.matMul({ a: y, b: w, bias: b }));
          squares = tf.add(squares, tf.sum(tf.square(w)));
        }
        const entropy = tf.losses.softmaxCrossEntropy(t, y);
        return tf.add(entropy, tf.mul(squares, l2 / (2 * task.rows)));
      },
    };
  });
  return {
    async step(count) {
      for (const { optimizer, loss, variables } of members) {
        let cost: tf.Scalar | null = null;
        for (let i = 0; i < count; i++) {
          cost?.dispose();
          cost = optimizer.minimize(loss, i === count - 1, [...variables]);
        }
        // The last loss, and a number of the last update: with them all commands before are done.
        const last = tf.tidy(() => tf.sum(variables[0]!));
        await Promise.all([cost!.data(), last.data()]);
        tf.dispose([cost!, last]);
      }
    },
    async score() {
      let sum = 0;
      for (const { loss } of members) {
        const value = tf.tidy(loss);
        sum += single(await value.data());
        value.dispose();
      }
      return sum / members.length;
    },
    dispose() {
      tf.dispose([x, t]);
      for (const { optimizer, variables } of members) {
        optimizer.dispose();
        tf.dispose([...variables]);
      }
    },
  };
}

function prepareProduct(task: ProductTask): Work {
  const data = productData(task);
  const shape: [number, number] = [task.size, task.size];
  const a = tf.tensor2d(data.a, shape);
  const b = tf.tensor2d(data.b, shape);
  const last = async (): Promise<number> => {
    const entry = tf.tidy(() => tf.slice(tf.matMul(a, b), [task.size - 1, task.size - 1], [1, 1]));
    const value = single(await entry.data());
    entry.dispose();
    return value;
  };
  return {
    async step(count) {
      for (let i = 0; i < count - 1; i++) tf.matMul(a, b).dispose();
      await last();
    },
    score: async () => (await last()) / task.size,
    dispose: () => tf.dispose([a, b]),
  };
}

function variable(make: () => tf.Tensor): tf.Variable {
  return tf.tidy(() => tf.variable(make()));
}
