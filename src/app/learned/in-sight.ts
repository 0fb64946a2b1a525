// Whether a panel is in sight: one that is not asks for nothing.

import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

/** What somebody has to look at to be kept up to date. */
interface Watched {
  /** Keeps it up to date until the returned function is called. */
  watch(): () => void;
}

/** Keeps something up to date while the element is in the window or near it. */
export function useWhileInSight(element: RefObject<Element | null>, watched: Watched): void {
  useEffect(() => {
    const seen = element.current;
    if (!seen) return undefined;
    let release: (() => void) | undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        const visible = entries.at(-1)?.isIntersecting ?? false;
        if (visible) release ??= watched.watch();
        else {
          release?.();
          release = undefined;
        }
      },
      { rootMargin: '200px' },
    );
    observer.observe(seen);
    return () => {
      observer.disconnect();
      release?.();
    };
  }, [element, watched]);
}
