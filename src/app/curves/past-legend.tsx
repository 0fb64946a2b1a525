// The legend of past runs: what tells each from the present one, and its values where the reader points.

import { formatPercent } from '../../base/units';
import type { Lab } from '../lab';
import { distinction, type PastRun } from '../past-runs';
import { PAST_COLOURS } from './chart';
import { formatLoss } from './measures';
import { entryAt } from './series';

const ENDS = { diverged: 'diverged', lost: 'until the GPU was lost' } as const;

/** Nothing until there is a past run. */
export function PastLegend({ lab }: { readonly lab: Lab }) {
  const { run } = lab;
  const past = run.past.value.toReversed();
  if (past.length === 0) {
    return null;
  }
  return (
    <div class="past">
      <h3 id="past-title">Runs before, by their validation curves</h3>
      <ul aria-labelledby="past-title">
        {past.map((one, i) => (
          <PastItem key={one.number} lab={lab} past={one} colour={PAST_COLOURS[i]!} />
        ))}
      </ul>
    </div>
  );
}

interface PastItemProps {
  readonly lab: Lab;
  readonly past: PastRun;
  readonly colour: string;
}

function PastItem({ lab: { run, form, curves }, past, colour }: PastItemProps) {
  const entry = entryAt(past.history, curves.epoch.value);
  const words = [distinction(past, run.settings.value), ...(past.end ? [ENDS[past.end]] : [])].join(', ');
  return (
    <li>
      <svg class="swatch" viewBox="0 0 26 4" aria-hidden="true">
        <path d="M0 2h26" stroke={`var(${colour})`} stroke-width="2" />
      </svg>
      <button
        type="button"
        class="link"
        title="Put these settings into the form"
        onClick={() => form.set(past.settings)}
      >
        Run {past.number}
      </button>
      <span>{words}</span>
      <b>{formatLoss(entry?.valid.loss ?? Number.NaN)}</b>
      <b>{formatPercent(entry?.valid.accuracy ?? Number.NaN)}</b>
      <button
        type="button"
        class="quiet sign"
        aria-label={`Forget run ${past.number}`}
        onClick={() => run.forget(past.number)}
      >
        ×
      </button>
    </li>
  );
}
