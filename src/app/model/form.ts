// The form as the page knows it: what is written in each field, and the settings that it means.

import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { LinkReading } from './link';
import { type FieldName, FIELD_NAMES, FIELDS, forFields, type Settings, written } from './settings';

/** One field as it stands. */
export interface Draft {
  readonly text: string;
  /** What is wrong with the text; the last good value stays in force. */
  readonly problem?: string;
  /** What a link got wrong, until the field is edited. */
  readonly note?: string;
}

/** Holds a draft for every field. The settings are always complete and good: each field's last good value. */
export class ModelForm {
  readonly settings: ReadonlySignal<Settings>;
  readonly drafts: Readonly<Record<FieldName, Signal<Draft>>>;
  /** The fields that hold no good value now. */
  readonly faulty: ReadonlySignal<readonly FieldName[]>;
  /** Parameters of the link that mean nothing. */
  readonly unknown: readonly string[];
  readonly #settings: Signal<Settings>;

  constructor({ settings, notes, unknown }: LinkReading) {
    this.#settings = signal(settings);
    this.settings = this.#settings;
    this.unknown = unknown;
    const draft = (name: FieldName): Signal<Draft> => {
      const note = notes[name];
      return signal({ text: written(name, settings), ...(note ? { note } : {}) });
    };
    this.drafts = forFields<Record<FieldName, Signal<Draft>>>(draft);
    this.faulty = computed(() => FIELD_NAMES.filter((name) => this.drafts[name].value.problem !== undefined));
  }

  /** Takes what was typed; the settings follow if it is good. */
  edit(name: FieldName, text: string): void {
    const parsed = FIELDS[name].parse(text);
    if ('problem' in parsed) {
      this.drafts[name].value = { text, problem: parsed.problem };
      return;
    }
    this.drafts[name].value = { text };
    this.#settings.value = { ...this.#settings.value, [name]: parsed.value };
  }

  /** Fills every field. */
  set(settings: Settings): void {
    batch(() => {
      for (const name of FIELD_NAMES) {
        this.drafts[name].value = { text: written(name, settings) };
      }
      this.#settings.value = settings;
    });
  }
}
