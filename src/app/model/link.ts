// Links: settings as a query string. A field that the tutorial shares is left out, so the tutorial's link is the bare page.

import { quote } from './parse';
import {
  differences,
  type FieldName,
  FIELD_NAMES,
  FIELDS,
  forFields,
  type Settings,
  TUTORIAL,
  written,
} from './settings';

/** What a query string means. */
export interface LinkReading {
  /** Complete: where the link is silent or makes no sense, the tutorial's value. */
  readonly settings: Settings;
  /** For each field that the link gets wrong, a sentence that says so and what is used instead. */
  readonly notes: Readonly<Partial<Record<FieldName, string>>>;
  /** Parameters that mean nothing here, as they may be shown. */
  readonly unknown: readonly string[];
}

/** Unknown parameters that are named; a hostile link can hold thousands. */
const MOST_NAMED = 3;

/** Reads a query string, such as `?layers=100&lr=0.1`. Never throws. */
export function readLink(query: string): LinkReading {
  const parameters = new URLSearchParams(query);
  const notes: Partial<Record<FieldName, string>> = {};
  const settings = forFields<Settings>((name) => {
    const text = parameters.get(FIELDS[name].parameter);
    const parsed = text === null ? undefined : FIELDS[name].parse(text);
    if (parsed && 'problem' in parsed) {
      notes[name] = `In the link: ${parsed.problem} This page takes ${written(name, TUTORIAL)}.`;
    }
    return parsed && 'value' in parsed ? parsed.value : TUTORIAL[name];
  });
  const known = new Set(FIELD_NAMES.map((name) => FIELDS[name].parameter));
  const unknown = [...new Set(parameters.keys())].filter((key) => !known.has(key));
  return {
    settings,
    notes,
    unknown: unknown
      .slice(0, MOST_NAMED)
      .map(quote)
      .concat(unknown.length > MOST_NAMED ? ['others'] : []),
  };
}

/** The query string that means these settings, with its question mark; empty for the tutorial's. */
export function writeLink(settings: Settings): string {
  const pairs = differences(settings, TUTORIAL).map((name) => {
    const text = written(name, settings).replaceAll(' ', '');
    // A comma may stand in a query as it is, and reads better so.
    return `${FIELDS[name].parameter}=${encodeURIComponent(text).replaceAll('%2C', ',')}`;
  });
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}
