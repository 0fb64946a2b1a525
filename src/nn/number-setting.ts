// The numbers that parts take: what they are called, where they start, which values make sense.

import { shown } from '../base/checks';
import { didYouMean } from '../base/did-you-mean';
import { UnderglassError } from '../base/errors';
import { contains, type Interval } from '../base/parsing';

/** A number that a part takes, such as an optimiser's momentum. */
export interface NumberSetting extends Interval {
  /** For people: `Momentum`. */
  readonly label: string;
  /** What it does, in one short sentence. */
  readonly hint: string;
  /** Where none is given. */
  readonly initial: number;
  /** Whether it counts something; any number of the interval unless told. */
  readonly whole?: true;
}

/** A part's settings, by the names that code and the command line know them by. */
export type NumberSettings<Name extends string = string> = Readonly<Record<Name, NumberSetting>>;

/** A value for each setting. */
export type SettingValues<Name extends string = string> = Readonly<Record<Name, number>>;

/** Values that may leave out settings. */
export type GivenValues = Readonly<Record<string, number | undefined>>;

/**
 * A value for each setting of a part: the given one, else the initial one.
 *
 * Numbers are checked as the float32 that the GPU will see.
 *
 * @param part whose settings they are, as an error names it: `adam`
 * @throws UnderglassError 'usage' for a setting that the part has not, or a number outside of its interval
 */
export function checkSettings(part: string, settings: NumberSettings, given: GivenValues = {}): SettingValues {
  const names = Object.keys(settings);
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(settings, name)) throw unknownSetting(part, name, names);
  }
  return Object.fromEntries(names.map((name) => [name, checkNumber(part, name, settings[name]!, given[name])]));
}

/**
 * Checks that a part has a value for each of its settings, and no other.
 *
 * @throws UnderglassError 'usage' as {@link checkSettings} does, and for a setting that is missing
 */
export function checkWholeSettings(part: string, settings: NumberSettings, values: SettingValues): void {
  if (typeof values !== 'object' || values === null) {
    throw new UnderglassError('usage', `The settings of ${part} are ${shown(values)}; give a number for each.`);
  }
  checkSettings(part, settings, values);
  const missing = Object.keys(settings).find((name) => values[name] === undefined);
  if (missing !== undefined) {
    throw new UnderglassError(
      'usage',
      `${settings[missing]!.label} of ${part} (${missing}) is missing; give a number.`,
    );
  }
}

function checkNumber(part: string, name: string, setting: NumberSetting, value = setting.initial): number {
  const single = typeof value === 'number' ? Math.fround(value) : Number.NaN;
  if (contains(setting, single) && (!setting.whole || Number.isInteger(value))) return value;
  // What is out of bounds only as a float32 reads as if it were within them.
  const detail = contains(setting, value) && !contains(setting, single) ? `, ${single} in the GPU's float32` : '';
  throw new UnderglassError(
    'usage',
    `${setting.label} of ${part} (${name}) is ${shown(value)}${detail}; use ${describeInterval(setting)}, such as ${setting.initial}.`,
  );
}

/** `a number from 0 to below 1`. */
function describeInterval({ min, max, above = false, below = false, whole }: NumberSetting): string {
  const least = above ? `above ${min}` : max === undefined ? `of at least ${min}` : `from ${min}`;
  const most = max === undefined ? '' : ` to ${below ? 'below ' : ''}${max}`;
  return `a ${whole ? 'whole ' : ''}number ${least}${most}`;
}

function unknownSetting(part: string, name: string, names: readonly string[]): UnderglassError {
  const remedy = names.length === 0 ? '; it has none.' : didYouMean(name, names);
  return new UnderglassError('usage', `${part} has no setting '${name}'${remedy}`);
}
