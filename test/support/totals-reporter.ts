// The end of a test run: what was skipped and why, and as the last line `N passed, N failed`, over all projects.

import type { Reporter, SerializedError, TestModule, TestRunEndReason, Vitest } from 'vitest/node';

/** How many tests had which result. */
export interface Totals {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The totals as a line: `12 passed, 0 failed`, and `, 1 skipped` where some were. */
export function totalsLine({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/**
 * The totals of a run.
 *
 * A file that fails outside its tests (it cannot be imported, a hook throws) counts as one failure, and so does each
 * error that belongs to no test. An interrupted run has at least one failure.
 */
export function totalsOf(
  modules: readonly Pick<TestModule, 'children' | 'ok'>[],
  unhandledErrors: number,
  reason: TestRunEndReason,
): Totals {
  let passed = 0;
  let failed = unhandledErrors;
  let skipped = 0;
  for (const module of modules) {
    let failedHere = 0;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') passed += 1;
      else if (state === 'failed') failedHere += 1;
      else skipped += 1;
    }
    failed += failedHere === 0 && !module.ok() ? 1 : failedHere;
  }
  return { passed, failed: reason === 'passed' ? failed : Math.max(failed, 1), skipped };
}

/** A line for each file's tests that were skipped for the same reason: how many, the first one's name, and the reason. */
export function skippedLines(
  modules: readonly Pick<TestModule, 'children' | 'relativeModuleId' | 'project'>[],
): string[] {
  return modules.flatMap(({ children, relativeModuleId, project }) => {
    const names = new Map<string, string[]>();
    for (const test of children.allTests('skipped')) {
      const result = test.result();
      const reason = (result.state === 'skipped' ? result.note : undefined) ?? 'not for this machine';
      names.set(reason, [...(names.get(reason) ?? []), test.fullName]);
    }
    return Array.from(names, ([reason, [first, ...others]]) => {
      const more = others.length > 0 ? ` and ${others.length} more` : '';
      return `  ${project.name}, ${relativeModuleId}, ${first}${more}: ${reason}`;
    });
  });
}

/** What the configuration tells this reporter. */
export interface TotalsReporterOptions {
  /** Sentences on what a run leaves out beside skipped tests. */
  readonly leftOut?: readonly string[];
}

/** Prints the end of a run, as the process ends, when nothing can follow: so also after a run that broke off. */
export default class TotalsReporter implements Reporter {
  readonly #leftOut: readonly string[];
  #totals: Totals = { passed: 0, failed: 1, skipped: 0 };
  #skipped: readonly string[] = [];
  #watching = false;

  constructor({ leftOut = [] }: TotalsReporterOptions = {}) {
    this.#leftOut = leftOut;
  }

  onInit(vitest: Vitest): void {
    this.#watching = vitest.config.watch;
    if (!this.#watching) process.once('exit', () => this.#print());
  }

  onTestRunEnd(
    modules: readonly TestModule[],
    unhandledErrors: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    this.#totals = totalsOf(modules, unhandledErrors.length, reason);
    this.#skipped = skippedLines(modules);
    if (this.#watching) this.#print();
  }

  #print(): void {
    const skipped = this.#skipped.length > 0 ? ['Skipped:', ...this.#skipped] : [];
    process.stdout.write([...skipped, ...this.#leftOut, totalsLine(this.#totals), ''].join('\n'));
  }
}
