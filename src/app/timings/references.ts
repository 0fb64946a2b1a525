// References: recordings that were kept to compare the present one with.

import type { Recording } from '../../index';

/** A recording to compare with. */
export interface Reference {
  readonly number: number;
  /** The run before, kept by hand, or out of a file. */
  readonly origin: 'previous' | 'kept' | 'file';
  readonly name: string;
  readonly recording: Recording;
}

/** As many as a list shows at a glance; each is some megabytes. */
export const MOST_REFERENCES = 5;

/** The references with one more: only one is that of the run before, and the oldest makes room. */
export function keepReference(references: readonly Reference[], added: Reference): Reference[] {
  const others = references.filter(({ origin }) => added.origin !== 'previous' || origin !== 'previous');
  return [...others, added].slice(-MOST_REFERENCES);
}

/** What was recorded, in a few words: `64-48-32-10, fused, full batch`. */
export function nameOf({ config }: Recording): string {
  const { sizes, program, batch } = config;
  const parts = [
    Array.isArray(sizes) ? sizes.join('-') : undefined,
    typeof program === 'string' ? program : undefined,
    batch === 'full' ? 'full batch' : typeof batch === 'number' ? `batch ${batch}` : undefined,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}
