// Step 1: who goes out in the shift. What was said is kept; else the units that
// are bound to the shift go.
import { signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { UnitSetup } from '../api/endpoints';
import { type Roster, saveRoster } from '../api/planning';
import { t, tk } from '../i18n';
import { day, dayTime, num } from '../i18n/format';
import { pathOf, usePrimary } from '../state/plan_step';
import { go } from '../state/router';
import { can, district } from '../state/session';
import { Icon, type IconName } from '../ui/icons';
import { Empty, Failure, Note, Skeleton } from '../ui/parts';

interface Props {
  shift: string;
  roster: Roster | null;
  units: readonly UnitSetup[] | null;
  error: string;
  onSaved: (r: Roster) => void;
}

// What is ticked and not saved yet, by district and shift: it outlives the way to another step.
const ticked = signal<ReadonlyMap<string, ReadonlySet<string>>>(new Map());

function tick(key: string, ids: ReadonlySet<string> | null): void {
  const next = new Map(ticked.value);
  if (ids) next.set(key, ids);
  else next.delete(key);
  ticked.value = next;
}

export function RosterStep({ shift, roster, units, error, onSaved }: Props) {
  const u = district.value?.ubigeo ?? '';
  const may = can('plan');
  const key = `${u} ${shift}`;
  const picked = ticked.value.get(key) ?? new Set(roster?.units ?? []);
  const failed = useSignal('');
  const busy = useSignal(false);
  useEffect(() => {
    failed.value = '';
  }, [roster]);

  const fit = (ids: readonly string[]) => ids.filter((id) => units?.some((x) => x.id === id && x.active));
  const out = fit([...picked]);
  const changed =
    roster !== null && (out.length !== roster.units.length || out.some((id) => !roster.units.includes(id)));
  const save = async () => {
    if (roster?.set && !changed) {
      go(pathOf(shift, 'pnp'));
      return;
    }
    busy.value = true;
    failed.value = '';
    try {
      onSaved(await saveRoster(u, shift, out));
      tick(key, null);
      go(pathOf(shift, 'pnp'));
    } catch (e) {
      failed.value = (e as Error).message;
    }
    busy.value = false;
  };
  usePrimary(
    may && roster && units && units.length > 0
      ? {
          label: roster.set && !changed ? t('step.next') : t('roster.save'),
          run: () => void save(),
          disabled: busy.value || out.length === 0,
        }
      : null,
  );

  if (error) {
    return (
      <div class="pad">
        <Failure error={error} />
      </div>
    );
  }
  if (!roster || !units) return <Skeleton rows={10} />;
  if (units.length === 0) {
    return (
      <Empty icon="car" title={t('roster.noUnits')}>
        <p>{t('roster.noUnitsWhy')}</p>
        {can('fleet') && (
          <a class="btn pri" href="/ajustes/unidades">
            {t('roster.addUnits')}
          </a>
        )}
      </Empty>
    );
  }
  const before = roster.before;
  return (
    <div class="stepbody">
      <header class="pad">
        <h2>{t('roster.out', { n: num(out.length), of: num(units.length) })}</h2>
        <p class="muted">
          {roster.set && roster.savedAt
            ? t('roster.saved', { by: roster.savedBy, time: dayTime(roster.savedAt) })
            : t('roster.usual')}
        </p>
        {may && before && (
          <button type="button" class="btn sm" onClick={() => tick(key, new Set(fit(before.units)))}>
            {t('roster.copy', { day: day(before.shift) })}
          </button>
        )}
        {failed.value && <Failure error={failed.value} />}
        {out.length === 0 && <Note tone="warn">{t('roster.nobody')}</Note>}
      </header>
      <ul class="scroll picklist">
        {units.map((x) => (
          <li key={x.id}>
            <label class={x.active ? '' : 'off'}>
              <input
                type="checkbox"
                checked={x.active && picked.has(x.id)}
                disabled={!may || !x.active || busy.value}
                onChange={(e) => {
                  const next = new Set(picked);
                  if (e.currentTarget.checked) next.add(x.id);
                  else next.delete(x.id);
                  tick(key, next);
                }}
              />
              <Icon name={x.mode as IconName} sm />
              <span class="grow">
                <strong>{x.callSign}</strong>
                <span class="hint">{detail(x)}</span>
              </span>
            </label>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** detail says how a unit works, and what it lacks. */
function detail(x: UnitSetup): string {
  if (!x.active) return t('units.inactive');
  const parts: string[] = [tk('mode', x.mode)];
  if (x.from) parts.push(`${x.from}–${x.to}`);
  if (x.maxKm > 0) parts.push(t('roster.maxKm', { km: num(x.maxKm) }));
  if (x.integrated) parts.push(t('units.integrated'));
  if (!x.device) parts.push(t('units.noDevice'));
  return parts.join(' · ');
}
