// The announcer: what a screen reader says of the run, at its turning points only.

import { formatPercent } from '../base/units';
import { formatPlace } from './position';
import type { TrainingRun } from './run';

/** A live region that speaks at each quarter of the run, and when it stops or goes on; a failure speaks for itself. */
export function Announcer({ run }: { readonly run: TrainingRun }) {
  return (
    <p role="status" class="unseen">
      {announcement(run)}
    </p>
  );
}

function announcement({ stage, progress, settings, history }: TrainingRun): string {
  switch (stage.value) {
    case 'opening':
      return 'Opening the GPU.';
    case 'running': {
      const quarter = Math.floor((4 * progress.value.position.epoch) / settings.value.epochs);
      return quarter === 0 ? 'Training.' : `Training, ${quarter * 25} percent done.`;
    }
    case 'paused':
      return `Paused at ${formatPlace(progress.value.position)}.`;
    case 'finished': {
      const last = history.value.at(-1);
      return last ? `Finished. Test accuracy ${formatPercent(last.test.accuracy)}.` : 'Finished.';
    }
    default:
      return '';
  }
}
