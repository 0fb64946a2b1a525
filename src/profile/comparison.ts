// Comparison: two recordings side by side, and which differences are more than noise.

import { differenceOf, type Ranged, rangeOf, ratioOf, sumOf } from './estimate';
import type { Recording, RecordedOperation } from './recording';

/** The same work in both recordings. */
export interface ComparedWork {
  /** An operation's label, or that of the fused operation that does the same work. */
  readonly label: string;
  /** Operations that did it, in each recording. */
  readonly operations: readonly [before: number, after: number];
  /** Undefined where nothing of it was measured. */
  readonly beforeUs: Ranged | undefined;
  readonly afterUs: Ranged | undefined;
  /** `after` less `before`; undefined unless both were measured. */
  readonly differenceUs: Ranged | undefined;
  /** `before` over `after`: above 1 where `after` is faster. */
  readonly speedup: Ranged | undefined;
  readonly verdict: 'faster' | 'slower' | 'noise' | 'unknown';
}

/** Two recordings, compared. */
export interface Comparison {
  /** `operation` where both have the same operations, `work` where these were grouped to be comparable. */
  readonly by: 'operation' | 'work';
  readonly rows: readonly ComparedWork[];
  /** Of the whole step in one pass for each operation, and as it trains. */
  readonly profiledStep: ComparedWork;
  readonly productionStep: ComparedWork;
}

/**
 * Compares two recordings operation by operation.
 *
 * Recordings of different programs are compared by work: naive operations are added up to the fused operation that does the same, so that
 * `dense1 linear` and `dense1 sigmoid` stand beside `dense1 forward`.
 *
 * A difference is more than noise where its 95% interval excludes zero; of twenty rows without any difference, one may be so by chance.
 */
export function compare(before: Recording, after: Recording): Comparison {
  const key = ({ label, kind, phase }: RecordedOperation) => [label, kind, phase].join('\n');
  const same = before.operations.map(key).toSorted().join() === after.operations.map(key).toSorted().join();
  const group = same ? ({ label }: RecordedOperation) => label : workOf(Math.max(layers(before), layers(after)));
  const [a, b] = [groups(before, group), groups(after, group)];
  const labels = [...new Set([...a.keys(), ...b.keys()])];
  return {
    by: same ? 'operation' : 'work',
    rows: labels.map((label) => compared(label, a.get(label) ?? [], b.get(label) ?? [])),
    profiledStep: comparedRanges('profiled step', rangeOf(before.profiledStep), rangeOf(after.profiledStep)),
    productionStep: comparedRanges('production step', rangeOf(before.productionStep), rangeOf(after.productionStep)),
  };
}

/** The fused operation that does an operation's work, by its label; itself for fused operations. */
function workOf(layerCount: number): (operation: RecordedOperation) => string {
  const last = layerCount - 1;
  return ({ label, kind, layer }) => {
    const name = (index: number, what: string) => `dense${index + 1} ${what}`;
    switch (kind) {
      case 'linear':
      case 'activate':
        return name(layer!, layer === last ? 'loss' : 'forward');
      case 'crossEntropy':
      case 'softmax':
      case 'softmaxGradient':
        return name(last, 'loss');
      case 'activateGradient':
        return layer === last ? name(last, 'loss') : name(layer! + 1, 'backward');
      case 'linearWeightGradient':
      case 'linearBiasGradient':
      case 'linearInputGradient':
        return name(layer!, 'backward');
      case 'l2':
      case 'update':
      case 'meanLoss':
        return 'update';
      default:
        return label;
    }
  };
}

function layers({ operations }: Recording): number {
  return Math.max(0, ...operations.map(({ layer }) => (layer ?? -1) + 1));
}

function groups(
  { operations }: Recording,
  group: (operation: RecordedOperation) => string,
): ReadonlyMap<string, readonly RecordedOperation[]> {
  const labels = new Set(operations.map(group));
  return new Map([...labels].map((label) => [label, operations.filter((operation) => group(operation) === label)]));
}

function compared(
  label: string,
  before: readonly RecordedOperation[],
  after: readonly RecordedOperation[],
): ComparedWork {
  return { ...comparedRanges(label, total(before), total(after)), operations: [before.length, after.length] };
}

/** The sum of what operations took, or undefined where one was not measured. */
function total(operations: readonly RecordedOperation[]): Ranged | undefined {
  const ranges = operations.map(({ estimate }) => rangeOf(estimate));
  const measured = ranges.filter((range) => range !== undefined);
  return measured.length === 0 || measured.length < ranges.length ? undefined : sumOf(measured);
}

function comparedRanges(label: string, beforeUs: Ranged | undefined, afterUs: Ranged | undefined): ComparedWork {
  const both = beforeUs && afterUs;
  const differenceUs = both ? differenceOf(afterUs, beforeUs) : undefined;
  const speedup = both ? ratioOf(beforeUs, afterUs) : undefined;
  return { label, operations: [1, 1], beforeUs, afterUs, differenceUs, speedup, verdict: verdictOf(differenceUs) };
}

function verdictOf(difference: Ranged | undefined): ComparedWork['verdict'] {
  if (!difference) return 'unknown';
  if (difference.high < 0) return 'faster';
  return difference.low > 0 ? 'slower' : 'noise';
}

/** What else differs than the times, in sentences: the adapter, and the options of the run. None where nothing does. */
export function settingsChanged(before: Recording, after: Recording): string[] {
  const adapter = ({ device }: Recording) => [device.vendor, device.architecture, device.description].join(' ').trim();
  const names = [...new Set([...Object.keys(before.config), ...Object.keys(after.config)])];
  const shown = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value));
  const changed = names
    .map((name) => [name, shown(before.config[name]), shown(after.config[name])] as const)
    .filter(([, was, is]) => was !== is)
    .map(([name, was, is]) => `${name} ${was} → ${is}`);
  return [
    ...(adapter(before) === adapter(after) ? [] : [`Before: ${adapter(before)}; now: ${adapter(after)}.`]),
    ...(changed.length === 0 ? [] : [`Options: ${changed.join(', ')}.`]),
  ];
}
