// Settings as texts, of any parts: for tests that hold for all of them.

import * as fc from 'fast-check';
import type { Texts } from '../../src/experiment/setting';
import { ACTIVATIONS } from '../../src/nn/activations';
import { OPTIMISERS } from '../../src/nn/optimisers';
import { SCHEDULES } from '../../src/nn/schedules';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true }).map(String);
const whole = (min: number, max: number) => fc.integer({ min, max }).map(String);
const layer = fc
  .tuple(fc.integer({ min: 1, max: 300 }), fc.option(fc.constantFrom(...ACTIVATIONS)))
  .map(([width, name]) => (name ? `${width}:${name}` : `${width}`));

/** Some of the settings, each with a text that it takes; what means nothing beside the others may be among them. */
export const anyTexts: fc.Arbitrary<Texts> = fc.record(
  {
    layers: fc.array(layer, { maxLength: 5 }).map((all) => all.join() || 'none'),
    activation: fc.constantFrom(...ACTIVATIONS),
    output: fc.constantFrom(...ACTIVATIONS),
    optimiser: fc.constantFrom(...OPTIMISERS),
    lr: number(1e-6, 1e6),
    momentum: number(0, 0.999),
    nesterov: fc.constantFrom('0', '1'),
    beta1: number(0, 0.999),
    'weight-decay': number(0, 1),
    l2: number(0, 1e6),
    schedule: fc.constantFrom(...SCHEDULES),
    warmup: whole(0, 20),
    gamma: number(0.01, 1),
    'schedule-every': whole(1, 50),
    batch: fc.oneof(fc.constant('full'), whole(1, 721)),
    epochs: whole(1, 100_000),
    seed: whole(0, 2 ** 32 - 1),
    program: fc.constantFrom('fused', 'naive'),
  },
  { requiredKeys: [] },
);
