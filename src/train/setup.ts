// Setting up a group: memory, kernels and evaluation on the device, tuned where that was asked for.

import { allSettled, Owned } from '../base/ownership';
import type { Device } from '../gpu/device';
import { StagingRing } from '../gpu/readback';
import { resident } from '../kernels/resident';
import { Profiler } from '../profile/profiler';
import { NO_PROFILER } from '../profile/step-profiler';
import { Memory } from '../schedule/memory';
import { fitsResident, ResidentRunner } from '../schedule/resident';
import { chained, type Runner } from '../schedule/runner';
import { type Schedule, schedule } from '../schedule/schedule';
import { StepTable } from '../schedule/step-table';
import { isProven, NO_TRIAL, Trial, type TrialWatch } from '../schedule/trial';
import { type TunedOperation, tune, type Tuning } from '../schedule/tuner';
import { BestParameters } from './best-parameters';
import { Contents } from './contents';
import { Evaluator } from './evaluation';
import type { GroupOptions } from './group-options';
import { planTraining, type TrainingPlan } from './plan';
import { checkState } from './state';
import { IN_FLIGHT } from './submits';

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
  /** What a submit leaves comes back in these: two in flight, and one evaluation asked for meanwhile. */
  readonly staging: StagingRing;
  /** Where early stopping keeps parameters; undefined where it is not asked for. */
  readonly best: BestParameters | undefined;
  /** What tells whether a choice of the tuner holds in training. */
  readonly trial: TrialWatch;
  readonly tuned: () => readonly TunedOperation[];
  /** Frees everything but the device. */
  readonly dispose: () => void;
}

/**
 * Puts data and initial weights on the device, and compiles what training needs.
 *
 * @throws UnderglassError as `Group.create` does; nothing stays allocated then
 */
export async function setUp(device: Device, options: GroupOptions): Promise<Setup> {
  const plan = planTraining(options);
  if (options.from) {
    checkState(options.from, options, plan.stepsAnEpoch);
  }
  const { program } = plan;
  const owned = new Owned();
  try {
    return await device.guard(async () => {
      const memory = owned.own(new Memory(device, program));
      const table = owned.own(new StepTable(device, 'steps', plan.ranges));
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
      const [runner, evaluator] = await allSettled([
        variant
          ? ResidentRunner.create(device, program, memory, plan, variant).then((made) => owned.own(made))
          : operations().then((ready) => chained(ready, table)),
        Evaluator.create(device, network, splits, memory, members.length, fused, tuning?.choose).then((made) =>
          owned.own(made),
        ),
      ]);
      const { profile = true } = options;
      const profiler =
        profile === false
          ? undefined
          : owned.own(new Profiler(device, await operations(), table, profile === true ? {} : profile));
      const size = memory.results.buffer.size + evaluator.size + (profiler ?? NO_PROFILER).size;
      const staging = owned.own(new StagingRing(device, 'results', size, IN_FLIGHT + 1));
      const best = options.stopping && owned.own(new BestParameters(device, memory, network, members.length));
      const parts = { plan, memory, table, contents, schedule: operations, evaluator, profiler, staging, best };
      const made = { ...parts, tuned: () => tuning?.operations() ?? [], dispose: () => owned.dispose() };
      if (!tuning || (options.runner ?? 'auto') !== 'auto' || tuning.isDefault || isProven(tuning.tally)) {
        return { ...made, runner, trial: NO_TRIAL };
      }
      const standard = await schedule(device, program, memory);
      const trial = new Trial(runner, chained(standard, table), tuning.tally, {
        keep: tuning.keep,
        drop: () => {
          tuning.drop();
          compiled = Promise.resolve(standard);
          profiler?.follow(standard);
        },
      });
      return { ...made, runner: trial, trial };
    });
  } catch (error) {
    owned.dispose();
    throw error;
  }
}

/** The resident variant that steps run in, or undefined for chained operations. */
function residentVariant(device: Device, plan: TrainingPlan, { runner }: GroupOptions, tuning: Tuning | undefined) {
  if (runner === 'chained' || !fitsResident(plan.program, plan)) {
    return undefined;
  }
  if (runner === 'resident') {
    return resident.variants(device.info)[0];
  }
  return tuning?.resident;
}
