// What an adapter is called in the report.

import type { Device } from '../../src/index';

/** Its description, or else its vendor and architecture. */
export function adapterName({ info: { description, vendor, architecture } }: Device): string {
  return description || [vendor, architecture].filter(Boolean).join(' ');
}
