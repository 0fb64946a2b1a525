// A screen that keeps what is printed on it.

import { Writable } from 'node:stream';
import { openScreen, type Screen } from '../../src/cli/screen';

/** A pipe of that width, and what was printed. */
export function paper(width: number): { readonly screen: Screen; readonly lines: string[] } {
  const lines: string[] = [];
  const stream = Object.assign(new Writable(), { isTTY: false });
  const screen = openScreen(Object.assign(Object.create(process.stdout), stream));
  return { screen: { ...screen, width, print: (text = '') => void lines.push(...text.split('\n')) }, lines };
}
