// The form as the page knows it: what is written in each field, and the settings that it means.

import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { applying, SETTING_NAMES, settingOf, textsOf, written } from '../../experiment/read';
import type { Settings, Texts } from '../../experiment/setting';
import { SETTINGS } from '../../experiment/settings';
import { readOnPage } from './limits';
import type { LinkReading } from './link';

/** One field as it stands. */
export interface Draft {
  readonly text: string;
  /** What is wrong with the text; the last good value stays in force. */
  readonly problem?: string;
  /** What a link got wrong, until the field is edited. */
  readonly note?: string;
}

const EMPTY: Draft = { text: '' };

/** Holds a draft for every setting. The settings are always complete and good: each field's last good value. */
export class ModelForm {
  readonly settings: ReadonlySignal<Settings>;
  /** The fields that hold no good value now. */
  readonly faulty: ReadonlySignal<readonly string[]>;
  /** Parameters of the link that mean nothing. */
  readonly unknown: readonly string[];
  readonly #settings: Signal<Settings>;
  readonly #drafts: ReadonlyMap<string, Signal<Draft>>;
  /** Good texts of the fields that were set to something. */
  #texts: Texts;

  constructor({ settings, notes, unknown }: LinkReading) {
    this.#settings = signal(settings);
    this.settings = this.#settings;
    this.unknown = unknown;
    this.#texts = textsOf(settings);
    this.#drafts = new Map(
      SETTING_NAMES.map((name) => {
        const note = notes[name];
        return [name, signal({ text: written(name, settings) ?? '', ...(note ? { note } : {}) })];
      }),
    );
    this.faulty = computed(() =>
      applying(this.#settings.value)
        .map(({ name }) => name)
        .filter((name) => this.draft(name).problem !== undefined),
    );
  }

  /** What is written in a field. */
  draft(name: string): Draft {
    return this.#drafts.get(name)?.value ?? EMPTY;
  }

  /** Takes what was typed; the settings follow if it is good. */
  edit(name: string, text: string): void {
    const texts = { ...this.#texts, [name]: text };
    const { faults, settings } = readOnPage(texts);
    const problem = faults[name];
    if (problem !== undefined) {
      this.#write(name, { text, problem });
      return;
    }
    batch(() => {
      const isOther = settings[name] !== this.#settings.peek()[name];
      // The numbers of another optimiser or schedule begin at its own initial values.
      const left = isOther ? SETTINGS.filter(({ follows }) => follows === name).map((setting) => setting.name) : [];
      this.#texts = Object.fromEntries(Object.entries(texts).filter(([key]) => !left.includes(key)));
      this.#settings.value = readOnPage(this.#texts).settings;
      this.#write(name, { text });
      for (const { name: other } of applying(this.#settings.value)) {
        const isGiven = Object.hasOwn(this.#texts, other);
        if (left.includes(other) || (!isGiven && !this.draft(other).problem && !this.draft(other).note))
          this.#show(other);
      }
    });
  }

  /** Fills every field. */
  set(settings: Settings): void {
    batch(() => {
      this.#texts = textsOf(settings);
      this.#settings.value = settings;
      for (const name of SETTING_NAMES) this.#show(name);
    });
  }

  /** Writes a setting's value into its field. */
  #show(name: string): void {
    this.#write(name, { text: written(name, this.#settings.peek()) ?? '' });
  }

  #write(name: string, draft: Draft): void {
    const kept = this.#drafts.get(name);
    if (kept) kept.value = draft;
  }

  /** The words of a field that is chosen from a few. */
  hintOf(name: string): string {
    const setting = settingOf(name, this.settings.value);
    const choice = setting?.choices?.find(({ word }) => word === this.draft(name).text);
    return choice?.hint || setting?.hint || '';
  }
}
