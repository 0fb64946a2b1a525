// The check of a recording that comes from a file: every field, its kind and its place.

import { UnderglassError } from '../base/errors';
import type { OperationKind, Phase } from '../program/program';
import type { Recording } from './recording';

/** Tells what is wrong with a value, as the end of a sentence that begins with its place; undefined where it is right. */
type Check = (value: unknown, place: string) => string | undefined;

/** As an object, so that a new kind cannot be forgotten here. */
const KINDS: Readonly<Record<OperationKind, true>> = {
  gather: true,
  linear: true,
  activate: true,
  softmax: true,
  crossEntropy: true,
  meanLoss: true,
  squareSum: true,
  softmaxGradient: true,
  activateGradient: true,
  linearInputGradient: true,
  linearWeightGradient: true,
  linearBiasGradient: true,
  l2: true,
  update: true,
  denseForward: true,
  denseLoss: true,
  denseBackward: true,
  updateAll: true,
};

const PHASES: Readonly<Record<Phase, true>> = { forward: true, backward: true, update: true, evaluation: true };

const simple =
  (what: string, right: (value: unknown) => boolean): Check =>
  (value, place) =>
    right(value) ? undefined : `${place} is ${shown(value)}, not ${what}`;

const text = simple('text', (value) => typeof value === 'string');
const truth = simple('true or false', (value) => typeof value === 'boolean');
const number = simple('a number', (value) => typeof value === 'number');
const positive = simple('a number of at least 0', (value) => typeof value === 'number' && value >= 0);
const whole = simple('a whole number of at least 0', (value) => Number.isInteger(value) && Number(value) >= 0);
const literal = (...allowed: readonly unknown[]): Check =>
  simple(allowed.map(shown).join(' or '), (value) => allowed.includes(value));

const optional =
  (check: Check): Check =>
  (value, place) =>
    value === undefined ? undefined : check(value, place);

const nullable =
  (check: Check): Check =>
  (value, place) =>
    value === null ? undefined : check(value, place);

const list =
  (check: Check): Check =>
  (value, place) =>
    Array.isArray(value)
      ? firstOf(value.map((entry, i) => () => check(entry, `${place}[${i}]`)))
      : `${place} is ${shown(value)}, not a list`;

const fields =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value, place) =>
    isObject(value)
      ? firstOf(
          Object.entries(checks).map(
            ([name, check]) =>
              () =>
                check(value[name], place === '' ? name : `${place}.${name}`),
          ),
        )
      : `${place} is ${shown(value)}, not an object`;

/** One of several kinds of object, told apart by their field of this name. */
const variants =
  (tag: string, checks: Readonly<Record<string, Check>>): Check =>
  (value, place) => {
    if (!isObject(value)) return `${place} is ${shown(value)}, not an object`;
    const check = checks[String(value[tag])];
    return check
      ? check(value, place)
      : `${place}.${tag} is ${shown(value[tag])}, not ${Object.keys(checks).map(shown).join(' or ')}`;
  };

const configValue: Check = (value, place) =>
  Array.isArray(value)
    ? list(configValue)(value, place)
    : simple('a plain value', (entry) => entry === null || ['string', 'number', 'boolean'].includes(typeof entry))(
        value,
        place,
      );

const config: Check = (value, place) =>
  isObject(value)
    ? firstOf(
        Object.entries(value).map(
          ([name, entry]) =>
            () =>
              configValue(entry, `${place}.${name}`),
        ),
      )
    : `${place} is ${shown(value)}, not an object`;

const evidence = {
  samples: whole,
  effective: positive,
  discards: fields({ zero: whole, negative: whole, backward: whole, overflow: whole }),
};

const estimate = variants('kind', {
  measured: fields({
    meanUs: positive,
    lowUs: positive,
    highUs: positive,
    medianUs: optional(positive),
    p95Us: optional(positive),
    ...evidence,
  }),
  below: fields({ belowUs: positive, ...evidence }),
  none: fields(evidence),
});

const interval = { beginUs: number, endUs: number };
const bounds = fields({ low: positive, high: positive });
const ranged = fields({ value: number, low: number, high: number });

const recording = fields({
  device: fields({ vendor: text, architecture: text, description: text, software: truth }),
  clock: variants('kind', {
    stamps: fields({ quantumNs: positive, stamps: whole, sure: truth }),
    wall: fields({ reason: text }),
  }),
  phaseLock: fields({ verdict: literal('free', 'locked', 'unknown'), order: optional(whole) }),
  gaps: truth,
  config,
  operations: list(
    fields({
      label: text,
      kind: literal(...Object.keys(KINDS)),
      phase: literal(...Object.keys(PHASES)),
      layer: nullable(whole),
      variant: text,
      grid: list(whole),
      workgroup: list(whole),
      cost: fields({ flops: positive, bytesRead: positive, bytesWritten: positive }),
      repeats: whole,
      samplesNs: list(positive),
      estimate,
    }),
  ),
  profiledStep: estimate,
  productionStep: estimate,
  tax: nullable(ranged),
  ceilings: nullable(
    fields({
      flops: positive,
      memory: positive,
      cache: positive,
      cacheBytes: positive,
      launch: positive,
      spread: optional(fields({ flops: bounds, memory: bounds, cache: bounds, launch: bounds })),
    }),
  ),
  accounting: nullable(
    fields({
      wallUs: positive,
      busyUs: positive,
      gapUs: positive,
      encodeUs: positive,
      submitUs: positive,
      readBackUs: positive,
      remainderUs: positive,
      hiddenUs: positive,
    }),
  ),
  timeline: list(
    fields({
      encode: fields(interval),
      submit: fields(interval),
      readBack: fields(interval),
      passes: list(fields({ ...interval, name: text, operation: nullable(whole) })),
      steps: whole,
      loss: nullable(number),
    }),
  ),
  warnings: optional(list(text)),
});

/**
 * Checks the fields of a recording.
 *
 * @param source begins the error's sentence
 * @throws UnderglassError `data` that names the first field that is wrong, its value and what belongs there
 */
export function checkRecording(value: unknown, source: string): asserts value is Recording {
  const fault = recording(value, '') ?? passFault(value);
  if (fault) {
    throw new UnderglassError('data', `${source}: a damaged recording: ${fault}; record it again.`);
  }
}

/** Passes name operations that exist. The value's fields have been checked. */
function passFault(value: unknown): string | undefined {
  const operations = listOf(fieldOf(value, 'operations')).length;
  for (const [i, submit] of listOf(fieldOf(value, 'timeline')).entries()) {
    const named = listOf(fieldOf(submit, 'passes')).map((pass) => fieldOf(pass, 'operation'));
    const wrong = named.find((operation) => typeof operation === 'number' && operation >= operations);
    if (wrong !== undefined) {
      return `timeline[${i}] has a pass of operation ${shown(wrong)}, and there are ${operations}`;
    }
  }
  return undefined;
}

/** A field of what may be an object. */
export function fieldOf(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function firstOf(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const fault = check();
    if (fault) return fault;
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value as the sentence shows it: short. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const json = JSON.stringify(value);
  return json.length > 40 ? `${json.slice(0, 37)}...` : json;
}
