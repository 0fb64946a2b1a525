// The settings of an experiment as options of the command line, made from the table of settings.

import { type Command, Option } from 'commander';
import { anyOf, choice } from '../base/parsing';
import { partNames } from '../nn/part';
import { type PresetName, presets, withPreset } from '../experiment/presets';
import { BY_NAME, readSettings, requireSettings, SETTING_NAMES, settingOf, written } from '../experiment/read';
import { GROUPS, type Setting, type Settings, type Texts } from '../experiment/setting';
import { SETTINGS } from '../experiment/settings';

/** Gives a command options for settings of those names, under the groups' headings, and `--preset`. */
export function addSettings(command: Command, names: readonly string[] = SETTING_NAMES): Command {
  command.optionsGroup(`${GROUPS[0]}:`).addOption(presetOption());
  for (const group of GROUPS) {
    const here = new Set(SETTINGS.filter((setting) => setting.group === group).map(({ name }) => name));
    command.optionsGroup(`${group}:`);
    for (const name of here) if (names.includes(name)) command.addOption(settingOption(name));
  }
  return command;
}

/** The settings that a command's options say. @throws UnderglassError `usage` */
export function settingsFrom(options: object): Settings {
  const said = new Map<string, unknown>(Object.entries(options));
  const given: Record<string, string> = {};
  for (const name of SETTING_NAMES) {
    const text = said.get(settingOption(name).attributeName());
    // A switch without a value is on.
    if (text === true) given[name] = '1';
    else if (typeof text === 'string') given[name] = text;
  }
  return requireSettings(withPreset(presetOf(said.get('preset')), given), (name) => `--${name}`);
}

function presetOf(word: unknown): PresetName {
  return typeof word === 'string' ? choice('--preset', partNames(presets))(word) : 'tutorial';
}

function presetOption(): Option {
  const text = `where the other options are silent: ${anyOf(partNames(presets))}`;
  return new Option('--preset <name>', `${text} (default: tutorial)`);
}

/** The option of a setting. */
function settingOption(name: string): Option {
  const { flags, meaning, initial } = describeOption(name);
  return new Option(flags, `${meaning} (${/: /.test(initial) ? initial : `default: ${initial}`})`);
}

/** What an option is: how it is typed, what it means with the words that it takes, and its default. */
export function describeOption(name: string): { flags: string; meaning: string; initial: string } {
  const setting = SETTINGS.find((each) => each.name === name)!;
  const isSwitch = setting.choices?.every(({ word }) => word === '0' || word === '1') ?? false;
  return {
    flags: isSwitch ? `--${name} [0|1]` : `--${name} <${setting.takes}>`,
    meaning: `${meaningOf(setting)}${isSwitch ? '' : wordsOf(setting)}`,
    initial: defaultOf(setting),
  };
}

/** Label and hint; the hint alone where the label says no more than the name. */
function meaningOf({ name, label, hint }: Setting): string {
  const lower = (text: string): string => text.replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase());
  const title = lower(label);
  const text = lower(hint.replace(/\.$/, ''));
  return title.replaceAll(' ', '-') === name ? text : `${title}: ${text}`;
}

/** The words to choose from, unless an option before it has named them. */
function wordsOf({ name, choices = [] }: Setting): string {
  if (choices.length < 2) return '';
  const words = anyOf(choices.map(({ word }) => word));
  const earlier = SETTINGS.slice(
    0,
    SETTINGS.findIndex((each) => each.name === name),
  ).find((each) => each.choices && anyOf(each.choices.map(({ word }) => word)) === words);
  return earlier ? `; a name as for --${earlier.name}` : `: ${words}`;
}

/** The default as it would be typed; where it belongs to a choice, with the parts that have it: `sgd: 0.9; rmsprop: 0`. */
function defaultOf({ name, follows }: Setting): string {
  const parts = SETTINGS.find((setting) => setting.name === follows)?.choices ?? [];
  const found = new Map<string, string[]>();
  for (const { word } of parts) {
    const text = initialText(name, { [follows!]: word });
    if (text !== undefined) found.set(text, [...(found.get(text) ?? []), word]);
  }
  if (found.size === 0) return initialText(name, {})!;
  return [...found].map(([text, words]) => `${words.join(', ')}: ${text}`).join('; ');
}

function initialText(name: string, texts: Texts): string | undefined {
  const { settings } = readSettings(texts, BY_NAME);
  return settingOf(name, settings) && written(name, settings)?.replaceAll(' ', '');
}
