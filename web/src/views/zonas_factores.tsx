// Where a risk factor is, typed instead of drawn, and how the kinds of them count
// in the joint map.
import { useSignal } from '@preact/signals';
import type * as api from '../api/risk';
import { t, tk } from '../i18n';
import type { LonLat } from '../map/geo';
import { TextField } from '../ui/fields';
import { submit } from '../ui/parts';

interface WeightsProps {
  settings: api.RiskMap['settings'];
  may: boolean;
  onSave: (s: api.RiskMap['settings']) => void;
}

/** Weights shows how the kinds of factors count, to be changed by who may. */
export function Weights({ settings, may, onSave }: WeightsProps) {
  // As typed: a field that is being emptied is no nought.
  const share = useSignal(String(Math.round(settings.share * 100)));
  const typed = useSignal(
    settings.terms.map((x) => ({ kind: x.kind, weight: String(x.weight), reach: String(x.reach_m) })),
  );
  const change = (kind: string, part: { weight?: string; reach?: string }) => {
    typed.value = typed.value.map((x) => (x.kind === kind ? { ...x, ...part } : x));
  };
  const save = () =>
    onSave({
      share: Number(share.value) / 100,
      terms: typed.value.map((x) => ({ kind: x.kind, weight: Number(x.weight), reach_m: Number(x.reach) })),
    });
  return (
    <details class="fold">
      <summary>{t('risk.weights')}</summary>
      <form class="col" onSubmit={submit(save)}>
        <TextField
          label={t('risk.share')}
          type="number"
          min={0}
          max={100}
          step="any"
          required
          disabled={!may}
          value={share.value}
          onValue={(x) => {
            share.value = x;
          }}
        />
        {typed.value.map((x) => (
          <div class="form two" key={x.kind}>
            <TextField
              label={t('risk.weight', { kind: tk('factor', x.kind) })}
              type="number"
              min={-10}
              max={10}
              step="any"
              required
              disabled={!may}
              value={x.weight}
              onValue={(weight) => change(x.kind, { weight })}
            />
            <TextField
              label={t('risk.reach')}
              type="number"
              min={20}
              max={2000}
              step="any"
              required
              disabled={!may}
              value={x.reach}
              onValue={(reach) => change(x.kind, { reach })}
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

/** PlaceForm takes a place by its coordinates, for who does not point at the map. */
export function PlaceForm({ onPlace }: { onPlace: (at: LonLat) => void }) {
  const lat = useSignal('');
  const lon = useSignal('');
  const degrees = (most: number) => ({
    type: 'number' as const,
    min: -most,
    max: most,
    step: 'any' as const,
    required: true,
  });
  return (
    <form class="col" onSubmit={submit(() => onPlace([Number(lon.value), Number(lat.value)]))}>
      <div class="form two">
        <TextField
          label={t('risk.lat')}
          {...degrees(90)}
          value={lat.value}
          onValue={(x) => {
            lat.value = x;
          }}
        />
        <TextField
          label={t('risk.lon')}
          {...degrees(180)}
          value={lon.value}
          onValue={(x) => {
            lon.value = x;
          }}
        />
      </div>
      <button type="submit" class="btn sm pri">
        {t('risk.addHere')}
      </button>
    </form>
  );
}
