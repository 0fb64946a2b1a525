// Whether a panel is in sight: one that is not asks for nothing.

import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Findings } from './findings';

/** Keeps the inspection up to date while the element is in the window or near it. */
export function useInspection(element: RefObject<Element | null>, findings: Findings): void {
  useEffect(() => {
    const watched = element.current;
    if (!watched) return undefined;
    let release: (() => void) | undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        const seen = entries.at(-1)?.isIntersecting ?? false;
        if (seen) release ??= findings.watch();
        else {
          release?.();
          release = undefined;
        }
      },
      { rootMargin: '200px' },
    );
    observer.observe(watched);
    return () => {
      observer.disconnect();
      release?.();
    };
  }, [element, findings]);
}
