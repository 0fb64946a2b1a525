// Decisions: what a training changes by its own results, at the end of an epoch: the rate of a schedule that watches the loss,
// and whether to stop early.
//
// Whatever they are, steps after an epoch that decides wait for it, so that they do not depend on how steps are cut into submits.

import { type WatchState, type ScheduleRule, schedules } from '../nn/schedules';
import type { BestParameters } from './best-parameters';
import type { Contents } from './contents';
import type { Evaluation } from './evaluation';
import type { GroupOptions, MemberReport } from './group-options';
import type { MemberState } from './state';
import { afterEvaluation, type Stopping, stopping, STOPPING_START, type StoppingState } from './stopping';

/** What early stopping knows of a member. */
export interface Judgement {
  readonly state: StoppingState;
  /** The best evaluation, and the epoch after which it was made; undefined before the first. */
  readonly best: { readonly epoch: number; readonly evaluation: Evaluation } | undefined;
}

/** Takes the reports of epochs in their order, and changes the training accordingly. */
export class Decisions {
  readonly #options: GroupOptions;
  readonly #contents: Contents;
  readonly #best: BestParameters | undefined;
  readonly #stepsAnEpoch: number;
  readonly #stopping: Stopping | undefined;
  readonly #judgements: Judgement[];
  readonly #watched: (WatchState | undefined)[];

  /** @param best where early stopping keeps parameters, if it is asked for */
  constructor(
    options: GroupOptions,
    contents: Contents,
    best: BestParameters | undefined,
    stepsAnEpoch: number,
    from: readonly MemberState[] | undefined,
  ) {
    this.#options = options;
    this.#contents = contents;
    this.#best = best;
    this.#stepsAnEpoch = stepsAnEpoch;
    this.#stopping = stoppingOf(options);
    this.#judgements = options.members.map(
      (_, i) => from?.[i]!.judgement ?? { state: STOPPING_START, best: undefined },
    );
    this.#watched = options.members.map(({ optimiser: { schedule } }, i) => {
      const rule: ScheduleRule = schedules[schedule.kind];
      return rule.watches && (from?.[i]!.watched ?? rule.start);
    });
    for (const [member, state] of (from ?? []).entries()) {
      if (state.best) {
        best?.write(member, state.best);
      }
    }
  }

  /** Whether an epoch decides on what comes after it. */
  decides(evaluated: boolean): boolean {
    return (evaluated && this.#stopping !== undefined) || this.#watched.some((state) => state !== undefined);
  }

  /** Whether early stopping has ended a member's training. */
  stopped(member: number): boolean {
    return isOver(this.#stopping, this.#judgements[member]);
  }

  /** The best evaluation so far, where early stopping is asked for. */
  best(member: number): Judgement['best'] {
    return this.#judgements[member]!.best;
  }

  /** What a later training needs of a member to go on. */
  async stateOf(member: number): Promise<Pick<MemberState, 'judgement' | 'watched' | 'best'>> {
    const watched = this.#watched[member];
    return {
      ...(this.#stopping ? { judgement: this.#judgements[member]! } : {}),
      ...(watched ? { watched } : {}),
      ...(this.#best && this.best(member) ? { best: await this.#best.read(member) } : {}),
    };
  }

  /** Decides after an epoch. */
  take(epoch: number, members: readonly MemberReport[]): void {
    for (const [member, report] of members.entries()) {
      if (!report.divergence && !this.stopped(member)) {
        this.#watch(member, epoch, report);
        this.#judge(member, epoch, report);
      }
    }
  }

  /** Gives every member its best parameters; those that have none keep what they have. */
  restoreBest(): void {
    for (const member of this.#judgements.keys()) {
      if (this.best(member)) {
        this.#best?.restore(member);
      }
    }
  }

  #watch(member: number, epoch: number, { batches }: MemberReport): void {
    const { schedule } = this.#options.members[member]!.optimiser;
    const rule: ScheduleRule = schedules[schedule.kind];
    const before = this.#watched[member];
    if (!rule.watches || !before || !batches) {
      return;
    }
    const after = rule.after(schedule.settings, before, batches.loss);
    this.#watched[member] = after;
    if (after.factor !== before.factor) {
      this.#contents.changeRate(member, epoch * this.#stepsAnEpoch, before.factor, after.factor);
    }
  }

  #judge(member: number, epoch: number, { evaluation }: MemberReport): void {
    if (!this.#stopping || !evaluation) {
      return;
    }
    const { loss, accuracy: metric } = evaluation.valid;
    const { state, best } = this.#judgements[member]!;
    const after = afterEvaluation(this.#stopping, state, epoch * this.#stepsAnEpoch, { loss, metric });
    this.#judgements[member] = { state: after.state, best: after.best ? { epoch, evaluation } : best };
    if (after.best) {
      this.#best?.keep(member);
    }
    if (after.stop) {
      this.#contents.halt(member);
    }
  }
}

/**
 * When a training stops early, with its numbers checked; undefined where that is not asked for.
 *
 * @throws UnderglassError `usage` for a number that makes no sense
 */
export function stoppingOf(options: Pick<GroupOptions, 'stopping' | 'splits'>): Stopping | undefined {
  return options.stopping && stopping(options.stopping, options.splits.valid.rows, { better: 'higher' });
}

/** Whether a member has used up its patience. */
export function isOver(rule: Stopping | undefined, judgement: Judgement | undefined): boolean {
  return rule !== undefined && judgement !== undefined && judgement.state.waited >= rule.patience;
}
