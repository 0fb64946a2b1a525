// The settings that optimisers and schedules bring: one for each number that their rules take, made from the tables of src/nn.

import { number, wholeNumber } from '../base/parsing';
import { optimisers, schedules, TUTORIAL_MOMENTUM } from '../index';
import type { NumberSetting, NumberSettings } from '../nn/number-setting';
import { partNames } from '../nn/part';
import type { Choice, Group, Owner, Setting } from './setting';

/** The tutorial's number where a rule starts from another. */
const TUTORIAL_NUMBERS: Readonly<Record<string, number>> = { 'sgd momentum': TUTORIAL_MOMENTUM };

/** The tutorial's symbols. */
const SYMBOLS: Readonly<Record<string, string>> = { momentum: 'μ' };

/** A number that is 0 or 1. */
const SWITCH: readonly Choice[] = [
  { word: '0', label: 'off', hint: '' },
  { word: '1', label: 'on', hint: '' },
];

/** The settings of every optimiser. */
export function optimiserSettings(taken: ReadonlySet<string>): Setting<number>[] {
  return partNames(optimisers).flatMap((part) =>
    settingsOf({ kind: 'optimiser', part }, optimisers[part].settings, 'Optimiser', taken),
  );
}

/** The settings of every schedule. */
export function scheduleSettings(taken: ReadonlySet<string>): Setting<number>[] {
  return partNames(schedules).flatMap((part) =>
    settingsOf({ kind: 'schedule', part }, schedules[part].settings, 'Schedule', taken),
  );
}

function settingsOf(
  { kind, part }: Omit<Owner, 'key'>,
  settings: NumberSettings,
  group: Group,
  taken: ReadonlySet<string>,
): Setting<number>[] {
  return Object.entries(settings).map(([key, rule]) => {
    const own = hyphenated(key);
    const initial = TUTORIAL_NUMBERS[`${part} ${key}`] ?? rule.initial;
    return {
      // Where an experiment has a setting of that name, the kind tells them apart: `schedule-every`.
      name: taken.has(own) ? `${kind}-${own}` : own,
      label: SYMBOLS[key] ? `${rule.label} ${SYMBOLS[key]}` : rule.label,
      hint: rule.hint,
      group,
      takes: 'number',
      initial: () => initial,
      parse: (text, subject) => parserOf(subject, rule, initial)(text),
      format: String,
      when: (given) => given[kind] === part,
      follows: kind,
      owner: { kind, part, key },
      ...(isSwitch(rule) ? { choices: SWITCH } : {}),
    };
  });
}

function parserOf(subject: string, rule: NumberSetting, example: number) {
  return rule.whole ? wholeNumber(subject, rule.min, rule.max) : number(subject, rule, example);
}

function isSwitch({ whole, min, max }: NumberSetting): boolean {
  return whole === true && min === 0 && max === 1;
}

/** `weight-decay` for `weightDecay`. */
function hyphenated(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
