// Ceilings in words, each with the bounds between which it lies.

import { formatBytes, formatMicroseconds, formatPerSecond } from '../base/units';
import { boundsOf } from './ceiling-bounds';
import type { Ceilings } from './ceilings';
import { ridge } from './roofline';

/** What the command line and the page say of each ceiling: its name and its value. */
export function ceilingFacts(ceilings: Ceilings): [name: string, value: string][] {
  const { flops, memory, cache, cacheBytes, launch } = ceilings;
  const perSecond = (name: 'flops' | 'memory' | 'cache', unit: string) => {
    const { low, high } = boundsOf(ceilings, name);
    return `${formatPerSecond({ flops, memory, cache }[name], unit)}${between(formatPerSecond(low, ''), formatPerSecond(high, ''))}`;
  };
  const launches = boundsOf(ceilings, 'launch');
  const shortest = formatMicroseconds(1e6 * launches.low);
  const longest = formatMicroseconds(1e6 * launches.high);
  const [arithmetic, traffic] = [boundsOf(ceilings, 'flops'), boundsOf(ceilings, 'memory')];
  const bends = between((arithmetic.low / traffic.high).toFixed(2), (arithmetic.high / traffic.low).toFixed(2));
  return [
    ['arithmetic', `${perSecond('flops', 'FLOP/s')} in chains of multiply-adds`],
    ['memory', perSecond('memory', 'B/s')],
    ['cache', `${perSecond('cache', 'B/s')} for up to ${formatBytes(cacheBytes)}`],
    [
      'launch',
      `${formatMicroseconds(1e6 * launch)}${between(shortest, longest)} a dispatch that waits for the one before`,
    ],
    ['ridge', `${ridge(ceilings).toFixed(2)} FLOP a byte of memory${bends}: with less, memory is the limit`],
  ];
}

/** ` (48.0 G to 63.1 G)`; nothing where both are the same. */
function between(low: string, high: string): string {
  return low === high ? '' : ` (${low} to ${high})`;
}
