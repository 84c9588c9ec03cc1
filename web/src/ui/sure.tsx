import { useSignal } from '@preact/signals';

interface Props {
  label: string;
  /** ask is what the button says once it was pressed, until it is pressed again or left. */
  ask: string;
  /** name tells apart buttons of the same label, to who cannot see where they stand. */
  name?: string;
  disabled?: boolean;
  onSure: () => void;
}

/** SureButton does what cannot be undone: at the second press. */
export function SureButton({ label, ask, name, disabled, onSure }: Props) {
  const asked = useSignal(false);
  return (
    <button
      type="button"
      class={asked.value ? 'btn sm pri' : 'btn sm quiet'}
      aria-live="polite"
      aria-label={asked.value ? undefined : name}
      disabled={disabled}
      onBlur={() => {
        asked.value = false;
      }}
      onKeyDown={(e) => {
        if (e.key === 'Escape' && asked.value) {
          e.stopPropagation();
          asked.value = false;
        }
      }}
      onClick={() => {
        asked.value = !asked.value;
        if (!asked.value) onSure();
      }}
    >
      {asked.value ? ask : label}
    </button>
  );
}
