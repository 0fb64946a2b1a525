// Setting up a group: memory, kernels and evaluation on the device, tuned where that was asked for.

import type { Device } from '../gpu/device';
import { resident } from '../kernels/resident';
import { Profiler } from '../profile/profiler';
import { Memory } from '../schedule/memory';
import { fitsResident, ResidentRunner } from '../schedule/resident';
import { chained, type Runner } from '../schedule/runner';
import { type Schedule, schedule } from '../schedule/schedule';
import { StepTable } from '../schedule/step-table';
import { type TunedOperation, tune } from '../schedule/tuner';
import { Contents } from './contents';
import { Evaluator } from './evaluation';
import type { GroupOptions } from './group-options';
import { planTraining, type TrainingPlan } from './plan';
import { checkState } from './state';

/** All that a group runs on. The group owns it. */
export interface Setup {
  readonly plan: TrainingPlan;
  readonly memory: Memory;
  readonly table: StepTable;
  readonly contents: Contents;
  readonly runner: Runner;
  /** The operations of a step one by one, compiled when first asked for. */
  readonly schedule: () => Promise<Schedule>;
  readonly evaluator: Evaluator;
  /** Undefined where nothing is to be timed. */
  readonly profiler: Profiler | undefined;
  readonly tuned: readonly TunedOperation[];
}

/** Something to be freed. */
interface Owned {
  dispose(): void;
}

/**
 * Puts data and initial weights on the device, and compiles what training needs.
 *
 * @throws UnderglassError as `Group.create` does; nothing stays allocated then
 */
export async function setUp(device: Device, options: GroupOptions): Promise<Setup> {
  const plan = planTraining(options);
  if (options.from) {
    checkState(options.from, options.network, options.members, plan.stepsAnEpoch);
  }
  const { program } = plan;
  const owned: Owned[] = [];
  const own = <T extends Owned>(part: T): T => {
    owned.push(part);
    return part;
  };
  try {
    return await device.guard(async () => {
      const memory = own(new Memory(device, program));
      const table = own(new StepTable(device, 'steps', plan.ranges));
      const contents = new Contents(device, memory, options, plan);
      const reset = (): void => {
        contents.reset();
        contents.drawOrder();
      };
      const state = () => contents.state();
      const tuning =
        options.tuning && (await tune(device, { program, memory, table, plan, reset, state }, options.tuning));
      // Tuning drew row orders, which training draws anew.
      if (tuning) {
        contents.reset();
      }
      if (options.from) {
        contents.restore(options.from);
      }
      let compiled: Promise<Schedule> | undefined;
      const operations = () => (compiled ??= schedule(device, program, memory, tuning?.choose));
      const variant = residentVariant(device, plan, options, tuning);
      const { network, splits, members } = options;
      const fused = options.program !== 'naive';
      const [runner, evaluator] = await Promise.all([
        variant
          ? ResidentRunner.create(device, program, memory, plan, variant).then(own)
          : operations().then((ready) => chained(ready, table)),
        Evaluator.create(device, network, splits, memory, members.length, fused, tuning?.choose).then(own),
      ]);
      const tuned = tuning?.operations ?? [];
      const { profile = true } = options;
      const profiler =
        profile === false
          ? undefined
          : own(new Profiler(device, await operations(), table, profile === true ? {} : profile));
      return { plan, memory, table, contents, runner, schedule: operations, evaluator, profiler, tuned };
    });
  } catch (error) {
    for (const part of owned.toReversed()) {
      part.dispose();
    }
    throw error;
  }
}

/** The resident variant that steps run in, or undefined for chained operations. */
function residentVariant(
  device: Device,
  plan: TrainingPlan,
  { runner }: GroupOptions,
  tuning: Awaited<ReturnType<typeof tune>> | undefined,
) {
  if (runner === 'chained' || !fitsResident(plan.program, plan)) {
    return undefined;
  }
  if (runner === 'resident') {
    return resident.variants(device.info)[0];
  }
  return tuning?.resident;
}
