// The end of a test run.

import { expect, test } from 'vitest';
import { skippedLines, type Totals, totalsLine, totalsOf } from '../support/totals-reporter';

type Modules = Parameters<typeof totalsOf>[0];
type State = 'passed' | 'failed' | 'skipped';

/** A test file with these results; `broken` stands for an error outside its tests. */
function modulesWith(...files: readonly { readonly states: readonly State[]; readonly broken?: boolean }[]): Modules {
  const modules = files.map(({ states, broken = false }) => ({
    children: { allTests: () => states.map((state) => ({ result: () => ({ state }) })) },
    ok: () => !broken && !states.includes('failed'),
  }));
  // A stand-in with the two members that count.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return modules as unknown as Modules;
}

test('the line names what passed and failed, and what was skipped only if anything was', () => {
  expect(totalsLine({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
  expect(totalsLine({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
});

test('tests are counted over all files', () => {
  const modules = modulesWith({ states: ['passed', 'failed', 'failed'] }, { states: ['passed', 'skipped'] });
  expect(totalsOf(modules, 0, 'failed')).toEqual<Totals>({ passed: 2, failed: 2, skipped: 1 });
});

test('a file that breaks outside its tests is a failure', () => {
  expect(totalsOf(modulesWith({ states: [], broken: true }), 0, 'failed').failed).toBe(1);
  expect(totalsOf(modulesWith({ states: ['skipped'], broken: true }), 0, 'failed').failed).toBe(1);
});

test('a run that does not pass never reports no failure', () => {
  expect(totalsOf(modulesWith({ states: ['passed'] }), 2, 'passed').failed).toBe(2);
  expect(totalsOf([], 0, 'failed').failed).toBe(1);
  expect(totalsOf(modulesWith({ states: ['passed'] }), 0, 'interrupted').failed).toBe(1);
});

test('what was skipped is named by project, file and first test, with the reason if it gave one', () => {
  const tests = [
    { fullName: 'runs > far', result: () => ({ state: 'skipped', note: 'only in npm run test:full' }) },
    { fullName: 'runs > farther', result: () => ({ state: 'skipped', note: 'only in npm run test:full' }) },
    { fullName: 'on Windows', result: () => ({ state: 'skipped' }) },
  ];
  const module = {
    project: { name: 'node' },
    relativeModuleId: 'test/a.test.ts',
    children: { allTests: (state?: string) => (state === 'skipped' ? tests : []) },
  };
  // A stand-in with the members that count.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const modules = [module] as unknown as Parameters<typeof skippedLines>[0];
  expect(skippedLines(modules)).toEqual([
    '  node, test/a.test.ts, runs > far and 1 more: only in npm run test:full',
    '  node, test/a.test.ts, on Windows: not for this machine',
  ]);
});
