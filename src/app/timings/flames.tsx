// Flames: rows of bars over an axis of time, to zoom and to walk through by mouse, finger or keyboard.

import type { Signal } from '@preact/signals';
import { useId, useMemo, useRef } from 'preact/hooks';
import { type Bar, barAt, barOf, type Direction, type FlameChart, neighbourOf } from './bars';
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
import { lengthText } from './words';

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
const LEAST_WIDTH = 1 / 400;

/** Pixels that the pointer may miss a bar by. */
const REACH = 4;

/** Narrower bars have no room for a name, as a share of the width. */
const NAMED_WIDTH = 1 / 24;

const ZOOM = 0.5;
const MOMENTS = 6;

/** Share of the axis at its end where a moment's text no longer fits to the right of its line. */
const LATE = 0.1;

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'first',
  End: 'last',
};

/**
 * The chart.
 *
 * To the keyboard and to those who do not see it, it is a list of options, of which only the current one exists as such: thousands of them, in every row
 * and at every zoom, would keep the page from answering.
 */
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
  /** The moment below the pointer, and the bar there. */
  const momentAt = (x: number) => {
    const { left, width } = list.current!.getBoundingClientRect();
    return seen.beginUs + ((x - left) / width) * lengthOf(seen);
  };
  const barBelow = ({ clientX, clientY }: MouseEvent) => {
    const { top, height, width } = list.current!.getBoundingClientRect();
    const row = Math.floor(((clientY - top) / height) * chart.rows.length);
    return barAt(chart, row, momentAt(clientX), (REACH / width) * lengthOf(seen));
  };
  const point = (event: MouseEvent) => {
    const found = barBelow(event);
    if (found && found.key !== current) onPoint(found);
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
      point(event);
      return;
    }
    const { x, window: from } = drag.current;
    const us = ((x - event.clientX) / list.current!.clientWidth) * lengthOf(from);
    if (Math.abs(event.clientX - x) > REACH) list.current!.setPointerCapture(event.pointerId);
    show(moved(from, whole, us));
  };
  const rows = useMemo(() => <Rows chart={chart} seen={seen} />, [chart, seen.beginUs, seen.endUs]);
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
          onClick={point}
          onDblClick={(event) => {
            const found = barBelow(event);
            if (found) show(filledBy(found, whole));
          }}
        >
          {rows}
          {bar && <CurrentBar id={idOf(bar.key)} chart={chart} bar={bar} seen={seen} />}
        </div>
        <div class="flame-axis" aria-hidden="true">
          {momentsOf(seen, MOMENTS).map((us) => (
            <span
              key={us}
              class={us > seen.endUs - LATE * (seen.endUs - seen.beginUs) ? 'late' : undefined}
              style={{ left: placeOf({ beginUs: us, endUs: us }, seen).left }}
            >
              {momentText(us, seen)}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}

/** Lines at round moments, and the bars that are long enough to be seen. */
function Rows({ chart, seen }: { readonly chart: FlameChart; readonly seen: TimeWindow }) {
  return (
    <>
      {momentsOf(seen, MOMENTS).map((us) => (
        <i key={us} class="moment" style={placeOf({ beginUs: us, endUs: us }, seen)} aria-hidden="true" />
      ))}
      {chart.rows.map(({ name, bars }) => (
        <div key={name} class="flame-row" aria-hidden="true">
          {drawnOf(bars, seen, LEAST_WIDTH).map((bar) => (
            <div key={bar.key} class={`flame ${bar.kind}`} style={placeOf(bar, seen)}>
              {lengthOf(bar) >= NAMED_WIDTH * lengthOf(seen) && <span>{bar.name}</span>}
            </div>
          ))}
        </div>
      ))}
    </>
  );
}

interface CurrentBarProps {
  readonly id: string;
  readonly chart: FlameChart;
  readonly bar: Bar;
  readonly seen: TimeWindow;
}

/** The outline of the current bar, and its place in the list. */
function CurrentBar({ id, chart, bar, seen }: CurrentBarProps) {
  const { name, bars } = chart.rows[bar.row]!;
  const inSight = bar.endUs >= seen.beginUs && bar.beginUs <= seen.endUs;
  return (
    <div
      key={id}
      id={id}
      class="flame-current"
      role="option"
      aria-selected="true"
      aria-label={`${bar.name}, ${lengthText(lengthOf(bar))}, ${name}`}
      aria-setsize={bars.length}
      aria-posinset={bars.indexOf(bar) + 1}
      hidden={!inSight}
      style={{
        ...placeOf(bar, seen),
        top: `${(100 * bar.row) / chart.rows.length}%`,
        height: `${100 / chart.rows.length}%`,
      }}
    />
  );
}

/** Where the part of a bar that is in sight lies. */
function placeOf({ beginUs, endUs }: TimeWindow, seen: TimeWindow): { readonly left: string; readonly width: string } {
  const begin = Math.max(beginUs, seen.beginUs);
  const end = Math.min(endUs, seen.endUs);
  return {
    left: `${(100 * (begin - seen.beginUs)) / lengthOf(seen)}%`,
    width: `${(100 * Math.max(0, end - begin)) / lengthOf(seen)}%`,
  };
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
