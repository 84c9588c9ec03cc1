// The risk factors of the district: what they are, where they came from, and what
// can be done about each.
import { useSignal } from '@preact/signals';
import type * as api from '../api/risk';
import { t, tk } from '../i18n';
import { num } from '../i18n/format';
import { TextField } from '../ui/fields';
import { SureButton } from '../ui/sure';

/** How many are listed at once: who looks for one among more types its name. */
const most = 100;

interface Props {
  factors: readonly api.RiskFactor[];
  shown: string; // the one that is shown on the map
  may: boolean;
  onShow: (f: api.RiskFactor) => void;
  onChange: (f: api.RiskFactor) => void;
  onDrop: (f: api.RiskFactor) => void;
}

export function FactorList({ factors, shown, may, onShow, onChange, onDrop }: Props) {
  const wanted = useSignal('');
  const words = wanted.value.trim().toLocaleLowerCase();
  const titled = factors.map((f) => ({ f, title: `${tk('factor', f.kind)} ${f.name}`.trim() }));
  const found = words ? titled.filter((x) => x.title.toLocaleLowerCase().includes(words)) : titled;
  return (
    <details class="fold">
      <summary>{t('risk.list')}</summary>
      {factors.length > 12 && (
        <TextField
          label={t('risk.find')}
          value={wanted.value}
          onValue={(x) => {
            wanted.value = x;
          }}
        />
      )}
      <ul class="factors plain">
        {found.slice(0, most).map(({ f, title }) => (
          <li key={f.id}>
            <button type="button" class="what" aria-pressed={f.id === shown} onClick={() => onShow(f)}>
              <strong>{tk('factor', f.kind)}</strong>
              <span class="hint wraps">
                {[f.name, f.source || t('risk.byHand')].filter(Boolean).join(' · ')}
              </span>
            </button>
            {may && (
              <span class="row">
                <button
                  type="button"
                  class="btn sm quiet"
                  aria-label={`${t('risk.change')}: ${title}`}
                  onClick={() => onChange(f)}
                >
                  {t('risk.change')}
                </button>
                <SureButton
                  label={t('risk.remove')}
                  name={`${t('risk.remove')}: ${title}`}
                  ask={t('risk.removeSure')}
                  onSure={() => onDrop(f)}
                />
              </span>
            )}
          </li>
        ))}
      </ul>
      {found.length > most && <p class="hint">{t('risk.moreFactors', { n: num(found.length - most) })}</p>}
    </details>
  );
}
