// The address: always a link to what the form says.

import { effect } from '@preact/signals';
import type { ModelForm } from './model/form';
import { writeLink } from './model/link';

/** Browsers refuse addresses that change too often, in ms. */
const DELAY = 250;

/** Keeps the address in step with the form's settings from now on; steps back lead out of the page, not through edits. */
export function keepAddress(form: ModelForm): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  effect(() => {
    const query = writeLink(form.settings.value);
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (location.search !== query) {
        history.replaceState(null, '', `${location.pathname}${query}${location.hash}`);
      }
    }, DELAY);
  });
}
