// Which shift is planned, the steps, undo, and the one primary button.
import { t } from '../i18n';
import { pathOf, primary, type Standing, type Step } from '../state/plan_step';
import { go } from '../state/router';
import { Icon } from '../ui/icons';
import { Steps } from './plan_steps';
import { ShiftPicker } from './shift_picker';

interface Props {
  shift: string;
  step: Step;
  standing: Standing;
  undo: (() => void) | null; // null: nothing to undo
  redo: (() => void) | null;
  editable: boolean;
  busy: boolean;
}

export function PlanHeader({ shift, step, standing, undo, redo, editable, busy }: Props) {
  return (
    <header class="pagehead planhead">
      <h1>{t('plan.title')}</h1>
      <ShiftPicker shift={shift} onChange={(to) => go(step === 'pnp' ? pathOf(to, step) : `/plan/${to}`)} />
      <Steps shift={shift} at={step} standing={standing} />
      <div class="grow" />
      {editable && (
        <div class="row undo">
          <button
            type="button"
            class="btn quiet icon"
            disabled={!undo || busy}
            onClick={() => undo?.()}
            aria-label={t('edit.undo')}
            title={`${t('edit.undo')} (Ctrl Z)`}
          >
            <Icon name="undo" />
          </button>
          <button
            type="button"
            class="btn quiet icon"
            disabled={!redo || busy}
            onClick={() => redo?.()}
            aria-label={t('edit.redo')}
            title={`${t('edit.redo')} (Ctrl Shift Z)`}
          >
            <Icon name="redo" />
          </button>
        </div>
      )}
      <Primary />
    </header>
  );
}

function Primary() {
  const a = primary.value;
  if (!a) return null;
  return (
    <button type="button" class="btn pri" disabled={a.disabled} onClick={a.run}>
      {a.label} {a.key && <kbd class="kbd wide">{a.key}</kbd>}
    </button>
  );
}
