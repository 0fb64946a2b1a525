// The switch between the system's theme, light and dark.

import { chooseTheme, type ThemeChoice, themeChoice } from './theme';

const CHOICES: readonly { readonly theme: ThemeChoice; readonly name: string; readonly path: string }[] = [
  { theme: 'system', name: 'As the system', path: 'M2 3h12v8H2zM6 14h4M8 11v3' },
  {
    theme: 'light',
    name: 'Light',
    path: 'M8 5a3 3 0 1 1 0 6a3 3 0 1 1 0-6M8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8 13 13M3 13l1.2-1.2M11.8 4.2 13 3',
  },
  { theme: 'dark', name: 'Dark', path: 'M13.2 9.8A5.6 5.6 0 0 1 6.2 2.8 5.6 5.6 0 1 0 13.2 9.8z' },
];

export function ThemeSwitch() {
  return (
    <div class="theme" role="group" aria-label="Theme">
      {CHOICES.map(({ theme, name, path }) => (
        <button
          key={theme}
          type="button"
          class="quiet"
          aria-label={name}
          title={name}
          aria-pressed={themeChoice.value === theme}
          onClick={() => chooseTheme(theme)}
        >
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <path d={path} fill="none" stroke="currentColor" stroke-width="1.4" stroke-linecap="round" />
          </svg>
        </button>
      ))}
    </div>
  );
}
