// What a unit is bound to: its own hours, kilometres, sectors, and its base.
import { useMemo } from 'preact/hooks';
import type { UnitSetup } from '../../api/endpoints';
import * as places from '../../api/places';
import { t } from '../../i18n';
import { pathsOf } from '../../map/geo';
import { district } from '../../state/session';
import { useStreets } from '../../state/streets';
import { TextField } from '../../ui/fields';
import { useLoad } from '../../ui/load';
import { MapHost } from '../../ui/maphost';

interface Props {
  unit: UnitSetup;
  onChange: (change: Partial<UnitSetup>) => void;
}

export function UnitLimits({ unit, onChange }: Props) {
  const d = district.value;
  const u = d?.ubigeo ?? '';
  const streets = useStreets();
  const load = useLoad((s) => places.areas(u, s), [u]);
  const sectors = (load.data ?? []).filter((a) => a.kind === 'sector');
  const based = unit.base !== null && (unit.base[0] !== 0 || unit.base[1] !== 0);
  const scene = useMemo(
    () => ({
      boundary: pathsOf(d?.boundary as never),
      streets,
      pins: unit.base && based ? [{ at: unit.base, kind: 'base' as const, label: unit.callSign }] : [],
    }),
    [d?.boundary, streets, unit.base],
  );
  return (
    <details class="wide">
      <summary>{t('units.limits')}</summary>
      <div class="form two">
        <TextField
          label={t('units.from')}
          hint={t('units.hoursHint')}
          type="time"
          value={unit.from}
          onValue={(from) => onChange({ from })}
        />
        <TextField label={t('units.to')} type="time" value={unit.to} onValue={(to) => onChange({ to })} />
        <TextField
          label={t('units.maxKm')}
          hint={t('units.maxKmHint')}
          type="number"
          min={0}
          max={2000}
          value={unit.maxKm || ''}
          onValue={(x) => onChange({ maxKm: Number(x) || 0 })}
        />
        <fieldset class="plainset">
          <legend>{t('units.sectors')}</legend>
          {sectors.length === 0 && <span class="hint">{t('units.noSectors')}</span>}
          {sectors.map((a) => (
            <label class="check" key={a.id}>
              <input
                type="checkbox"
                checked={unit.sectors.includes(a.id)}
                onChange={(e) =>
                  onChange({
                    sectors: e.currentTarget.checked
                      ? [...unit.sectors, a.id]
                      : unit.sectors.filter((x) => x !== a.id),
                  })
                }
              />
              {a.name}
            </label>
          ))}
        </fieldset>
      </div>
      <div class="row">
        <span class="grow">
          {t('units.base')}: <span class="muted">{based ? t('units.baseSet') : t('units.baseNone')}</span>
        </span>
        {based && (
          <button type="button" class="btn sm" onClick={() => onChange({ base: null })}>
            {t('units.baseClear')}
          </button>
        )}
      </div>
      <div class="minimap">
        <MapHost
          scene={scene}
          label={t('units.baseMap')}
          cursor="crosshair"
          onHit={(h) => onChange({ base: h.at })}
        />
      </div>
    </details>
  );
}
