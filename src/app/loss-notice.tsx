// The notice of a device that was lost and came back.

import { formatPlace, type Position } from './position';
import type { Loss, TrainingRun } from './run';

/** Nothing unless the present run has survived a loss, or is about to. */
export function LossNotice({ run }: { readonly run: TrainingRun }) {
  const loss = run.loss.value;
  if (!loss || run.failure.value) {
    return null;
  }
  return (
    <p class="notice" role="status">
      <strong>The GPU was lost at {formatPlace(loss.at)}.</strong>{' '}
      {loss.from ? wentOn(loss.from, loss) : beganAgain(loss)}
    </p>
  );
}

function wentOn(from: Position, { madeGood }: Loss): string {
  const place = `on a new device, from ${formatPlace(from)}, where its state was last kept`;
  return madeGood ? `Training went on ${place}, to the same numbers.` : `Training goes on ${place}.`;
}

function beganAgain({ at, madeGood }: Loss): string {
  return madeGood
    ? `Training began again on a new device, from the same seed, and has come to ${formatPlace(at)} again.`
    : 'No state had been kept yet; training begins again on a new device, from the same seed, and so comes to the same numbers. The curve until then stays to compare with.';
}
