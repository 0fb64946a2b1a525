// The tabs: one panel at a time, named by the address's fragment.

import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { Lab } from './lab';
import { PANELS } from './panels';

/** Tabs and the open panel. Arrow keys go from tab to tab. */
export function Tabs({ lab }: { readonly lab: Lab }) {
  const open = useSignal(panelOf(location.hash));
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const follow = () => {
      open.value = panelOf(location.hash);
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);

  // Narrow windows show a part of the list only: the one with the open tab.
  const shown = open.value;
  useLayoutEffect(() => {
    const { current: strip } = list;
    const tab = strip?.querySelectorAll<HTMLElement>('[role=tab]')[shown];
    if (strip && tab) {
      strip.scrollLeft = tab.offsetLeft - strip.offsetLeft - (strip.clientWidth - tab.offsetWidth) / 2;
    }
  }, [shown]);

  const show = (index: number) => {
    open.value = (index + PANELS.length) % PANELS.length;
    // Replaced, not pushed: the way back leads out of the page, not through its tabs.
    history.replaceState(null, '', `${location.search}#${PANELS[open.value]!.id}`);
  };
  const move = (event: KeyboardEvent) => {
    const target = { ArrowRight: open.value + 1, ArrowLeft: open.value - 1, Home: 0, End: PANELS.length - 1 }[
      event.key
    ];
    if (target !== undefined) {
      event.preventDefault();
      show(target);
      list.current?.querySelectorAll<HTMLElement>('[role=tab]')[open.value]?.focus();
    }
  };

  const { id, View } = PANELS[open.value]!;
  return (
    <div class="tabs">
      <div role="tablist" aria-label="Panels" ref={list} onKeyDown={move}>
        {PANELS.map((panel, i) => (
          <button
            key={panel.id}
            type="button"
            role="tab"
            id={`tab-${panel.id}`}
            aria-selected={i === open.value}
            aria-controls="panel"
            tabIndex={i === open.value ? 0 : -1}
            onClick={() => show(i)}
          >
            {panel.title}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="panel" class="findings" aria-labelledby={`tab-${id}`} tabIndex={0}>
        <View key={id} lab={lab} />
      </div>
    </div>
  );
}

/** The place of the panel that a fragment names; the first for any other. */
function panelOf(fragment: string): number {
  return Math.max(
    0,
    PANELS.findIndex(({ id }) => `#${id}` === fragment),
  );
}
