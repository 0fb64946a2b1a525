import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { didYouMean, nearestWord } from '../../src/base/did-you-mean';

const words = ['sgd', 'adam', 'adamw', 'rmsprop', 'adagrad', 'leakyRelu'];

test.each([
  ['adma', 'adam'],
  ['ada', 'adam'],
  ['ADAMW', 'adamw'],
  ['rmsporp', 'rmsprop'],
  ['leakyrelu', 'leakyRelu'],
  ['leaky-relu', 'leakyRelu'],
  ['sdg', 'sgd'],
  ['lion', undefined],
  ['', undefined],
])("'%s' is taken for %s", (given, meant) => {
  expect(nearestWord(given, words)).toBe(meant);
});

test('where no word is near, all are told', () => {
  expect(didYouMean('adma', words)).toBe('; did you mean adam?');
  expect(didYouMean('lion', ['sgd', 'adam'])).toBe('; use sgd, adam.');
});

test('any one edit of a long word is recognised', () => {
  const word = 'glorotUniform';
  const edits = fc.tuple(
    fc.nat(word.length - 2),
    fc.constantFrom('x', '7'),
    fc.constantFrom('drop', 'insert', 'change', 'swap'),
  );
  fc.assert(
    fc.property(edits, ([at, letter, kind]) => {
      const [head, one, two, tail] = [word.slice(0, at), word[at]!, word[at + 1]!, word.slice(at + 2)];
      const middle = { drop: two, insert: one + letter + two, change: letter + two, swap: two + one }[kind];
      expect(nearestWord(head + middle + tail, ['glorotNormal', 'heUniform', word])).toBe(word);
    }),
  );
});
