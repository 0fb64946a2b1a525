// The curves as a CSV file.

import type { HistoryEntry } from '../../index';
import { writeLink } from '../model/link';
import type { Settings } from '../../experiment/setting';
import { SPLITS } from '../splits';

/** A run as a file tells it. */
export interface ExportedRun {
  readonly number: number;
  readonly settings: Settings;
  readonly history: readonly HistoryEntry[];
}

/** One line an evaluation: the run, its link's query, the epoch, losses, accuracies. Numbers are in full. */
export function historyCsv(runs: readonly ExportedRun[]): string {
  const keys = SPLITS.map(({ key }) => key);
  const head = [
    'run',
    'settings',
    'epoch',
    ...keys.map((key) => `${key}_loss`),
    ...keys.map((key) => `${key}_accuracy`),
  ];
  const lines = runs.flatMap(({ number, settings, history }) =>
    history.map((entry) => [
      number,
      `"${writeLink(settings) || '?'}"`,
      entry.epoch,
      ...keys.map((key) => entry[key].loss),
      ...keys.map((key) => entry[key].accuracy),
    ]),
  );
  return [head, ...lines].map((cells) => `${cells.join(',')}\r\n`).join('');
}
