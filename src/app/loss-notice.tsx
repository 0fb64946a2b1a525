// The notice of a device that was lost and came back.

import { formatCount } from '../base/units';
import type { TrainingRun } from './run';

/** Nothing unless the present run has survived a loss, or is about to. */
export function LossNotice({ run }: { readonly run: TrainingRun }) {
  const loss = run.loss.value;
  if (!loss || run.failure.value) {
    return null;
  }
  const epoch = formatCount(loss.epoch);
  return (
    <p class="notice" role="status">
      <strong>The GPU was lost at epoch {epoch}.</strong>{' '}
      {loss.madeGood
        ? `Training began again on a new device, from the same seed, and has come to epoch ${epoch} again.`
        : 'Its weights went with it; training begins again on a new device, from the same seed, and so comes to the same numbers. The curve until then stays to compare with.'}
    </p>
  );
}
