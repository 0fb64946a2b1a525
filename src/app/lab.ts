// The lab: what every part of the page shares.

import { signal } from '@preact/signals';
import { CurvesView } from './curves/view';
import { ModelForm } from './model/form';
import { readOnPage } from './model/limits';
import { readLink } from './model/link';
import type { Settings, Texts } from '../experiment/setting';
import { TrainingRun } from './run';

/** One run, the form that makes the next, and how the curves are looked at. */
export class Lab {
  readonly run = new TrainingRun();
  readonly form: ModelForm;
  readonly curves = new CurvesView();
  /** The operation whose shader is looked at, by its label; undefined for the first. */
  readonly shader = signal<string | undefined>(undefined);

  /** A lab whose form says what the query string of a link says. */
  constructor(query: string) {
    this.form = new ModelForm(readLink(query));
  }

  /** Trains what the form says; where a field holds no good value, goes to that field instead. */
  restart(): void {
    const [faulty] = this.form.faulty.peek();
    if (faulty) {
      document.querySelector<HTMLElement>(`#field-${faulty}`)?.focus();
    } else {
      this.#start(this.form.settings.peek());
    }
  }

  /** Fills the form and trains that. */
  train(settings: Settings): void {
    this.form.set(settings);
    this.#start(settings);
  }

  /** Fills the form with settings as texts, on the data and by the program of the run, and trains that. */
  trainTexts(texts: Texts): void {
    const { data, program } = this.run.settings.peek();
    this.train(readOnPage({ ...texts, data, program }).settings);
  }

  #start(settings: Settings): void {
    this.curves.zoom(undefined);
    this.run.start(settings);
  }
}
