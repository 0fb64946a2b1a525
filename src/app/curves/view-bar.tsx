// The bar above the curves: the epoch that is read, what part of the run is shown, and on which scale.

import { formatCount } from '../../base/units';
import type { Lab } from '../lab';

/** Buttons for what the mouse does by dragging, and a slider for what it does by pointing. */
export function ViewBar({ lab: { run, curves } }: { readonly lab: Lab }) {
  const epochs = run.settings.value.epochs;
  const { from, to } = curves.range.value ?? { from: 0, to: epochs };
  const last = run.history.value.at(-1)?.epoch ?? 0;
  const zoomed = curves.range.value !== undefined;
  return (
    <div class="view-bar" role="group" aria-label="View of the curves">
      <label class="reader">
        <span>Read at</span>
        <input
          type="range"
          min={Math.max(0, Math.ceil(from))}
          max={Math.max(1, Math.min(Math.floor(to), last))}
          step="1"
          value={curves.epoch.value ?? last}
          aria-valuetext={`epoch ${formatCount(curves.epoch.value ?? last)}`}
          onInput={(event) => {
            curves.epoch.value = event.currentTarget.valueAsNumber;
          }}
          onBlur={() => {
            curves.epoch.value = undefined;
          }}
        />
      </label>
      <div class="buttons">
        <ViewButton name="Earlier" sign="←" off={!zoomed || from <= 0} press={() => curves.shift(-0.5, epochs)} />
        <ViewButton name="Zoom out" sign="−" off={!zoomed} press={() => curves.scale(2, epochs)} />
        <ViewButton name="Zoom in" sign="+" off={to - from <= 4} press={() => curves.scale(0.5, epochs)} />
        <ViewButton name="Later" sign="→" off={!zoomed || to >= epochs} press={() => curves.shift(0.5, epochs)} />
        <button type="button" class="quiet" disabled={!zoomed} onClick={() => curves.zoom(undefined)}>
          All epochs
        </button>
        <button
          type="button"
          class="quiet"
          aria-pressed={curves.logarithmic.value}
          onClick={() => {
            curves.logarithmic.value = !curves.logarithmic.value;
          }}
        >
          Log loss
        </button>
      </div>
    </div>
  );
}

interface ViewButtonProps {
  readonly name: string;
  readonly sign: string;
  readonly off: boolean;
  readonly press: () => void;
}

function ViewButton({ name, sign, off, press }: ViewButtonProps) {
  return (
    <button type="button" class="quiet sign" aria-label={name} title={name} disabled={off} onClick={press}>
      {sign}
    </button>
  );
}
