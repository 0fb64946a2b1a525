// Fields of the form: a label, an input, and a line that explains it or says what is wrong with it.

import type { ComponentChildren } from 'preact';
import type { ModelForm } from './form';
import { type FieldName, FIELDS } from './settings';

interface FieldProps {
  readonly form: ModelForm;
  readonly name: FieldName;
  /** Whether the run trains with another value. */
  readonly changed: boolean;
}

/** A field for numbers and short texts. */
export function TextField({
  suggestions,
  numeric = false,
  ...props
}: FieldProps & { readonly suggestions?: readonly string[]; readonly numeric?: boolean }) {
  const { form, name } = props;
  const { text, problem } = form.drafts[name].value;
  return (
    <Frame {...props}>
      <input
        {...attributes(name, problem)}
        type="text"
        inputMode={numeric ? 'decimal' : 'text'}
        autocomplete="off"
        spellcheck={false}
        value={text}
        {...(suggestions ? { list: `suggestions-${name}` } : {})}
        onInput={(event) => form.edit(name, event.currentTarget.value)}
      />
      {suggestions && (
        <datalist id={`suggestions-${name}`}>
          {suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion} />
          ))}
        </datalist>
      )}
    </Frame>
  );
}

/** A field with a few values to choose from, each `[value, words]`. */
export function ChoiceField({
  choices,
  ...props
}: FieldProps & { readonly choices: readonly (readonly [string, string])[] }) {
  const { form, name } = props;
  const { text, problem } = form.drafts[name].value;
  return (
    <Frame {...props}>
      <select
        {...attributes(name, problem)}
        value={text}
        onChange={(event) => form.edit(name, event.currentTarget.value)}
      >
        {choices.map(([value, words]) => (
          <option key={value} value={value} selected={value === text}>
            {words}
          </option>
        ))}
      </select>
    </Frame>
  );
}

function Frame({ form, name, changed, children }: FieldProps & { readonly children: ComponentChildren }) {
  const { label, hint } = FIELDS[name];
  const { problem, note } = form.drafts[name].value;
  return (
    <div class={`field field-${name}`}>
      <label for={`field-${name}`}>
        {label}
        {changed && <span class="changed" title="changed since this run began" />}
      </label>
      {children}
      <p id={`hint-${name}`} class={problem ? 'problem' : note ? 'from-link' : 'hint'} aria-live="polite">
        {problem ?? note ?? hint}
      </p>
    </div>
  );
}

function attributes(name: FieldName, problem: string | undefined) {
  return {
    id: `field-${name}`,
    'aria-describedby': `hint-${name}`,
    ...(problem ? { 'aria-invalid': 'true' as const } : {}),
  };
}
