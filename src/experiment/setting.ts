// One setting of an experiment, and the settings together as plain data.
//
// A setting has one name everywhere: `--weight-decay` on the command line, `?weight-decay=0.1` in a link, a field of the page, an axis of a sweep.

import type { Activation, BatchSize, InitialiserName, OptimiserName, ProgramName, ScheduleName } from '../index';
import type { DataName } from './data-sets';
import type { HiddenLayer } from './layers';

/** A value of a setting. */
export type SettingValue = string | number | readonly HiddenLayer[];

/**
 * Everything that a training depends on: the same settings on the same adapter give the same bits.
 *
 * Beside these it has what the optimiser and the schedule take, each under its setting's name, such as `momentum` with sgd.
 */
export interface Settings extends Readonly<Record<string, SettingValue | undefined>> {
  readonly data: DataName;
  readonly layers: readonly HiddenLayer[];
  /** Of the hidden layers that name none; undefined where all do. */
  readonly activation: Activation | undefined;
  readonly output: Activation;
  readonly weights: InitialiserName | 'auto';
  readonly optimiser: OptimiserName;
  readonly lr: number;
  readonly l2: number;
  readonly schedule: ScheduleName;
  readonly batch: BatchSize;
  readonly epochs: number;
  /** Evaluations without a gain after which training stops early. */
  readonly patience: number | 'none';
  readonly seed: number;
  readonly program: ProgramName;
}

/** Settings as a person or a link gives them: texts by the settings' names, as many as are given. */
export type Texts = Readonly<Record<string, string | undefined>>;

/** Where a setting stands on the page and in the command line's help. */
export const GROUPS = ['Network', 'Optimiser', 'Schedule', 'Training', 'Running'] as const;

export type Group = (typeof GROUPS)[number];

/** A word that a setting can be, and what it means. */
export interface Choice {
  readonly word: string;
  /** For people: `Adam`. */
  readonly label: string;
  /** In one short sentence; empty where the word says it. */
  readonly hint: string;
}

/** The part that a setting is one of. */
export interface Owner {
  readonly kind: 'optimiser' | 'schedule';
  readonly part: string;
  /** The name that the part's rule knows it by: `weightDecay`. */
  readonly key: string;
}

/**
 * One setting.
 *
 * Two may share a name if they never apply at once, such as the momentum of sgd and that of rmsprop.
 */
export interface Setting<T extends SettingValue = SettingValue> {
  /** Lower case, with hyphens. */
  readonly name: string;
  /** For people, with the tutorial's symbol: `Learning rate α`. */
  readonly label: string;
  /** What it is, in one short sentence. */
  readonly hint: string;
  readonly group: Group;
  /** What its value is, in one word: `rate`. */
  readonly takes: string;
  /** Its value where none is given; may look at the settings before it in the table. */
  initial(settings: Settings): T;
  /**
   * @param subject what the error's sentence calls it: `--lr`
   * @param settings those before it in the table
   * @throws UnderglassError `usage`, in one sentence
   */
  parse(text: string, subject: string, settings: Settings): T;
  format(value: T): string;
  /** Whether it means something; always, unless told. May look at the settings before it in the table. */
  when?(settings: Settings): boolean;
  /** What it is for, where it does not always apply; an owner tells that by itself. */
  readonly scope?: string;
  /** The setting whose choice it belongs to: another choice there brings this one's initial value back. */
  readonly follows?: Owner['kind'];
  /** Whose own it is; undefined for those that every experiment knows. */
  readonly owner?: Owner;
  /** The words that it can be; undefined for free text. */
  readonly choices?: readonly Choice[];
  /** Texts to pick from, where any other may be typed too. */
  readonly suggestions?: readonly string[];
}
