// Memory: what lives on the GPU, and how large it is.

import { useRef } from 'preact/hooks';
import { formatBytes, formatCount } from '../../base/units';
import { useWhileInSight } from './in-sight';
import type { Findings } from './findings';
import type { GpuBuffer } from './messages';
import { formatShare } from './numbers';

/** Buffers that are named one by one; the others are added up. */
const MOST_NAMED = 8;

/** Buffers of one label, or the sum of many small ones. */
interface Part {
  readonly label: string;
  readonly bytes: number;
}

/** The panel. */
export function GpuMemory({ findings }: { readonly findings: Findings }) {
  const element = useRef<HTMLElement>(null);
  useWhileInSight(element, findings);
  const buffers = findings.inspection.value?.memory ?? [];
  const total = buffers.reduce((sum, { bytes }) => sum + bytes, 0);
  const parts = partsOf(buffers);
  return (
    <section class="memory" aria-labelledby="memory-title" ref={element}>
      <div class="section-head">
        <h2 id="memory-title">Memory</h2>
        <p>{total > 0 ? `${formatBytes(total)} in ${formatCount(buffers.length)} buffers` : ''}</p>
      </div>
      {total === 0 ? (
        <p class="waiting">What lives on the GPU is listed here once the first epoch is done.</p>
      ) : (
        <>
          <div
            class="memory-bar"
            role="img"
            aria-label={`${formatBytes(total)}: ${parts.map(({ label, bytes }) => `${label} ${formatBytes(bytes)}`).join(', ')}`}
          >
            {parts.map(({ label, bytes }, i) => (
              <span
                key={label}
                class={`part-${i}`}
                style={{ flexGrow: bytes }}
                title={`${label}, ${formatBytes(bytes)}`}
              />
            ))}
          </div>
          <table>
            <thead>
              <tr>
                <th scope="col">buffer</th>
                <th scope="col">size</th>
                <th scope="col">share</th>
              </tr>
            </thead>
            <tbody>
              {parts.map(({ label, bytes }, i) => (
                <tr key={label}>
                  <th scope="row">
                    <span class={`memory-swatch part-${i}`} /> {label}
                  </th>
                  <td>{formatBytes(bytes)}</td>
                  <td>{formatShare(bytes / total)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  );
}

/** Sizes by label, the largest first; beyond the first few added up. */
function partsOf(buffers: readonly GpuBuffer[]): Part[] {
  const sizes = new Map<string, number>();
  for (const { label, bytes } of buffers) sizes.set(label, (sizes.get(label) ?? 0) + bytes);
  const sorted = Array.from(sizes, ([label, bytes]): Part => ({ label, bytes })).toSorted((a, b) => b.bytes - a.bytes);
  const rest = sorted.slice(MOST_NAMED);
  if (rest.length < 2) return sorted;
  const bytes = rest.reduce((sum, part) => sum + part.bytes, 0);
  return [...sorted.slice(0, MOST_NAMED), { label: `${formatCount(rest.length)} smaller ones`, bytes }];
}
