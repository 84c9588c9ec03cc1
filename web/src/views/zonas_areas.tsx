// An area to look after first, agreed on or put forward.
import { useSignal } from '@preact/signals';
import type * as api from '../api/risk';
import { t, tk } from '../i18n';
import { Choice, TextField } from '../ui/fields';
import { Icon } from '../ui/icons';
import { submit } from '../ui/parts';
import { SureButton } from '../ui/sure';

const tone: Record<api.Level, string> = { high: 'warn', medium: 'acc', low: '' };

interface DecideProps {
  title: string;
  hint: string;
  term: api.PriorityTerm;
  may: boolean;
  proposed?: boolean;
  drop: string;
  onSave: (t: api.PriorityTerm) => void;
  onDrop: () => void;
  onShow?: () => void;
  onDraw: (t: api.PriorityTerm) => void;
}

/** Decide is an area, agreed on or put forward, with what can be done about it. */
export function Decide({
  title,
  hint,
  term,
  may,
  proposed,
  drop,
  onSave,
  onDrop,
  onShow,
  onDraw,
}: DecideProps) {
  const draft = useSignal(term);
  const v = draft.value;
  const set = (change: Partial<api.PriorityTerm>) => {
    draft.value = { ...v, ...change };
  };
  return (
    <li>
      <details onToggle={() => onShow?.()}>
        <summary>
          <Icon name="right" sm />
          <strong>{title}</strong>
          <span class={`chip ${tone[term.level]}`}>{tk('level', term.level)}</span>
          <span class="hint">{hint}</span>
        </summary>
        {may && (
          <form class="col" onSubmit={submit(() => onSave(v))}>
            <TextField
              label={t('risk.name')}
              required
              value={v.name}
              maxLength={80}
              onValue={(name) => set({ name })}
            />
            <Choice<api.Level>
              label={t('risk.level')}
              value={v.level}
              options={[
                ['high', tk('level', 'high')],
                ['medium', tk('level', 'medium')],
                ['low', tk('level', 'low')],
              ]}
              onValue={(level) => set({ level })}
            />
            <div class="form two">
              <TextField
                label={t('risk.from')}
                type="date"
                value={v.from ?? ''}
                onValue={(x) => set({ from: x || undefined })}
              />
              <TextField
                label={t('risk.until')}
                type="date"
                value={v.until ?? ''}
                onValue={(x) => set({ until: x || undefined })}
              />
            </div>
            <div class="row wrap">
              <button type="submit" class="btn sm pri">
                {proposed ? t('risk.accept') : t('save')}
              </button>
              <button type="button" class="btn sm" disabled={!v.name.trim()} onClick={() => onDraw(v)}>
                {t('risk.outline')}
              </button>
              {proposed ? (
                <button type="button" class="btn sm" onClick={onDrop}>
                  {drop}
                </button>
              ) : (
                <SureButton label={drop} ask={t('risk.removeSure')} onSure={onDrop} />
              )}
            </div>
          </form>
        )}
      </details>
    </li>
  );
}
