// Form fields: a label, its one control, and what is to be known or mended.
import type { ComponentProps } from 'preact';
import { Field } from './parts';

interface Common<T> {
  label: string;
  hint?: string;
  error?: string;
  onValue: (v: T) => void;
}

interface TextProps extends Common<string> {
  value: string | number;
  type?: 'text' | 'password' | 'number' | 'time' | 'date' | 'datetime-local' | 'url';
  name?: string;
  autocomplete?: 'name' | 'username' | 'current-password' | 'new-password' | 'off';
  autocapitalize?: 'none';
  spellcheck?: boolean;
  inputmode?: 'numeric' | 'url';
  pattern?: string;
  placeholder?: string;
  required?: boolean;
  disabled?: boolean;
  maxLength?: number;
  min?: number;
  max?: number;
  step?: number | 'any';
}

/** TextField is a line of input of any type; what is typed is told as text. */
export function TextField({ label, hint, error, onValue, ...input }: TextProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      <input
        class="in"
        {...(input as ComponentProps<'input'>)}
        onInput={(e) => onValue(e.currentTarget.value)}
      />
    </Field>
  );
}

type ChoiceProps<T extends string> = Common<T> & {
  value: T;
  options: readonly (readonly [T, string])[];
};

/** Choice is one of a few values, each with its words. */
export function Choice<T extends string>({ label, hint, error, value, options, onValue }: ChoiceProps<T>) {
  return (
    <Field label={label} hint={hint} error={error}>
      <select class="in" value={value} onChange={(e) => onValue(e.currentTarget.value as T)}>
        {options.map(([v, text]) => (
          <option key={v} value={v}>
            {text}
          </option>
        ))}
      </select>
    </Field>
  );
}
