// Many networks in the same dispatches: each as if alone, a diverging one alone in its ruin.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { UnderglassError } from '../../src/base/errors';
import { tutorialSplit } from '../../src/data/digits';
import { denseNetwork } from '../../src/nn/network';
import { optimiser } from '../../src/nn/optimiser';
import { Group } from '../../src/train/group';
import { rank } from '../../src/train/ranking';
import { type Configuration, sweep, type SweepEntry, type SweepProgress } from '../../src/train/sweep';
import { Trainer } from '../../src/train/trainer';
import { openTestDevice } from '../support/device';
import { loadDigits } from '../support/digits';

const splits = async () => tutorialSplit(await loadDigits());

function configuration(hidden: readonly number[], l2: number, seed: number, learningRate = 0.2): Configuration {
  return {
    network: denseNetwork([64, ...hidden, 10]),
    optimiser: optimiser({ learningRate, momentum: 0.9, l2 }),
    seed,
  };
}

async function runSweep(configurations: readonly Configuration[], batch: 'full' | number, epochs: number) {
  const device = await openTestDevice();
  const reports: SweepProgress[] = [];
  for await (const report of sweep(device, { configurations, splits: await splits(), batch, epochs })) {
    reports.push(report);
  }
  return reports;
}

async function alone({ network, ...member }: Configuration, batch: 'full' | number, epochs: number) {
  const trainer = await Trainer.create(await openTestDevice(), { network, ...member, splits: await splits(), batch });
  for await (const _ of trainer.run({ epochs, every: epochs })) {
    // To the end.
  }
  const result = { evaluation: await trainer.evaluate(), parameters: await trainer.parameters() };
  trainer.dispose();
  return result;
}

test('shows the networks in training as they were last evaluated, and none of them twice', async () => {
  const configurations = [configuration([6], 0.01, 0), configuration([6], 0.6, 2)];
  const reports = await runSweep(configurations, 'full', 12);
  const seen = new Map(reports.map(({ epoch, current }) => [epoch, current]));
  for (const [i, one] of configurations.entries()) {
    // Evaluated every two epochs; between them, what was known before.
    expect(seen.get(5)![i]).toEqual({ configuration: one, evaluation: (await alone(one, 'full', 4)).evaluation });
    expect(seen.get(5)).toBe(seen.get(4));
  }
  expect(reports.every(({ current, finished }) => current.length + finished.length === 2)).toBe(true);
});

describe.each(['full' as const, 100])('a sweep with batch %s', (batch) => {
  const configurations = [
    configuration([6], 0.01, 0),
    configuration([4], 0.6, 1),
    configuration([6], 0.6, 2),
    configuration([6], 4, 2),
    configuration([4], 0.6, 0),
  ];

  test('gives each network what it gets alone, to the last bit', async () => {
    const reports = await runSweep(configurations, batch, 7);
    const { finished, fraction } = reports.at(-1)!;
    expect(fraction).toBe(1);
    expect(finished).toHaveLength(configurations.length);
    for (const entry of finished) {
      expect(entry.evaluation).toEqual((await alone(entry.configuration, batch, 7)).evaluation);
    }
    expect(new Set(finished.map((entry) => entry.configuration))).toEqual(new Set(configurations));
  });

  test('tells how far it has come', async () => {
    const reports = await runSweep(configurations, batch, 7);
    const fractions = reports.map(({ fraction }) => fraction);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(reports.every(({ networks }) => networks === configurations.length)).toBe(true);
    const groups = reports.filter(({ epoch }) => epoch === 0).map(({ training }) => training);
    expect(groups.toSorted((a, b) => a - b)).toEqual(batch === 'full' ? [2, 3] : [1, 1, 1, 2]);
  });
});

test('a network that diverges is stopped, and the others do not notice', async () => {
  const good = configuration([6], 0.1, 0);
  const bad = configuration([6], 0.1, 0, 1e30);
  const linear = (c: Configuration) => ({ ...c, network: denseNetwork([64, 6, 10], { output: 'linear' }) });
  const [first, second, third] = [linear(good), linear(bad), linear({ ...good, seed: 1 })];
  const { finished } = (await runSweep([first, second, third], 'full', 12)).at(-1)!;
  expect(finished[0]!.evaluation).toEqual((await alone(first, 'full', 12)).evaluation);
  expect(finished[1]!.evaluation).toBeUndefined();
  expect(finished[2]!.evaluation).toEqual((await alone(third, 'full', 12)).evaluation);
});

test('a sweep of which every network diverges ends early, and has told of each', async () => {
  const bad = [0, 1].map((seed) => configuration([6], 0.1, seed, 1e30));
  const configurations = bad.map((one) => ({ ...one, network: denseNetwork([64, 6, 10], { output: 'linear' }) }));
  const reports = await runSweep(configurations, 'full', 1000);
  expect(reports.length).toBeLessThan(1000);
  expect(reports.at(-1)).toMatchObject({ fraction: 1, current: [] });
  expect(reports.at(-1)!.finished).toEqual(
    configurations.map((one) => ({ configuration: one, evaluation: undefined })),
  );
});

describe('what only the device knows not to fit', () => {
  afterEach(() => vi.restoreAllMocks());

  /** Lets the device refuse buffers that `refuses` names. */
  async function refuse(refuses: (label: string, size: number) => boolean, code: 'limit' | 'out-of-memory') {
    const device = await openTestDevice();
    const createBuffer = device.createBuffer.bind(device);
    vi.spyOn(device, 'createBuffer').mockImplementation((label, size, usage) => {
      if (refuses(label, size)) throw new UnderglassError(code, `${label}: no room for it`);
      return createBuffer(label, size, usage);
    });
    return device;
  }

  const small = [0, 1, 2].map((seed) => configuration([6], 0.01, seed));
  const large = [0, 1].map((seed) => configuration([200], 0.01, seed));
  // The wide network alone has 64 x 200 + 200 x 10 weights.
  const wide = (label: string, size: number) => label === 'fused parameter' && size > 4 * 200 * 74;

  test.each(['limit', 'out-of-memory'] as const)(
    'is left out and named (%s), and the others are trained',
    async (code) => {
      const expected = (await runSweep(small, 'full', 4)).at(-1)!.finished;
      const device = await refuse(wide, code);
      const before = device.liveBuffers;
      const { finished, refused, fraction } = (await runSweep([small[0]!, ...large, ...small.slice(1)], 'full', 4)).at(
        -1,
      )!;
      expect(finished).toEqual(expected);
      expect(refused.map(({ configuration: { seed } }) => seed)).toEqual([0, 1]);
      expect(refused[0]!.reason).toBe('64-200-10: fused parameter: no room for it');
      expect(fraction).toBe(1);
      expect(device.liveBuffers).toBe(before);
    },
  );

  test('as a group is cut until it fits, and gives the same bits', async () => {
    const expected = (await runSweep(small, 'full', 4)).at(-1)!.finished;
    // Parameters of one network take as much; those of two are too many.
    let most = 0;
    const spy = await refuse(
      (label, size) => label === 'fused parameter' && (most = Math.max(most, size)) < 0,
      'limit',
    );
    await alone(small[0]!, 'full', 1);
    vi.restoreAllMocks();
    await refuse((label, size) => label === 'fused parameter' && size > most, 'limit');
    const reports = await runSweep(small, 'full', 4);
    expect(new Set(reports.map(({ training }) => training))).toEqual(new Set([1]));
    expect(reports.at(-1)).toMatchObject({ refused: [], finished: expected });
    expect(spy.liveBuffers).toBe(0);
  });

  test('is an error where nothing is left', async () => {
    await refuse(wide, 'limit');
    await expect(runSweep(large, 'full', 4)).rejects.toMatchObject({
      code: 'limit',
      message: expect.stringMatching(/no room for it/),
    });
  });
});

test('a group gives every member the parameters that it has alone', async () => {
  const members = [configuration([6], 0.01, 4), configuration([6], 3, 5, 0.05)];
  const group = await Group.create(await openTestDevice(), {
    network: members[0]!.network,
    members,
    splits: await splits(),
    batch: 'full',
  });
  for await (const _ of group.run({ epochs: 9, every: 2 })) {
    // To the end.
  }
  for (const [i, member] of members.entries()) {
    expect(await group.parameters(i)).toEqual((await alone(member, 'full', 9)).parameters);
  }
  group.dispose();
});

test('members that share a row order must share a seed', async () => {
  const members = [configuration([6], 0, 1), configuration([6], 0, 2)];
  const options = { network: members[0]!.network, members, splits: await splits(), batch: 32 };
  await expect(Group.create(await openTestDevice(), options)).rejects.toMatchObject({ code: 'usage' });
});

describe('a sweep is refused before anything is allocated', () => {
  test.each([
    { what: 'no configuration', configurations: [], code: 'usage' },
    {
      what: 'a network that does not fit the data',
      configurations: [{ ...configuration([], 0, 0), network: denseNetwork([3, 2]) }],
      code: 'shape',
    },
    {
      what: 'a network too large',
      configurations: [configuration([4], 0, 0), configuration([100_000_000], 0, 0)],
      code: 'limit',
    },
  ])('$what', async ({ configurations, code }) => {
    const device = await openTestDevice();
    const before = device.liveBuffers;
    await expect(runSweep(configurations, 'full', 3)).rejects.toMatchObject({ code });
    expect(device.liveBuffers).toBe(before);
  });
});

test('an aborted sweep keeps what is finished', async () => {
  const stop = new AbortController();
  const configurations = [configuration([3], 0, 0), configuration([4], 0, 0)];
  let finished: readonly SweepEntry[] = [];
  const options = { configurations, splits: await splits(), batch: 'full' as const, epochs: 20, signal: stop.signal };
  for await (const report of sweep(await openTestDevice(), options)) {
    finished = report.finished;
    if (report.finished.length === 1) {
      stop.abort();
    }
  }
  expect(finished.map((entry) => entry.configuration)).toEqual([configurations[0]]);
});

describe('the ranking', () => {
  const entry = (l2: number, seed: number, accuracy: number | undefined, loss = 1): SweepEntry => {
    const score = { loss, accuracy: accuracy ?? 0 };
    const evaluation = accuracy === undefined ? undefined : { train: score, valid: score, test: score };
    return { configuration: configuration([4], l2, seed), evaluation };
  };

  test('is by mean validation accuracy over the seeds, then by loss, the diverged last', () => {
    const ranked = rank([
      entry(1, 0, 0.9, 2),
      entry(2, 0, 0.95, 2),
      entry(3, 0, undefined),
      entry(4, 0, 0.9, 1),
      entry(1, 1, 0.8, 3),
      entry(2, 1, 0.65, 4),
      entry(4, 1, undefined),
    ]);
    expect(ranked.map((ranking) => ranking.configuration.optimiser.l2)).toEqual([1, 2, 4, 3]);
    expect(ranked[2]).toMatchObject({
      seeds: [0, 1],
      diverged: [1],
      expectedAccuracy: 0.45,
      validAccuracy: { mean: 0.9, deviation: Number.NaN },
    });
    expect(ranked[0]!.validAccuracy!.mean).toBeCloseTo(0.85, 12);
    expect(ranked[0]!.validAccuracy!.deviation).toBeCloseTo(Math.sqrt(0.005), 12);
    expect(ranked[0]!.validLoss).toEqual({ mean: 2.5, deviation: Math.sqrt(0.5) });
    expect(ranked[3]!.validAccuracy).toBeUndefined();
  });

  test.each([
    { what: 'one survivor of five at 96% comes after five of five at 95%', survivors: 1, others: 0.95, first: 2 },
    { what: 'four survivors of five at 96% come before five of five at 50%', survivors: 4, others: 0.5, first: 1 },
  ])('$what', ({ survivors, others, first }) => {
    const seeds = [0, 1, 2, 3, 4];
    const ranked = rank([
      ...seeds.map((seed) => entry(1, seed, seed < survivors ? 0.96 : undefined)),
      ...seeds.map((seed) => entry(2, seed, others)),
    ]);
    expect(ranked[0]!.configuration.optimiser.l2).toBe(first);
  });
});
