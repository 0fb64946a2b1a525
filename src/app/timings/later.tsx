// Later: content that is made in a task of its own, so that a panel of many parts does not hold the page up when it opens.

import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';

/** Shows its content from the next task on. */
export function Later({ children }: { readonly children: ComponentChildren }) {
  const due = useSignal(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      due.value = true;
    });
    return () => clearTimeout(timer);
  }, [due]);
  return due.value ? <>{children}</> : null;
}
