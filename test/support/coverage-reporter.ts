// Coverage of `src/` by room, where a run measures it: `npm run test:full`.

import { relative } from 'node:path';
import type { Reporter } from 'vitest/node';

/** What is used of Istanbul's coverage map. */
export interface CoverageMap {
  files(): readonly string[];
  fileCoverageFor(file: string): { toSummary(): { readonly lines: Count; readonly branches: Count } };
}

interface Count {
  readonly covered: number;
  readonly total: number;
}

const NOTHING: Count = { covered: 0, total: 0 };

const sum = (a: Count, b: Count): Count => ({ covered: a.covered + b.covered, total: a.total + b.total });
const percent = ({ covered, total }: Count): string => (total === 0 ? '–' : `${((100 * covered) / total).toFixed(1)}%`);

/** A line for each folder right below `src`, and one for all: lines and branches that ran. */
export function roomLines(coverage: CoverageMap, root: string): string[] {
  const rooms = new Map<string, { lines: Count; branches: Count }>();
  for (const file of coverage.files()) {
    const [, room = '', ...inside] = relative(root, file).split('/');
    const { lines, branches } = coverage.fileCoverageFor(file).toSummary();
    for (const name of [inside.length > 0 ? `src/${room}` : 'src', 'all']) {
      const known = rooms.get(name) ?? { lines: NOTHING, branches: NOTHING };
      rooms.set(name, { lines: sum(known.lines, lines), branches: sum(known.branches, branches) });
    }
  }
  const { all, ...others } = Object.fromEntries(rooms);
  const entries = Object.entries(others).toSorted(([a], [b]) => a.localeCompare(b));
  return [...entries, ...(all ? [['all', all] as const] : [])].map(
    ([name, { lines, branches }]) =>
      `${name.padEnd(16)} lines ${percent(lines).padStart(6)}  branches ${percent(branches).padStart(6)}`,
  );
}

/** Prints the coverage by room. */
export default class CoverageReporter implements Reporter {
  onCoverage(coverage: unknown): void {
    // Vitest hands on Istanbul's map as unknown.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    const lines = roomLines(coverage as CoverageMap, process.cwd());
    process.stdout.write(
      ['', 'Coverage by room, in Node and in Chromium without the built page:', ...lines, ''].join('\n'),
    );
  }
}
