// The tuning memory on storage that works, is full, or holds something else.

import { afterEach, expect, test, vi } from 'vitest';
import { TuningMemory } from '../../src/app/tuning-memory';

const NAME = 'underglass.tuning';

/** A storage that holds this, and takes writes unless it is full. */
function storage(held: Record<string, string> = {}, full = false) {
  const texts = new Map(Object.entries(held));
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => texts.get(name) ?? null,
    setItem: (name: string, text: string) => {
      if (full) throw new DOMException('full', 'QuotaExceededError');
      texts.set(name, text);
    },
  });
}

afterEach(() => {
  vi.unstubAllGlobals();
});

test('what was kept is there on the next visit, and gone in another version of the browser', () => {
  storage();
  const first = new TuningMemory('Chrome 1');
  first.keep('a', 'wide');
  first.keep('b', 'tall');
  first.keep('a', 'tall');
  expect(new TuningMemory('Chrome 1').choices).toEqual({ a: 'tall', b: 'tall' });
  expect(new TuningMemory('Chrome 2').choices).toEqual({});
});

test.each(['', '{', 'null', '[]', '{"version":"Chrome 1"}', '{"version":"Chrome 1","choices":null}', '"x"'])(
  'a stored %o is no choice, and can be written over',
  (text) => {
    storage({ [NAME]: text });
    const memory = new TuningMemory('Chrome 1');
    expect(memory.choices).toEqual({});
    memory.keep('a', 'wide');
    expect(new TuningMemory('Chrome 1').choices).toEqual({ a: 'wide' });
  },
);

test('a choice that is no text is left out', () => {
  storage({ [NAME]: '{"version":"Chrome 1","choices":{"a":1,"b":"wide"}}' });
  expect(new TuningMemory('Chrome 1').choices).toEqual({ b: 'wide' });
});

test('where storage is full or forbidden, choices last for the visit', () => {
  storage({}, true);
  const memory = new TuningMemory('Chrome 1');
  memory.keep('a', 'wide');
  expect(memory.choices).toEqual({ a: 'wide' });
  vi.stubGlobal('localStorage', undefined);
  const other = new TuningMemory('Chrome 1');
  other.keep('a', 'wide');
  expect(other.choices).toEqual({ a: 'wide' });
});

test('the oldest choices make room', () => {
  storage();
  const memory = new TuningMemory('Chrome 1');
  for (let i = 0; i < 300; i++) memory.keep(`key ${i}`, 'wide');
  const { choices } = new TuningMemory('Chrome 1');
  expect(Object.keys(choices)).toHaveLength(200);
  expect(choices).toHaveProperty(['key 299']);
  expect(choices).not.toHaveProperty(['key 0']);
});
