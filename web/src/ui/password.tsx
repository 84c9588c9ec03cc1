// A new password: once where somebody else gets it, twice where it is one's own.
import { useSignal } from '@preact/signals';
import { t } from '../i18n';
import { TextField } from './fields';

/** minPassword is the least length that the service takes. */
export const minPassword = 10;

interface Props {
  label: string;
  hint?: string;
  value: string;
  required?: boolean;
  onValue: (v: string) => void;
}

/** NewPassword is a field that says so when what is typed is too short. */
export function NewPassword({ label, hint, value, required, onValue }: Props) {
  return (
    <TextField
      label={label}
      hint={hint ?? t('users.passwordHint')}
      error={value !== '' && value.length < minPassword ? t('setup.short') : ''}
      type="password"
      autocomplete="new-password"
      required={required}
      value={value}
      onValue={onValue}
    />
  );
}

/** usePasswordPair is a new password and its repetition. */
export function usePasswordPair() {
  const first = useSignal('');
  const again = useSignal('');
  return {
    first,
    again,
    differ: again.value !== '' && again.value !== first.value,
    ready: first.value.length >= minPassword && again.value === first.value,
    clear: () => {
      first.value = again.value = '';
    },
  };
}

/** PasswordPair asks for a new password twice. */
export function PasswordPair({
  pair,
  label,
  required,
}: {
  pair: ReturnType<typeof usePasswordPair>;
  label: string;
  required?: boolean;
}) {
  return (
    <>
      <NewPassword
        label={label}
        required={required}
        value={pair.first.value}
        onValue={(x) => (pair.first.value = x)}
      />
      <TextField
        label={t('setup.again')}
        error={pair.differ ? t('setup.differ') : ''}
        type="password"
        autocomplete="new-password"
        required={required}
        value={pair.again.value}
        onValue={(x) => (pair.again.value = x)}
      />
    </>
  );
}
