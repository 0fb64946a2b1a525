// Texts to settings and back: the one reader of links, of the page's form and of the command line.

import { UnderglassError } from '../base/errors';
import { anyOf } from '../base/parsing';
import type { Setting, Settings, SettingValue, Texts } from './setting';
import { SETTINGS } from './settings';

/** What texts mean. */
export interface Reading {
  /** Complete: where nothing good is given, the initial value. */
  readonly settings: Settings;
  /** For each setting whose text makes no sense, one sentence. */
  readonly faults: Readonly<Record<string, string>>;
  /** Settings that are given but mean nothing beside the others, such as the momentum of adam. */
  readonly idle: readonly string[];
}

/** How a place reads settings. */
export interface Reader {
  /** What an error's sentence calls a setting. */
  readonly subject: (setting: Setting) => string;
  /** What is wrong with a value here that is right elsewhere, in one sentence. @param settings those before it */
  readonly limit?: (name: string, value: SettingValue, settings: Settings) => string | undefined;
}

/** Calls settings by their names, as a link does. */
export const BY_NAME: Reader = { subject: ({ name }) => name };

/** Reads texts, by the names of settings; others are left alone. Never throws. */
export function readSettings(texts: Texts, { subject, limit }: Reader): Reading {
  // Grows as it is read; a setting looks only at those before it.
  const settings: Settings = Object.create(null);
  const faults: Record<string, string> = {};
  const set = (name: string, value: SettingValue) => Object.assign(settings, { [name]: value });
  for (const setting of SETTINGS) {
    if (setting.when && !setting.when(settings)) continue;
    const { name } = setting;
    const text = textOf(texts, name);
    set(name, setting.initial(settings));
    if (text === undefined) continue;
    try {
      const value = setting.parse(text, subject(setting), settings);
      const fault = limit?.(name, value, settings);
      if (fault === undefined) set(name, value);
      else faults[name] = fault;
    } catch (error) {
      if (!(error instanceof UnderglassError)) throw error;
      faults[name] = error.message;
    }
  }
  const idle = SETTING_NAMES.filter((name) => textOf(texts, name) !== undefined && settings[name] === undefined);
  return { settings: { ...settings }, faults, idle };
}

/**
 * Settings out of texts that must all make sense.
 *
 * @throws UnderglassError `usage`
 */
export function requireSettings(texts: Texts, subject: (name: string) => string): Settings {
  const { settings, faults, idle } = readSettings(texts, { subject: ({ name }) => subject(name) });
  const [fault] = Object.values(faults);
  if (fault !== undefined) throw new UnderglassError('usage', fault);
  const [name] = idle;
  if (name !== undefined) throw new UnderglassError('usage', describeIdle(name, subject(name)));
  return settings;
}

function describeIdle(name: string, subject: string): string {
  const all = SETTINGS.filter((setting) => setting.name === name);
  const parts = all.flatMap(({ owner }) => owner?.part ?? []);
  const scope = parts.length > 0 ? `${all[0]!.owner!.kind} ${anyOf(parts)}` : all[0]!.scope;
  return `${subject} has no effect here: it is for ${scope}; leave it out.`;
}

/** Every name that a setting has, once each. */
export const SETTING_NAMES: readonly string[] = [...new Set(SETTINGS.map(({ name }) => name))];

/** The settings that mean something beside each other. */
export function applying(settings: Settings): Setting[] {
  return SETTINGS.filter((setting) => setting.when?.(settings) ?? true);
}

/** The setting of that name that means something beside the others. */
export function settingOf(name: string, settings: Settings): Setting | undefined {
  return applying(settings).find((setting) => setting.name === name);
}

/** A value as text; undefined where the setting means nothing. */
export function written(name: string, settings: Settings): string | undefined {
  const value = settings[name];
  return value === undefined ? undefined : settingOf(name, settings)?.format(value);
}

/** The settings in which two experiments differ, by name. */
export function differences(one: Settings, other: Settings): string[] {
  return SETTING_NAMES.filter((name) => written(name, one) !== written(name, other));
}

/** The texts that {@link readSettings} needs to give these settings: those that differ from their initial values. */
export function textsOf(settings: Settings): Texts {
  const given = applying(settings).flatMap((setting) => {
    const text = written(setting.name, settings)!;
    return text === setting.format(setting.initial(settings)) ? [] : [[setting.name, text] as const];
  });
  return Object.fromEntries(given);
}

/** The tutorial's experiment: what holds where nothing is given. */
export const TUTORIAL: Settings = readSettings({}, BY_NAME).settings;

/** A text by its name; a name that a person gave may be one of `Object`'s own. */
function textOf(texts: Texts, name: string): string | undefined {
  return Object.hasOwn(texts, name) ? texts[name] : undefined;
}
