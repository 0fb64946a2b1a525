// README's table of options is the table of settings.

import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { describeOption } from '../../src/cli/setting-options';
import { SETTING_NAMES } from '../../src/experiment/read';
import { GROUPS } from '../../src/experiment/setting';
import { SETTINGS } from '../../src/experiment/settings';

/** A row of a Markdown table; a bar within a cell would end it. */
const row = (...cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

test('every setting stands in README as the command line has it, in the order of --help', async () => {
  const names = GROUPS.flatMap((group) =>
    SETTING_NAMES.filter((name) => SETTINGS.find((setting) => setting.name === name)!.group === group),
  );
  const rows = names.map((name) => {
    const { flags, meaning, initial } = describeOption(name);
    return row(`\`${flags}\``, initial, meaning);
  });
  const readme = await readFile('README.md', 'utf8');
  const lines = readme.split('\n').filter((line) => line.startsWith('| `--'));
  expect(lines.filter((line) => names.some((name) => line.startsWith(`| \`--${name} `)))).toEqual(rows);
});
