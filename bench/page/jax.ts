// jax-js: one `jit` of the whole step, gradient and update, and `blockUntilReady` now and then.
//
// Arrays are counted: a function takes over what is passed to it, `.ref` keeps one more. Results are lazy: one that is
// let go unread is never computed, so every step's parameters are waited for.

import {
  blockUntilReady,
  type Device as Backend,
  defaultDevice,
  init,
  jit,
  nn,
  numpy as np,
  tree,
  valueAndGrad,
} from '@jax-js/jax';
import { type ProductTask, productData, type Task, type TrainingTask, trainingData } from '../tasks';
import { type Peer, single } from './peer';

/** Steps between two waits: the documentation asks to wait regularly, so that pending work does not pile up. */
const STEPS_A_WAIT = 8;

interface Work {
  step(count: number): Promise<void>;
  score(): Promise<number>;
  dispose(): void;
}

export function jax(backend: Backend): Peer {
  let work: Work | undefined;
  return {
    async start() {
      const available = await init(backend);
      if (!available.includes(backend)) throw new Error(`jax-js has no ${backend} backend here`);
      defaultDevice(backend);
    },
    async prepare(task: Task) {
      work?.dispose();
      work = task.kind === 'training' ? prepareTraining(task) : prepareProduct(task);
    },
    step: (count) => work!.step(count),
    score: () => work!.score(),
    describe: () => `jax-js 0.1.25, ${backend}`,
  };
}

interface Member {
  parameters: np.Array[];
  velocities: np.Array[];
  /** λ / 2N. */
  readonly decay: np.Array;
}

function prepareTraining(task: TrainingTask): Work {
  const data = trainingData(task);
  const x = np.array(data.features).reshape([task.rows, task.sizes[0]!]);
  const t = np.array(data.oneHot).reshape([task.rows, task.sizes.at(-1)!]);
  const members = task.l2.map(
    (l2): Member => ({
      parameters: data.layers.flatMap(({ inputs, outputs, w, b }) => [
        np.array(w).reshape([inputs, outputs]),
        np.array(b),
      ]),
      velocities: data.layers.flatMap(({ inputs, outputs }) => [np.zeros([inputs, outputs]), np.zeros([outputs])]),
      decay: np.array(l2 / (2 * task.rows)),
    }),
  );

  const loss = (parameters: np.Array[], input: np.Array, target: np.Array, decay: np.Array): np.Array => {
    let y = input;
    let squares: np.Array | undefined;
    for (let i = 0; i < parameters.length; i += 2) {
      const w = parameters[i]!;
      y = nn.sigmoid(np.dot(y, w.ref).add(parameters[i + 1]!));
      const square = np.square(w).sum();
      squares = squares ? squares.add(square) : square;
    }
    const entropy = nn
      .logSoftmax(y)
      .mul(target)
      .sum()
      .mul(-1 / task.rows);
    return entropy.add(squares!.mul(decay));
  };
  const update = jit(
    (parameters: np.Array[], velocities: np.Array[], input: np.Array, target: np.Array, decay: np.Array) => {
      const [value, gradients] = valueAndGrad(loss)(tree.ref(parameters), input, target, decay);
      const moved = velocities.map((v, i) => v.mul(task.momentum).sub(gradients[i]!.mul(task.learningRate)));
      const next = parameters.map((p, i) => p.add(moved[i]!.ref));
      return [next, moved, value] as const;
    },
  );
  const evaluate = jit(loss);

  return {
    async step(count) {
      for (const member of members) {
        for (let i = 1; i <= count; i++) {
          const { parameters, velocities, decay } = member;
          const [next, moved, value] = update(parameters, velocities, x.ref, t.ref, decay.ref);
          Object.assign(member, { parameters: next, velocities: moved });
          if (i === count) {
            await blockUntilReady([next, moved]);
            await value.data();
          } else {
            if (i % STEPS_A_WAIT === 0) await blockUntilReady([next, moved]);
            value.dispose();
          }
        }
      }
    },
    async score() {
      let sum = 0;
      for (const { parameters, decay } of members) {
        sum += single(await evaluate(tree.ref(parameters), x.ref, t.ref, decay.ref).data());
      }
      return sum / members.length;
    },
    dispose() {
      tree.dispose([
        x,
        t,
        ...members.flatMap(({ parameters, velocities, decay }) => [...parameters, ...velocities, decay]),
      ]);
      update.dispose();
      evaluate.dispose();
    },
  };
}

function prepareProduct(task: ProductTask): Work {
  const data = productData(task);
  const shape = [task.size, task.size];
  const a = np.array(data.a).reshape(shape);
  const b = np.array(data.b).reshape(shape);
  const multiply = jit((left: np.Array, right: np.Array) => np.matmul(left, right));
  return {
    async step(count) {
      for (let done = 0; done < count; done += STEPS_A_WAIT) {
        const products = Array.from({ length: Math.min(STEPS_A_WAIT, count - done) }, () => multiply(a.ref, b.ref));
        await blockUntilReady(products);
        tree.dispose(products);
      }
    },
    async score() {
      const values = await multiply(a.ref, b.ref).data();
      return values.at(-1)! / task.size;
    },
    dispose() {
      tree.dispose([a, b]);
      multiply.dispose();
    },
  };
}
