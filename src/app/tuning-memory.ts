// The tuning memory: what the tuner chose, kept for later visits.

import type { TuningChoices } from './protocol';
import { recall, remember } from './storage';

const NAME = 'tuning';

/** Choices that are kept, a few hundred bytes each; the oldest make room. */
const MOST_CHOICES = 200;

/**
 * Choices of this browser's version, out of the page's storage.
 *
 * Another version compiles to other code, so its choices are dropped. What else does not fit is harmless: the tuner
 * takes no choice that its key and its candidates do not name.
 */
export class TuningMemory {
  readonly #version: string;
  #choices: TuningChoices | undefined;

  constructor(version: string = navigator.userAgent) {
    this.#version = version;
  }

  get choices(): TuningChoices {
    this.#choices ??= read(recall(NAME), this.#version);
    return this.#choices;
  }

  /** Keeps a choice, as far as storage allows. */
  keep(key: string, choice: string): void {
    const { [key]: _, ...others } = this.choices;
    const entries = [...Object.entries(others), [key, choice] as const];
    this.#choices = Object.fromEntries(entries.slice(-MOST_CHOICES));
    remember(NAME, JSON.stringify({ version: this.#version, choices: this.#choices }));
  }
}

/** The choices in a stored text; none where it is of another version, or nothing that this class wrote. */
function read(text: string | undefined, version: string): TuningChoices {
  try {
    const kept: unknown = JSON.parse(text ?? '{}');
    if (typeof kept === 'object' && kept !== null && 'version' in kept && 'choices' in kept) {
      const { choices } = kept;
      if (kept.version === version && typeof choices === 'object' && choices !== null) {
        return Object.fromEntries(Object.entries(choices).filter(([, choice]) => typeof choice === 'string'));
      }
    }
  } catch {
    // Not what `keep` writes.
  }
  return {};
}
