// A device lost in the midst of a sweep: what is finished stays, and the rest is trained on the next device, to the same bits.

import { afterAll, expect, test } from 'vitest';
import { tutorialSplit } from '../../src/data/digits';
import { Device } from '../../src/gpu/device';
import { denseNetwork } from '../../src/nn/network';
import { optimiser } from '../../src/nn/optimiser';
import { type Configuration, sweep, type SweepEntry, type SweepProgress } from '../../src/train/sweep';
import { loadDigits } from '../support/digits';

const EPOCHS = 6;

/** A group of two networks and one of a single one; without hidden layers, so that little is compiled for each device. */
const CONFIGURATIONS: readonly Configuration[] = [
  configuration('sigmoid', 0.01),
  configuration('sigmoid', 0.6),
  configuration('linear', 0.6),
];

function configuration(output: 'sigmoid' | 'linear', l2: number): Configuration {
  return {
    network: denseNetwork([64, 10], { output }),
    optimiser: optimiser({ learningRate: 0.02, momentum: 0.9, l2 }),
    seed: 3,
  };
}

/** All that were opened: Dawn's objects must not be collected while it runs. */
const opened: Device[] = [];

async function open(): Promise<Device> {
  const device = await Device.open(navigator.gpu);
  opened.push(device);
  return device;
}

afterAll(() => {
  for (const device of opened) device.dispose();
});

interface Settings {
  readonly configurations?: readonly Configuration[];
  readonly reopen?: () => Promise<Device>;
  readonly signal?: AbortSignal;
  /** Told each progress. */
  readonly on?: (progress: SweepProgress) => void;
}

/** The reports of a sweep, and what ended it before its end. */
async function swept({ configurations = CONFIGURATIONS, reopen, signal, on }: Settings) {
  const reports: SweepProgress[] = [];
  const splits = tutorialSplit(await loadDigits());
  const options = { configurations, splits, batch: 'full' as const, epochs: EPOCHS };
  try {
    const work = sweep(await open(), { ...options, ...(reopen ? { reopen } : {}), ...(signal ? { signal } : {}) });
    for await (const report of work) {
      reports.push(report);
      on?.(report);
    }
    return { reports, error: undefined };
  } catch (error) {
    return { reports, error };
  }
}

/** Loses the device that is at work once, at the third epoch of the network of that place. */
function loseAt(place: number): (progress: SweepProgress) => void {
  let isDone = false;
  return ({ finished, epoch, training }) => {
    if (isDone || finished.length !== place || training === 0 || epoch !== 3) return;
    isDone = true;
    opened.at(-1)!.gpu.destroy();
  };
}

let whole: Promise<readonly SweepEntry[]> | undefined;

/** The result without a loss. */
function undisturbed(): Promise<readonly SweepEntry[]> {
  whole ??= swept({}).then(({ reports }) => reports.at(-1)!.finished);
  return whole;
}

test('what is finished stays, and the rest comes to the same bits on other devices', async () => {
  const [first, second] = [loseAt(0), loseAt(2)];
  const on = (report: SweepProgress): void => [first, second].forEach((lose) => lose(report));
  const { reports, error } = await swept({ reopen: open, on });
  expect(error).toBeUndefined();
  const last = reports.at(-1)!;
  expect(last.finished).toEqual(await undisturbed());
  expect(last).toMatchObject({ losses: 2, fraction: 1, refused: [] });
  // Told at once, before the next device is there, with what is finished.
  expect(reports.find(({ losses }) => losses === 2)).toMatchObject({ training: 0, current: [], fraction: 2 / 3 });
  expect(reports.every(({ finished }, i) => i === 0 || finished.length >= reports[i - 1]!.finished.length)).toBe(true);
});

test('without another device the error tells what is finished, and a sweep of the others goes on from there', async () => {
  const { reports, error } = await swept({ on: loseAt(2) });
  expect(error).toMatchObject({
    code: 'device-lost',
    message: 'the GPU was lost; 2 of 3 networks are finished, sweep the others on a new device',
  });
  const { finished } = reports.at(-1)!;
  const done = new Set(finished.map((entry) => entry.configuration));
  const rest = await swept({ configurations: CONFIGURATIONS.filter((each) => !done.has(each)) });
  expect([...finished, ...rest.reports.at(-1)!.finished]).toEqual(await undisturbed());
});

test('a device that is lost at every try is given up, with what is finished', async () => {
  let tries = 0;
  const reopen = (): Promise<Device> => {
    tries++;
    return open();
  };
  const on = ({ training }: SweepProgress): void => {
    if (training > 0) opened.at(-1)!.gpu.destroy();
  };
  const { reports, error } = await swept({ configurations: CONFIGURATIONS.slice(2), reopen, on });
  expect(error).toMatchObject({
    code: 'device-lost',
    message: expect.stringMatching(/lost 4 times without a network finished.*0 of 1 networks are finished/),
  });
  expect(tries).toBe(3);
  expect(reports.at(-1)).toMatchObject({ losses: 4, finished: [] });
});

test('a machine without another device is told, with what is finished', async () => {
  const reopen = () => Promise.reject(new Error('none left'));
  const { error } = await swept({ reopen, on: loseAt(2) });
  expect(error).toMatchObject({
    code: 'device-lost',
    message: expect.stringMatching(/no other could be opened; 2 of 3 networks are finished/),
    cause: { message: 'none left' },
  });
});

test('a sweep that was stopped opens no other device', async () => {
  const stop = new AbortController();
  const lose = loseAt(2);
  const on = (report: SweepProgress): void => {
    lose(report);
    if (report.finished.length === 2 && report.epoch === 3) stop.abort();
  };
  const { reports, error } = await swept({ reopen: open, signal: stop.signal, on });
  expect(error).toBeUndefined();
  expect(reports.at(-1)!.finished).toHaveLength(2);
});

test('a loss leaves no buffer on any device', () => {
  expect(opened.map(({ liveBuffers }) => liveBuffers)).toEqual(opened.map(() => 0));
});
