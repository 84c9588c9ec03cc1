// How the kinds of risk factors count in the joint map.
import { useSignal } from '@preact/signals';
import type * as api from '../api/risk';
import { t, tk } from '../i18n';
import { TextField } from '../ui/fields';
import { submit } from '../ui/parts';

interface WeightsProps {
  settings: api.RiskMap['settings'];
  may: boolean;
  onSave: (s: api.RiskMap['settings']) => void;
}

/** Weights shows how the kinds of factors count, to be changed by who may. */
export function Weights({ settings, may, onSave }: WeightsProps) {
  const draft = useSignal(settings);
  const v = draft.value;
  const change = (kind: string, part: Partial<api.RiskTerm>) => {
    draft.value = { ...v, terms: v.terms.map((x) => (x.kind === kind ? { ...x, ...part } : x)) };
  };
  return (
    <details class="fold">
      <summary>{t('risk.weights')}</summary>
      <form class="col" onSubmit={submit(() => onSave(v))}>
        <TextField
          label={t('risk.share')}
          type="number"
          min={0}
          max={100}
          disabled={!may}
          value={Math.round(v.share * 100)}
          onValue={(x) => {
            draft.value = { ...v, share: Number(x) / 100 };
          }}
        />
        {v.terms.map((x) => (
          <div class="form two" key={x.kind}>
            <TextField
              label={t('risk.weight', { kind: tk('factor', x.kind) })}
              type="number"
              min={-10}
              max={10}
              disabled={!may}
              value={x.weight}
              onValue={(n) => change(x.kind, { weight: Number(n) })}
            />
            <TextField
              label={t('risk.reach')}
              type="number"
              min={20}
              max={2000}
              disabled={!may}
              value={x.reach_m}
              onValue={(n) => change(x.kind, { reach_m: Number(n) })}
            />
          </div>
        ))}
        {may && (
          <button type="submit" class="btn sm pri">
            {t('save')}
          </button>
        )}
      </form>
    </details>
  );
}
