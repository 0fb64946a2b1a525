// The form of a sweep: its lists, checked as one types, and how many networks they make.

import { useComputed } from '@preact/signals';
import { formatCount } from '../../base/units';
import { ACTIVATIONS } from '../../index';
import type { Findings } from './findings';
import { checkSweep, type SweepField } from './sweep-form';
import { isUnderWay } from './sweep-state';

interface Field {
  readonly key: SweepField;
  readonly name: string;
  readonly help: string;
  /** The words to choose from, where it is no free text. */
  readonly words?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { key: 'l2', name: 'λ', help: 'L2 penalty on the weights' },
  { key: 'layers', name: 'Layers', help: 'hidden widths, | between networks' },
  { key: 'lr', name: 'Learning rate', help: 'size of a step' },
  { key: 'momentum', name: 'Momentum', help: 'share of the last change kept' },
  { key: 'seeds', name: 'Seeds', help: 'first weights of each network' },
  { key: 'output', name: 'Output', help: 'last layer’s activation', words: ACTIVATIONS },
  { key: 'batch', name: 'Batch', help: 'rows a step, or full' },
  { key: 'epochs', name: 'Epochs', help: 'of each network' },
];

interface SweepFormProps {
  readonly findings: Findings;
  readonly trainRows: number | undefined;
  /** Whether there is a worker to run it. */
  readonly isReady: boolean;
}

/** Eight fields and a button that starts or stops. */
export function SweepForm({ findings, trainRows, isReady }: SweepFormProps) {
  const fields = findings.sweepFields;
  const checked = useComputed(() => checkSweep(fields.value, trainRows)).value;
  const isBusy = findings.sweep.value !== undefined && isUnderWay(findings.sweep.value);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (isBusy) findings.stopSweep();
    else if (checked.plan) findings.startSweep(checked.plan, checked.networks);
  };
  return (
    <form class="sweep-form" onSubmit={submit} noValidate>
      <div class="sweep-fields">
        {FIELDS.map((field) => (
          <SweepInput
            key={field.key}
            field={field}
            value={fields.value[field.key]}
            fault={checked.faults[field.key]}
            onInput={(text) => {
              fields.value = { ...fields.value, [field.key]: text };
            }}
          />
        ))}
      </div>
      <div class="sweep-start">
        <button type="submit" class={isBusy ? 'secondary' : ''} disabled={!isBusy && (!isReady || !checked.plan)}>
          {isBusy ? 'Stop the sweep' : 'Start the sweep'}
        </button>
        <p class={checked.fault ? 'fault' : 'note'} role="status">
          {checked.fault ??
            (checked.plan
              ? `${formatCount(checked.networks)} ${checked.networks === 1 ? 'network' : 'networks'}, ` +
                `${formatCount(checked.plan.epochs)} epochs each`
              : 'Correct the fields that are marked.')}
        </p>
      </div>
    </form>
  );
}

interface SweepInputProps {
  readonly field: Field;
  readonly value: string;
  readonly fault: string | undefined;
  readonly onInput: (text: string) => void;
}

function SweepInput({ field: { key, name, help, words }, value, fault, onInput }: SweepInputProps) {
  const id = `sweep-${key}`;
  return (
    <div class="field">
      <label for={id}>{name}</label>
      {words ? (
        <select id={id} aria-describedby={`${id}-help`} onChange={(event) => onInput(event.currentTarget.value)}>
          {words.map((word) => (
            <option key={word} value={word} selected={word === value}>
              {word}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          type="text"
          spellcheck={false}
          autocomplete="off"
          value={value}
          aria-invalid={fault ? true : undefined}
          aria-describedby={`${id}-help`}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
      <p id={`${id}-help`} class={fault ? 'fault' : 'help'}>
        {fault ?? help}
      </p>
    </div>
  );
}
