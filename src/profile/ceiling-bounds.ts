// The bounds of a ceiling: what one measurement leaves open.

import type { Ceilings } from './ceilings';
import type { CeilingName } from './ceilings-probes';

/** Where a ceiling lies, in its own unit: for rates from the typical submit to the fastest. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** Between which bounds a ceiling lies; itself where that was never measured. */
export function boundsOf(ceilings: Ceilings, name: CeilingName): Bounds {
  return ceilings.spread?.[name] ?? { low: ceilings[name], high: ceilings[name] };
}
