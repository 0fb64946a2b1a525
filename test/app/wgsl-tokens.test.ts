// WGSL tokens: what is coloured how, and that nothing is lost.

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { wgslTokens } from '../../src/app/shaders/wgsl-tokens';

const coloured = (code: string) =>
  wgslTokens(code)
    .filter(({ kind }) => kind !== 'text')
    .map(({ kind, text }) => `${kind} ${text}`);

test('tells comments, attributes, keywords, types, numbers and functions apart', () => {
  expect(coloured('@compute fn main() { let x1: vec4f = f32(0x1fu) * 2.5e-3f; } // fn 1')).toEqual([
    'attribute @compute',
    'keyword fn',
    'function main',
    'keyword let',
    'type vec4f',
    'type f32',
    'number 0x1fu',
    'number 2.5e-3f',
    'comment // fn 1',
  ]);
  expect(coloured('letter_fn / for_each /* let 1\n */ array<u32, 4>')).toEqual([
    'comment /* let 1\n */',
    'type array',
    'type u32',
    'number 4',
  ]);
});

test.each(readdirSync('shaders').filter((name) => name.endsWith('.wgsl')))('the tokens of %s are its text', (name) => {
  const code = readFileSync(`shaders/${name}`, 'utf8');
  expect(
    wgslTokens(code)
      .map(({ text }) => text)
      .join(''),
  ).toBe(code);
});
