import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type LossRule, losses } from '../../../src/nn/losses';
import { checkSettings } from '../../../src/nn/number-setting';
import { requirePart } from '../../../src/nn/part';
import golden from '../../golden/torch-losses.json';
import { expectClose } from '../../support/close';

const rules: readonly LossRule[] = Object.values(losses);

describe.each(golden.cases)('$loss $settings', (example) => {
  test("has torch's value and gradient of each row, near and far from its targets", () => {
    const rule: LossRule = losses[requirePart('loss', losses, example.loss)];
    const settings = checkSettings(rule.label, rule.settings, example.settings);
    for (const [row, { t, value, gradient }] of example.rows.entries()) {
      const y = golden.outputs[row]!;
      // A loss near 0 is a difference of outputs: it is as exact as they are.
      const scale = Math.max(value, Math.abs(Math.max(...y)), 1e-300);
      expect(Math.abs(rule.value(y, t, settings) - value)).toBeLessThanOrEqual(1e-14 * scale);
      expectClose(rule.gradient(y, t, settings), gradient, 1e-14);
    }
  });
});

test('every loss has been compared', () => {
  expect(new Set(golden.cases.map(({ loss }) => loss))).toEqual(new Set(Object.keys(losses)));
});

/** Targets that fit the loss, from numbers of [0, 1). */
function targets({ targets: kind }: LossRule, numbers: readonly number[]): number[] {
  if (kind === 'class') return [Math.floor(numbers[0]! * numbers.length)];
  return kind === 'flags' ? numbers.map(Math.round) : numbers.map((number) => 6 * number - 3);
}

test('gradients are the central differences of values, for any settings', () => {
  const h = 1e-5;
  const row = fc.array(
    fc.tuple(fc.double({ min: -4, max: 4, noNaN: true }), fc.double({ min: 0, max: 0.999, noNaN: true })),
    {
      minLength: 1,
      maxLength: 6,
    },
  );
  fc.assert(
    fc.property(row, fc.double({ min: 0.01, max: 0.9, noNaN: true }), (pairs, setting) => {
      const y = pairs.map(([output]) => output);
      for (const rule of rules) {
        const t = targets(
          rule,
          pairs.map(([, number]) => number),
        );
        const given = Object.keys(rule.settings).map((name) => [name, setting]);
        const settings = checkSettings(rule.label, rule.settings, Object.fromEntries(given));
        const differences = y.map((_, n) => {
          const at = (shift: number) => rule.value(y.with(n, y[n]! + shift), t, settings);
          return (at(h) - at(-h)) / (2 * h);
        });
        // Huber's second derivative jumps where an error is δ, which costs up to h / 2.
        rule.gradient(y, t, settings).forEach((g, n) => expect(Math.abs(g - differences[n]!)).toBeLessThan(1e-5));
      }
    }),
  );
});

test.each([
  ['softmaxCrossEntropy', [1, 3, 3], [1], 1],
  ['softmaxCrossEntropy', [1, 3, 3], [2], 0],
  ['sigmoidCrossEntropy', [2, -2, 0, 1], [1, 1, 0, 0], 0.5],
  ['meanSquaredError', [1, 2], [4, 2], 1.5],
  ['huber', [1, 2], [4, 2], 1.5],
] as const)('the metric of %s for outputs %j and targets %j is %d', (name, y, t, expected) => {
  expect(losses[name].metric.of(y, t)).toBe(expected);
});
