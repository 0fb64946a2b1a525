// Links: settings as a query string. What the tutorial shares is left out, so the tutorial's link is the bare page.

import { quote } from '../../base/parsing';
import { SETTING_NAMES, textsOf, written } from '../../experiment/read';
import type { Settings } from '../../experiment/setting';
import { readOnPage } from './limits';

/** What a query string means. */
export interface LinkReading {
  /** Complete: where the link is silent or makes no sense, the initial value. */
  readonly settings: Settings;
  /** For each setting that the link gets wrong, a sentence that says so and what is used instead. */
  readonly notes: Readonly<Record<string, string>>;
  /** Parameters that mean nothing here, as they may be shown. */
  readonly unknown: readonly string[];
}

/** Unknown parameters that are named; a hostile link can hold thousands. */
const MOST_NAMED = 3;

/** Reads a query string, such as `?layers=100&lr=0.1`. Never throws. */
export function readLink(query: string): LinkReading {
  const parameters = new URLSearchParams(query);
  const given = SETTING_NAMES.flatMap((name) => {
    const text = parameters.get(name);
    return text === null ? [] : [[name, text] as const];
  });
  const { settings, faults, idle } = readOnPage(Object.fromEntries(given), ({ name }) => name);
  const notes = Object.entries(faults).map(([name, fault]) => {
    return [name, `In the link: ${fault} This page takes ${written(name, settings)}.`] as const;
  });
  const unknown = [...new Set(parameters.keys())].filter((key) => idle.includes(key) || !SETTING_NAMES.includes(key));
  return {
    settings,
    notes: Object.fromEntries(notes),
    unknown: unknown
      .slice(0, MOST_NAMED)
      .map(quote)
      .concat(unknown.length > MOST_NAMED ? ['others'] : []),
  };
}

/** The query string that means these settings, with its question mark; empty for the tutorial's. */
export function writeLink(settings: Settings): string {
  const pairs = Object.entries(textsOf(settings)).map(([name, text = '']) => {
    // Commas and colons may stand in a query as they are, and read better so.
    const value = encodeURIComponent(text.replaceAll(' ', '')).replaceAll('%2C', ',').replaceAll('%3A', ':');
    return `${name}=${value}`;
  });
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}
