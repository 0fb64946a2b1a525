// Parts by name: what stands in for a word that a person or a program gave.

import { didYouMean } from '../base/did-you-mean';
import { UnderglassError } from '../base/errors';

/**
 * `name` itself, if the table has a part of that name.
 *
 * @param kind what the parts are, as an error names them: `optimiser`
 * @throws UnderglassError 'usage' otherwise
 */
export function requirePart<Name extends string>(
  kind: string,
  table: Readonly<Record<Name, unknown>>,
  name: string,
): Name {
  if (isPart(table, name)) return name;
  throw new UnderglassError('usage', `There is no ${kind} '${name}'${didYouMean(name, Object.keys(table))}`);
}

/** The names of a table's parts. */
export function partNames<Name extends string>(table: Readonly<Record<Name, unknown>>): Name[] {
  return Object.keys(table).filter((name) => isPart(table, name));
}

/** Whether a table has a part of that name. */
export function isPart<Name extends string>(table: Readonly<Record<Name, unknown>>, name: unknown): name is Name {
  return typeof name === 'string' && Object.hasOwn(table, name);
}
