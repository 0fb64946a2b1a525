// The theme: the system's unless the reader chose another, which is remembered.

import { computed, signal } from '@preact/signals';
import { recall, remember } from './storage';

export type ThemeChoice = 'system' | 'light' | 'dark';

const KEY = 'theme';
const system = matchMedia('(prefers-color-scheme: dark)');

/** What the reader chose. */
export const themeChoice = signal<ThemeChoice>('system');
const systemIsDark = signal(system.matches);

/** The theme that is shown. */
export const shownTheme = computed<'light' | 'dark'>(() =>
  themeChoice.value === 'system' ? (systemIsDark.value ? 'dark' : 'light') : themeChoice.value,
);

/** Applies what was remembered, and follows the system from now on. */
export function startTheme(): void {
  const kept = recall(KEY);
  if (kept === 'light' || kept === 'dark') {
    apply(kept);
  }
  system.addEventListener('change', () => {
    systemIsDark.value = system.matches;
  });
}

export function chooseTheme(theme: ThemeChoice): void {
  apply(theme);
  remember(KEY, theme === 'system' ? undefined : theme);
}

function apply(theme: ThemeChoice): void {
  const root = document.documentElement;
  if (theme === 'system') {
    delete root.dataset['theme'];
  } else {
    root.dataset['theme'] = theme;
  }
  themeChoice.value = theme;
}
