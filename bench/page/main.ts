// A page of the benchmark: one peer, named in the address, and the functions that Node calls.
//
//   ?peer=tfjs-wasm          waits for orders
//   ?peer=tfjs-wasm&cold     takes the tutorial's first step at once, and tells when it was done
//   ?ceilings                waits to measure the adapter

import { type Task, TUTORIAL } from '../tasks';
import { dispatches } from './dispatches';
import { type Ceilings, Device, measureCeilings } from '../../src/index';
import { adapterName } from './adapter-name';
import type { Peer } from './peer';

/** A timed batch of steps. */
export interface Batch {
  /** From before the first step until all work was done. */
  readonly milliseconds: number;
  /** Calls of `dispatchWorkgroups`. */
  readonly dispatches: number;
}

declare global {
  var bench: BenchPage;
  var ceilings: Promise<{ device: string; ceilings: Ceilings }>;
}

/** What a page offers to Node. */
export interface BenchPage {
  /** What the peer says of itself, once it has started. */
  readonly started: Promise<string>;
  prepare(task: Task): Promise<void>;
  step(count: number): Promise<Batch>;
  score(): Promise<number>;
  /** When the first step of a cold page was done, in ms since the page was asked for. */
  readonly cold: Promise<number> | undefined;
}

const PEERS: Readonly<Record<string, () => Promise<{ readonly default: Peer }>>> = {
  underglass: () => import('./underglass-tuned'),
  'underglass-untuned': () => import('./underglass-untuned'),
  'underglass-apart': () => import('./underglass-apart'),
  'underglass-naive': () => import('./underglass-naive'),
  'tfjs-webgpu': () => import('./tfjs-webgpu'),
  'tfjs-wasm': () => import('./tfjs-wasm'),
  'jax-js-webgpu': () => import('./jax-webgpu'),
  'jax-js-wasm': () => import('./jax-wasm'),
};

const query = new URLSearchParams(location.search);

function open(load: () => Promise<{ readonly default: Peer }>): BenchPage {
  const loaded = load().then(async ({ default: peer }) => {
    await peer.start();
    return peer;
  });
  const firstStep = async (): Promise<number> => {
    const peer = await loaded;
    await peer.prepare(TUTORIAL, true);
    await peer.step(1);
    return performance.now();
  };
  return {
    started: loaded.then((peer) => peer.describe()),
    prepare: async (task) => (await loaded).prepare(task),
    step: async (count) => {
      const peer = await loaded;
      const counted = dispatches();
      const began = performance.now();
      await peer.step(count);
      const milliseconds = performance.now() - began;
      return { milliseconds, dispatches: dispatches() - counted };
    },
    score: async () => (await loaded).score(),
    cold: query.has('cold') ? firstStep() : undefined,
  };
}

/** The ceilings of the adapter that the peers run on. */
async function ceilingsHere(): Promise<{ device: string; ceilings: Ceilings }> {
  const device = await Device.open(navigator.gpu);
  try {
    return { device: adapterName(device), ceilings: await measureCeilings(device) };
  } finally {
    device.dispose();
  }
}

const load = PEERS[query.get('peer') ?? ''];
if (load) {
  globalThis.bench = open(load);
} else {
  globalThis.ceilings = ceilingsHere();
}
