// Text for people: widths, bars, and what a table looks like.

import { expect, test } from 'vitest';
import { formatRate, showSweepProgress } from '../../src/cli/progress';
import { printFeatureNotices } from '../../src/cli/results';
import { loadDigits } from '../support/digits';
import { paper } from '../support/paper';
import { bar, printFacts, printHeading, printTable, printText, wrap } from '../../src/cli/tables';

test('a bar is exact to an eighth of a column', () => {
  expect(bar(0, 4)).toBe('');
  expect(bar(0.5, 4)).toBe('██');
  expect(bar(0.53125, 4)).toBe('██▏');
  expect(bar(1, 4)).toBe('████');
  expect(bar(2, 4)).toBe('████');
  expect(bar(-1, 4)).toBe('');
});

test('lines are as long as they fit, and keep their separators', () => {
  expect(wrap(['aa', 'bb', 'cc'], ', ', 7)).toEqual(['aa, bb,', 'cc']);
  expect(wrap(['aa', 'bb', 'cc'], ', ', 100)).toEqual(['aa, bb, cc']);
  expect(wrap(['longer'], ', ', 3)).toEqual(['longer']);
});

test('a paragraph stays within the screen', () => {
  const { screen, lines } = paper(30);
  printText(screen, 'The quick brown fox jumps over the lazy dog, again and again and again.');
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines) expect(line.length).toBeLessThan(30);
  expect(lines.map((line) => line.trim()).join(' ')).toContain('over the lazy dog');
});

test('tables and facts align, without trailing spaces', () => {
  const { screen, lines } = paper(80);
  printTable(
    screen,
    [{ head: 'name' }, { head: 'n', align: 'right' }],
    [
      ['a', '1'],
      ['long', '100'],
    ],
  );
  printFacts(screen, [
    ['kind', 'GPU'],
    ['', 'more'],
  ]);
  expect(lines).toEqual(['  name    n', '  a       1', '  long  100', '  kind  GPU', '        more']);
});

test('rates have three digits', () => {
  expect([0.5, 9.999, 42.13, 123.4, 12345, Number.NaN].map(formatRate)).toEqual([
    '0.50',
    '10.0',
    '42.1',
    '123',
    '12,345',
    '–',
  ]);
});

test('digits times 1,000 are told before they are trained on, and the digits are not', async () => {
  const { screen, lines } = paper(80);
  const digits = await loadDigits();
  printFeatureNotices(screen, digits);
  expect(lines).toEqual([]);
  printFeatureNotices(screen, { ...digits, features: digits.features.map((value) => 1000 * value) });
  expect(lines.join(' ').replaceAll(/\s+/g, ' ')).toContain('divide all by 16,000, or standardise each column');
  for (const line of lines) expect(line.length).toBeLessThan(80);
});

test("a sweep's first estimate counts no time that setting up took", () => {
  const { screen, lines } = paper(80);
  const progress = showSweepProgress(screen);
  const state = { done: 0, networks: 2, epochs: 100, losses: 0 };
  progress.update({ ...state, epoch: 0, fraction: 0, milliseconds: 3000 });
  progress.update({ ...state, epoch: 20, fraction: 0.1, milliseconds: 3200 });
  // A loss: the first tenth comes again.
  progress.update({ ...state, losses: 1, epoch: 0, fraction: 0, milliseconds: 9000 });
  progress.update({ ...state, losses: 1, epoch: 50, fraction: 0.25, milliseconds: 9500 });
  expect(lines.map((line) => line.trim())).toEqual([
    '0/2 networks  epoch   0/100    0%',
    '0/2 networks  epoch  20/100   10%  1.8 s left',
    '0/2 networks  epoch  50/100   25%  1.5 s left  GPU lost',
  ]);
});

test('on a narrow terminal rows and facts break at words, and nothing is wider than it', () => {
  const { screen, lines } = paper(40);
  const terminal = { ...screen, stream: Object.assign(Object.create(process.stdout), { isTTY: true }) };
  const columns = ['operation', 'variant', 'median', 'to default'].map((head) => ({ head }));
  const row = ['dense1 forward', '4x1 blocks in quads', '4.55 ms', '1.00x'];
  printTable(terminal, columns, [row]);
  printFacts(terminal, [
    ['network', '64-48-32-10, sigmoid output, 5,042 parameters'],
    ['', 'learning rate 0.2, momentum 0.9'],
  ]);
  printHeading(terminal, 'Ranking', 'by validation accuracy, then loss; mean ± sd over 5 seeds');
  printFacts(terminal, [['the one over the other: the profiling tax', '0.98 (0.97 to 0.99)']]);
  expect(lines).toEqual([
    '  dense1 forward,',
    '    variant 4x1 blocks in quads,',
    '    median 4.55 ms, to default 1.00x',
    '  network  64-48-32-10, sigmoid output,',
    '           5,042 parameters',
    '           learning rate 0.2, momentum',
    '           0.9',
    'Ranking',
    '  by validation accuracy, then loss;',
    '  mean ± sd over 5 seeds',
    '  the one over the other: the',
    '  profiling tax',
    '      0.98 (0.97 to 0.99)',
  ]);
});

test('in a pipe a table keeps its rows, however wide', () => {
  const { screen, lines } = paper(20);
  printTable(screen, [{ head: 'name' }, { head: 'what it is' }], [['a', 'the first of them all']]);
  expect(lines).toHaveLength(2);
});
