// The measurement of ceilings on made-up adapters, whose true rates and whose host's delays are known: it finds the rates, or refuses.

import { expect, test } from 'vitest';
import { RandomState } from '../../src/base/random';
import { measureWith } from '../../src/profile/ceilings';
import type { ProbeSet } from '../../src/profile/ceilings-measurement';
import type { CeilingName, Probe } from '../../src/profile/ceilings-probes';

/** What the made-up adapter does: amounts a second. */
const TRUTH: Readonly<Record<CeilingName, number>> = { flops: 60e9, memory: 5e9, cache: 20e9, launch: 1e5 };

/** Amounts of a turn, as those of a software adapter. */
const AMOUNTS: Readonly<Record<CeilingName, number>> = { flops: 1.6e6, memory: 1e6, cache: 1e6, launch: 1 };

interface Host {
  /** The time that the host sees for work of so many ms; work of none for an idle submit. */
  readonly seen: (work: number, random: RandomState) => number;
  readonly truth?: Readonly<Record<CeilingName, number>>;
}

/** Probes whose times are made up, and the longest work that they were given, in ms. */
function makeUp({ seen, truth = TRUTH }: Host): ProbeSet & { readonly longest: () => number } {
  const random = new RandomState(11);
  let longest = 0;
  const probe = (ceiling: CeilingName, speed: number): Probe => ({
    label: ceiling,
    ceiling,
    amount: AMOUNTS[ceiling],
    run: (turns) => {
      const work = (1000 * turns * AMOUNTS[ceiling]) / (speed * truth[ceiling]);
      longest = Math.max(longest, work);
      return Promise.resolve(seen(work, random));
    },
  });
  const extent = (bytes: number, faster: number) => ({ bytes, probe: probe('memory', faster) });
  return {
    // Of each kind a slow kernel too, which must not count.
    all: (['flops', 'memory', 'cache', 'launch'] as const).flatMap((name) => [probe(name, 0.4), probe(name, 1)]),
    extents: [extent(2 ** 18, 3), extent(2 ** 20, 2), extent(2 ** 22, 1)],
    smallBytes: 2 ** 15,
    longest: () => longest,
  };
}

const uniform = (random: RandomState, from: number, to: number) => from + (to - from) * random.randomDouble();

/** Five times slower for so many submits, and idle ones scattered over 3 ms. */
function slowAtFirst(submits: number): Host['seen'] {
  let seen = 0;
  return (work, random) => uniform(random, 0.4, 3) + (seen++ < submits ? 5 : 1) * work;
}

const HOSTS: readonly (readonly [name: string, error: number, seen: Host['seen']])[] = [
  ['answers at once', 0.01, (work) => work + 0.4],
  [
    'takes 12 ms for a submit of nothing, and hardly more for a short one',
    0.05,
    (work, r) => uniform(r, 12, 13) + work,
  ],
  ['asks every 12 ms whether work is done', 0.25, (work, r) => 12 * Math.ceil((work + 0.1) / 12) + uniform(r, 0, 0.2)],
  ['asks every 10 ms, at any phase', 0.15, (work, r) => work + uniform(r, 0.2, 10)],
  ['has a clock of whole milliseconds', 0.1, (work, r) => Math.floor(work + 0.3 + r.randomDouble())],
  ['has a clock of 16.67 ms', 0.15, (work, r) => (50 / 3) * Math.floor((work + 0.3) / (50 / 3) + r.randomDouble())],
  [
    'is held up by other work in half of the submits',
    0.05,
    (work, r) => 0.4 + work * (r.randomDouble() < 0.5 ? 1 : uniform(r, 1, 4)),
  ],
  ['is five times slower until it is calibrated', 0.2, slowAtFirst(80)],
];

test.each(HOSTS)('finds the true rates where the host %s', async (_, error, seen) => {
  const probes = makeUp({ seen });
  const { spread, ...ceilings } = await measureWith(probes);
  const found = { ...ceilings, launch: 1 / ceilings.launch };
  for (const name of ['flops', 'memory', 'cache', 'launch'] as const) {
    expect(Math.abs(found[name] / TRUTH[name] - 1), name).toBeLessThan(error);
    const { low, high } = spread![name];
    expect(low).toBeLessThanOrEqual(ceilings[name]);
    expect(high).toBeGreaterThanOrEqual(ceilings[name]);
  }
  expect(found.cacheBytes).toBe(2 ** 20);
  // Far from the two seconds after which systems reset a GPU.
  expect(probes.longest()).toBeLessThan(1000);
});

test('the spread holds the true rate, and is wide where the machine is busy', async () => {
  const busy = await measureWith(makeUp({ seen: (work, r) => 0.4 + work * uniform(r, 1, 6) }));
  const quiet = await measureWith(makeUp({ seen: (work, r) => 0.4 + work * uniform(r, 1, 1.05) }));
  const width = ({ spread }: typeof busy) => spread!.flops.high / spread!.flops.low;
  expect(width(quiet)).toBeLessThan(1.15);
  expect(width(busy)).toBeGreaterThan(1.5);
});

test.each<readonly [string, Host]>([
  ['work takes no time', { seen: (_, r) => uniform(r, 0.3, 0.5) }],
  ['every submit takes 12 ms, of work or of none', { seen: (_, r) => uniform(r, 12, 12.5) }],
  ['the clock stands', { seen: () => 0 }],
  ['idle submits take longer than those of work', { seen: (work, r) => (work > 0 ? 5 : uniform(r, 20, 30)) }],
  ['arithmetic is beyond any adapter', { seen: (work) => 0.4 + work, truth: { ...TRUTH, flops: 2.1e15 } }],
  ['memory is beyond any adapter', { seen: (work) => 0.4 + work, truth: { ...TRUTH, memory: 524e12 } }],
  ['a launch takes no time', { seen: (work) => 0.4 + work, truth: { ...TRUTH, launch: 1e9 } }],
])('refuses to answer where %s', async (_, host) => {
  await expect(measureWith(makeUp(host))).rejects.toMatchObject({ code: 'implausible' });
});
