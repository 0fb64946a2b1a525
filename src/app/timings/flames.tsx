// Flames: rows of bars over an axis of time, to zoom and to walk through by mouse, finger or keyboard.

import type { Signal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';
import { formatMicroseconds } from '../../base/units';
import { type Bar, barOf, type Direction, type FlameChart, neighbourOf } from './bars';
import {
  drawnOf,
  filledBy,
  lengthOf,
  momentsOf,
  momentText,
  moved,
  revealing,
  type TimeWindow,
  zoomed,
} from './time-window';

interface FlamesProps {
  readonly chart: FlameChart;
  /** What is in sight; undefined for all of it. */
  readonly window: Signal<TimeWindow | undefined>;
  /** Whether the pointer or the focus is on it. */
  readonly looking: Signal<boolean>;
  /** The bar whose numbers are shown. */
  readonly current: string | undefined;
  readonly onPoint: (bar: Bar) => void;
}

/** Thinner bars than this share of the width are drawn as one. */
const LEAST_WIDTH = 1 / 800;

/** Narrower bars have no room for a name, as a share of the width. */
const NAMED_WIDTH = 1 / 60;

const ZOOM = 0.5;
const MOMENTS = 6;

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
};

/** The chart: a list of options for the keyboard, of which the current bar is the one that is chosen. */
export function Flames({ chart, window, looking, current, onPoint }: FlamesProps) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const drag = useRef<{ readonly x: number; readonly window: TimeWindow } | undefined>(undefined);
  const whole: TimeWindow = chart;
  const seen = window.value ?? whole;
  const show = (next: TimeWindow) => {
    window.value = lengthOf(next) >= lengthOf(whole) ? undefined : next;
  };
  const middle = (seen.beginUs + seen.endUs) / 2;
  const zoom = (factor: number, about = middle) => show(zoomed(seen, whole, factor, about));
  const shift = (share: number) => show(moved(seen, whole, share * lengthOf(seen)));
  /** The moment below the pointer. */
  const momentAt = (x: number) => {
    const { left, width } = list.current!.getBoundingClientRect();
    return seen.beginUs + ((x - left) / width) * lengthOf(seen);
  };
  const bar = barOf(chart, current);

  const onKeyDown = (event: KeyboardEvent) => {
    const direction = DIRECTIONS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (direction && event.shiftKey && (direction === 'left' || direction === 'right')) {
      shift(direction === 'left' ? -ZOOM : ZOOM);
    } else if (direction && bar) {
      const next = neighbourOf(chart, bar, direction);
      onPoint(next);
      show(revealing(seen, whole, next));
    } else if (event.key === '+' || event.key === '=') {
      zoom(ZOOM, bar && (bar.beginUs + bar.endUs) / 2);
    } else if (event.key === '-') {
      zoom(1 / ZOOM, bar && (bar.beginUs + bar.endUs) / 2);
    } else if (event.key === 'Enter' && bar) {
      show(filledBy(bar, whole));
    } else if (event.key === '0' || event.key === 'Escape') {
      show(whole);
    } else {
      return;
    }
    event.preventDefault();
  };
  const onWheel = (event: WheelEvent) => {
    // The wheel alone scrolls the page. A pinch comes as a wheel with Control.
    if (event.ctrlKey) zoom(Math.exp(event.deltaY / 150), momentAt(event.clientX));
    else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) shift(event.deltaX / list.current!.clientWidth);
    else return;
    event.preventDefault();
  };
  const onPointerMove = (event: PointerEvent) => {
    if (!drag.current || event.buttons === 0) {
      drag.current = undefined;
      return;
    }
    const { x, window: from } = drag.current;
    const us = ((x - event.clientX) / list.current!.clientWidth) * lengthOf(from);
    if (Math.abs(event.clientX - x) > 3) list.current!.setPointerCapture(event.pointerId);
    show(moved(from, whole, us));
  };
  const place = ({ beginUs, endUs }: TimeWindow) => {
    const begin = Math.max(beginUs, seen.beginUs);
    const end = Math.min(endUs, seen.endUs);
    return {
      left: `${(100 * (begin - seen.beginUs)) / lengthOf(seen)}%`,
      width: `${(100 * Math.max(0, end - begin)) / lengthOf(seen)}%`,
    };
  };
  const idOf = (key: string) => `${id}-${key.replaceAll(' ', '-')}`;
  const full = window.value === undefined;
  return (
    <div class="flames">
      <div class="buttons" role="group" aria-label="View of the timeline">
        <ToolButton name="Earlier" sign="←" off={full || seen.beginUs <= whole.beginUs} press={() => shift(-ZOOM)} />
        <ToolButton name="Zoom out" sign="−" off={full} press={() => zoom(1 / ZOOM)} />
        <ToolButton name="Zoom in" sign="+" off={lengthOf(seen) <= 1} press={() => zoom(ZOOM)} />
        <ToolButton name="Later" sign="→" off={full || seen.endUs >= whole.endUs} press={() => shift(ZOOM)} />
        <button type="button" class="quiet" disabled={full} onClick={() => show(whole)}>
          All
        </button>
        <span class="hint">drag, Ctrl + wheel or pinch; double-click a bar; by keyboard arrows, +, −, Enter, 0</span>
      </div>
      <div class="flame-area">
        <div class="flame-names" aria-hidden="true">
          {chart.rows.map(({ name }) => (
            <span key={name}>{name}</span>
          ))}
        </div>
        <div
          class="flame-rows"
          role="listbox"
          ref={list}
          tabIndex={0}
          aria-label="Timeline; arrow keys go from bar to bar"
          {...(bar ? { 'aria-activedescendant': idOf(bar.key) } : {})}
          onKeyDown={onKeyDown}
          onWheel={onWheel}
          onFocus={() => {
            looking.value = true;
          }}
          onBlur={() => {
            looking.value = false;
          }}
          onPointerEnter={() => {
            looking.value = true;
          }}
          onPointerLeave={() => {
            looking.value = document.activeElement === list.current;
          }}
          onPointerDown={(event) => {
            drag.current = { x: event.clientX, window: seen };
          }}
          onPointerMove={onPointerMove}
        >
          {momentsOf(seen, MOMENTS).map((us) => (
            <i key={us} class="moment" style={place({ beginUs: us, endUs: us })} aria-hidden="true" />
          ))}
          {chart.rows.map(({ name, bars }) => (
            <div key={name} class="flame-row" role="group" aria-label={name}>
              {drawnOf(bars, seen, LEAST_WIDTH, current).map((each) => (
                <div
                  key={each.key}
                  id={idOf(each.key)}
                  class={`flame ${each.kind}`}
                  role="option"
                  aria-selected={each.key === current}
                  aria-label={`${each.name}, ${formatMicroseconds(lengthOf(each))}`}
                  style={place(each)}
                  onPointerEnter={() => {
                    if (!drag.current) onPoint(each);
                  }}
                  onClick={() => onPoint(each)}
                  onDblClick={() => show(filledBy(each, whole))}
                >
                  {lengthOf(each) >= NAMED_WIDTH * lengthOf(seen) && <span>{each.name}</span>}
                </div>
              ))}
            </div>
          ))}
        </div>
        <div class="flame-axis" aria-hidden="true">
          {momentsOf(seen, MOMENTS).map((us) => (
            <span key={us} style={{ left: place({ beginUs: us, endUs: us }).left }}>
              {momentText(us, seen)}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}

interface ToolButtonProps {
  readonly name: string;
  readonly sign: string;
  readonly off: boolean;
  readonly press: () => void;
}

function ToolButton({ name, sign, off, press }: ToolButtonProps) {
  return (
    <button type="button" class="quiet sign" aria-label={name} title={name} disabled={off} onClick={press}>
      {sign}
    </button>
  );
}
