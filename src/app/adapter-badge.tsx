// The badge that names the adapter, and says so plainly where it is no GPU.

import type { AdapterInfo } from './protocol';
import type { TrainingRun } from './run';

/** Which adapter trains. */
export function AdapterBadge({ run }: { readonly run: TrainingRun }) {
  const adapter = run.adapter.value;
  if (!adapter) {
    return run.failure.value ? null : <p class="adapter">looking for a GPU …</p>;
  }
  return (
    <div class="adapter">
      <p>
        <span class="adapter-name">{adapterName(adapter)}</span>
        {adapter.software && <strong class="badge">software adapter – no GPU used</strong>}
      </p>
      {adapter.software && (
        <details>
          <summary>Why, and what to do</summary>
          <p>
            The browser computes on the processor instead: the results are right, the times are not those of a GPU. If
            this machine has one, turn on “Use graphics acceleration when available” in the browser’s settings, update
            the graphics driver, and see what <code>chrome://gpu</code> says about WebGPU.
          </p>
        </details>
      )}
    </div>
  );
}

/** The most telling name that the adapter gives of itself; browsers tell little unless asked by a developer. */
export function adapterName({
  vendor,
  architecture,
  description,
}: Omit<AdapterInfo, 'timestamps' | 'software'>): string {
  return description || [vendor, architecture].filter(Boolean).join(' ') || 'an adapter without a name';
}
