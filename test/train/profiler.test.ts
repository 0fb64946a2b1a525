// Profiling: it changes no bit and allocates nothing in the loop, is not there at all when off, and what it finds adds up.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Device } from '../../src/gpu/device';
import { denseNetwork } from '../../src/nn/network';
import { optimiser } from '../../src/nn/optimiser';
import { type Recording, readRecording, writeRecording } from '../../src/profile/recording';
import { traceOf } from '../../src/profile/trace';
import { tutorialSplit } from '../../src/data/digits';
import { Group } from '../../src/train/group';
import type { GroupOptions } from '../../src/train/group-options';
import { setUp } from '../../src/train/setup';
import { openTestDevice } from '../support/device';
import { loadDigits } from '../support/digits';
import { type RecordingGpu, recordingGpu, type RecordingSettings } from '../support/recording-device';
import { watchDevice } from '../support/validation';

let options: GroupOptions;

/** For what compiles on a device of its own. */
const LEAST = { network: denseNetwork([64, 10]) };

beforeAll(async () => {
  options = {
    network: denseNetwork([64, 12, 10]),
    members: [{ optimiser: optimiser({ learningRate: 0.2, momentum: 0.9, l2: 0.5 }), seed: 3 }],
    splits: tutorialSplit(await loadDigits()),
    batch: 32,
  };
});

/** Trains for so many epochs, and gives the weights. */
async function train(group: Group, epochs: number, every = epochs) {
  const losses: number[] = [];
  for await (const { members } of group.run({ epochs, every })) losses.push(members[0]!.batches?.loss ?? 0);
  return { losses, parameters: await group.parameters(), gradients: await group.gradients() };
}

describe('the same bits with profiling on and off', () => {
  test.each(['chained', 'resident'] as const)('%s', async (runner) => {
    const device = await openTestDevice();
    const results = [];
    for (const profile of [false, true]) {
      const group = await Group.create(device, { ...options, runner, profile });
      results.push(await train(group, 6, 2));
      if (profile) expect(group.timedSteps).toBeGreaterThan(0);
      group.dispose();
    }
    expect(results[1]).toEqual(results[0]);
  });

  test('with a random gap before each timed step, once steps kept time with the clock', async () => {
    const device = await openTestDevice();
    const setups = [
      await setUp(device, { ...options, runner: 'chained', profile: false }),
      await setUp(device, { ...options, runner: 'chained' }),
    ] as const;
    const profiler = setups[1].profiler!;
    // Stamps of a clock of 65,536 ns, to which every step comes at the same phase.
    for (let i = 0; i < 64; i++) {
      const at = BigInt(1 + 10 * i) * 65_536n;
      const spans = profiler.schedule.dispatches.map(
        (_, operation) => ({ what: 'operation', operation, beginNs: at, endNs: at + 65_536n }) as const,
      );
      profiler.take(8 * i, true, spans);
    }
    expect(profiler.gaps).toBe(true);
    expect(profiler.evidence.steps).toHaveLength(0);
    const ends = [];
    for (const { profiler: watcher, runner, contents } of setups) {
      // Several draws of a gap, of which some are longer than none.
      for (let place = 0; place < 12; place++) {
        const encoder = device.gpu.createCommandEncoder({ label: 'gaps' });
        const recorded = watcher?.watch(8 * place).recordStep(encoder, place) ?? 0;
        expect(recorded).toBe(watcher && device.gpu.features.has('timestamp-query') ? 1 : 0);
        if (recorded === 0) runner.record(encoder, place, place + 1);
        device.gpu.queue.submit([encoder.finish({ label: 'gaps' })]);
      }
      ends.push(await contents.state());
    }
    expect(ends[1]).toEqual(ends[0]);
    for (const setup of setups) setup.dispose();
  });
});

describe('calls of WebGPU', () => {
  const opened: Device[] = [];
  let shared: Promise<RecordingGpu & { readonly device: Device }> | undefined;

  afterAll(() => {
    for (const device of opened) device.dispose();
    expect(opened.map(({ liveBuffers }) => liveBuffers)).toEqual(opened.map(() => 0));
  });

  async function open(settings: RecordingSettings = {}): Promise<RecordingGpu & { readonly device: Device }> {
    const recording = recordingGpu(navigator.gpu, { onDevice: watchDevice, ...settings });
    const device = await Device.open(recording.gpu);
    opened.push(device);
    return { ...recording, device };
  }

  /** The calls that training makes from after the first evaluation on. */
  async function callsOf(changes: Partial<GroupOptions>, epochs: number): Promise<string[]> {
    // One device for all: what takes long is to compile.
    const { device, calls } = await (shared ??= open());
    const group = await Group.create(device, { ...options, ...changes });
    for await (const { epoch } of group.run({ epochs, every: 2 })) {
      if (epoch === 0) calls.length = 0;
    }
    const made = [...calls];
    group.dispose();
    return made;
  }

  test.each([
    { runner: 'chained', profile: false },
    { runner: 'chained', profile: true },
    { runner: 'resident', profile: false },
    { runner: 'resident', profile: true },
  ] as const)('the loop allocates nothing: $runner steps, profiling $profile', async ({ runner, profile }) => {
    const calls = await callsOf({ runner, profile }, 4);
    const made = calls.filter((call) => call.startsWith('device.'));
    expect(new Set(made)).toEqual(new Set(['device.createCommandEncoder steps']));
    const stamps = calls.filter((call) => /stamped|resolveQuerySet/.test(call));
    if (profile && (await shared!).device.gpu.features.has('timestamp-query')) expect(stamps).not.toEqual([]);
    else expect(stamps).toEqual([]);
  });

  test('with profiling off every submit is what training needs, call by call, and nothing else', async () => {
    const calls = await callsOf({ runner: 'chained', profile: false, program: 'fused', batch: 'full' }, 8);
    const dispatches = (...kernels: string[]) =>
      kernels.map((kernel) => `pass.setPipeline ${kernel} pass.setBindGroup pass.dispatchWorkgroups `).join('');
    const step = (...kernels: string[]) => `pass.setBindGroup ${dispatches(...kernels)}`;
    const pass = (steps: string) => `encoder.beginComputePass steps ${steps}pass.end `;
    const copy = 'encoder.copyBufferToBuffer ';
    const whole = step('dense_forward', 'dense_loss', 'dense_backward', 'dense_backward', 'update_all');
    // Of three splits; then the squares of the weights.
    const evaluation = `${pass(step('dense_forward', 'dense_loss', 'mean_loss')).repeat(3)}${pass(step('square_sum'))}${copy}${copy}`;
    const submit = `device.createCommandEncoder steps ${pass(`(?:${whole})+`)}${copy}(?:${evaluation})?encoder.finish queue.submit `;
    const text = `${calls.join(' ')} `;
    expect(text).toMatch(new RegExp(`^(?:${submit})+$`));
    expect(calls.filter((call) => call === 'pass.dispatchWorkgroups')).toHaveLength(8 * 5 + 4 * (3 * 3 + 1));
  });

  test('without timestamps steps are timed by the clock of the host, and operations are said not to be', async () => {
    const { device, calls } = await open({ without: ['timestamp-query'] });
    const group = await Group.create(device, { ...options, ...LEAST, runner: 'chained' });
    await train(group, 20);
    const recording = group.recording();
    expect(recording.clock).toEqual({ kind: 'wall', reason: 'this adapter has no timestamps' });
    expect(recording.productionStep.kind).toBe('measured');
    expect(recording.operations.map(({ estimate }) => estimate.kind)).toEqual(
      group.program.operations.map(() => 'none'),
    );
    expect(recording.tax).toBeNull();
    expect(calls.some((call) => /stamped|QuerySet/.test(call))).toBe(false);
    expectToAddUp(recording);
    group.dispose();
  });

  test('a device that is lost while it is profiled leaves what was recorded until then', async () => {
    const { device } = await open({ onDevice: () => undefined });
    const group = await Group.create(device, { ...options, ...LEAST, runner: 'chained' });
    const run = async () => {
      for await (const { epoch } of group.run({ epochs: 1000, every: 1000 })) if (epoch === 10) device.gpu.destroy();
    };
    await expect(run()).rejects.toMatchObject({ code: 'device-lost' });
    const recording = group.recording();
    expect(recording.timeline.length).toBeGreaterThan(0);
    expect(readRecording(writeRecording(recording), 'a.json').timeline).toEqual(recording.timeline);
    group.dispose();
  });
});

/** The parts of the accounting are the wall time, all of it, and none is negative. */
function expectToAddUp({ accounting, timeline }: Recording): void {
  const { wallUs, hiddenUs, ...parts } = accounting!;
  const sum = Object.values(parts).reduce((total, part) => total + part, 0);
  expect(Object.values(parts).every((part) => part >= 0)).toBe(true);
  expect(Math.abs(sum / wallUs - 1)).toBeLessThan(1e-9);
  expect(hiddenUs).toBeLessThanOrEqual(parts.busyUs + parts.gapUs);
  const ends = timeline.map(({ readBack }) => readBack.endUs);
  expect(wallUs).toBeCloseTo(Math.max(...ends) - timeline[0]!.encode.beginUs, 6);
}

describe('a recording', () => {
  test('holds every operation with its cost, a step as it trains, and an account of the time', async () => {
    const device = await openTestDevice();
    const group = await Group.create(device, { ...options, runner: 'chained' });
    expect(() => group.recording()).toThrow(/run an epoch first/);
    const { losses } = await train(group, 10);
    const ceilings = { flops: 1e12, memory: 1e11, cache: 1e12, cacheBytes: 32_768, launch: 1e-6 };
    const recording = group.recording({ ceilings });
    expect(readRecording(writeRecording(recording), 'a.json')).toEqual(JSON.parse(JSON.stringify(recording)));
    expect(recording.config).toMatchObject({
      sizes: [64, 12, 10],
      batch: 32,
      program: 'fused',
      steps: 'chained',
      seed: 3,
    });
    const { dispatches } = await group.schedule();
    for (const [i, operation] of recording.operations.entries()) {
      const { kernel, entryPoint, grid, constants, operation: own } = dispatches[i]!;
      expect(operation).toMatchObject({ label: own.label, kind: own.kind, phase: own.phase, grid, repeats: 1 });
      expect(operation.workgroup).toHaveLength(3);
      const threads = kernel.shader.entryPoints[entryPoint]!.workgroupSize;
      expect(operation.workgroup).toEqual(threads.map((size) => (typeof size === 'number' ? size : constants[size])));
      expect(operation.cost.flops).toBeGreaterThan(0);
      expect(operation.estimate.samples).toBe(group.timedSteps);
    }
    expect(recording.timeline.reduce((sum, { steps }) => sum + steps, 0)).toBe(group.step);
    // The last loss is one of the last epoch's batches: near their mean, and no other number in memory.
    expect(Math.abs(recording.timeline.at(-1)!.loss! - losses.at(-1)!)).toBeLessThan(0.5);
    expectToAddUp(recording);
    const trace = traceOf(recording);
    for (const [i, { label }] of recording.operations.entries()) {
      const passes = recording.timeline.flatMap((submit) => submit.passes.filter(({ operation }) => operation === i));
      const drawn = trace.traceEvents.flatMap((event) => (event.ph === 'X' && event.name === label ? [event.dur] : []));
      expect(drawn).toHaveLength(group.timedSteps);
      const recorded = passes.reduce((sum, { beginUs, endUs }) => sum + endUs - beginUs, 0);
      // Begins and ends are rounded to whole nanoseconds in the trace.
      expect(Math.abs(drawn.reduce((sum, us) => sum + us, 0) - recorded)).toBeLessThanOrEqual(1e-3 * passes.length);
    }
    expect(group.timings.map(({ label, calls }) => [label, calls])).toEqual(
      recording.operations.map(({ label }) => [label, group.timedSteps]),
    );
    group.dispose();
  });

  test('spans of submits that follow each other do not overlap, and lie after their submit', async () => {
    const group = await Group.create(await openTestDevice(), { ...options, runner: 'chained' });
    expect(group.timelineOrigin).toBeUndefined();
    await train(group, 5, 1);
    const between = performance.now();
    await train(group, 5, 1);
    const { timeline } = group.recording();
    // The time line is that of the last run, on the clock of `performance.now()`.
    const [first, last] = [timeline[0]!, timeline.at(-1)!];
    // Sums of milliseconds are rounded at the tenth digit or so.
    expect(group.timelineOrigin! + first.encode.beginUs / 1000).toBeGreaterThanOrEqual(between - 1e-6);
    expect(group.timelineOrigin! + last.readBack.endUs / 1000).toBeLessThanOrEqual(performance.now() + 1e-6);
    let end = Number.NEGATIVE_INFINITY;
    for (const { passes } of timeline) {
      for (const pass of passes) {
        expect(pass.beginUs).toBeGreaterThanOrEqual(end - 1e-6);
        expect(pass.endUs).toBeGreaterThanOrEqual(pass.beginUs);
        end = pass.endUs;
      }
    }
    group.dispose();
  });

  test('of whole submits alone has the step as it trains, and no operation', async () => {
    const group = await Group.create(await openTestDevice(), {
      ...options,
      runner: 'chained',
      profile: { operations: false },
    });
    await train(group, 10, 1);
    const { operations, productionStep, timeline, clock } = group.recording();
    expect(group.timedSteps).toBe(0);
    expect(operations.map(({ estimate }) => estimate.kind)).toEqual(operations.map(() => 'none'));
    expect(productionStep.kind).toBe('measured');
    if (clock.kind === 'stamps') {
      const names = timeline.map(({ passes }) => passes.map(({ name }) => name.replace(/^\d+ steps?$/, 'steps')));
      expect(new Set(names.map((list) => list.join()))).toEqual(new Set(['steps', 'steps,evaluation']));
    }
    group.dispose();
  });

  test('keeps the latest timed steps and submits, as many as it was told', async () => {
    const group = await Group.create(await openTestDevice(), { ...options, runner: 'chained', profile: { keep: 5 } });
    await train(group, 20, 1);
    const { operations, timeline } = group.recording();
    expect(timeline).toHaveLength(5);
    if (group.device.gpu.features.has('timestamp-query')) {
      expect(group.timedSteps).toBeGreaterThan(5);
      expect(operations.map(({ estimate }) => estimate.samples)).toEqual(operations.map(() => 5));
    }
    group.dispose();
  });

  test('is refused where nothing is timed', async () => {
    const group = await Group.create(await openTestDevice(), { ...options, runner: 'chained', profile: false });
    await train(group, 1);
    expect(() => group.recording()).toThrow(/not profiled/);
    expect(group.timings).toEqual([]);
    group.dispose();
  });
});
