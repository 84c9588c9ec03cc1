// Something happened in the middle of the shift: what, what would change, and
// the new version.
import { useSignal } from '@preact/signals';
import * as api from '../api/endpoints';
import { type Change, merged, replan, type ShiftEvent } from '../api/plan_change';
import type { Plan } from '../api/types';
import { t } from '../i18n';
import type { LonLat } from '../map/geo';
import type { Streets } from '../map/scene';
import { district, now } from '../state/session';
import { TextField } from '../ui/fields';
import { useLoad } from '../ui/load';
import { Dialog, Failure, Field, Note, Seg } from '../ui/parts';
import { ChangeBody, touchedWords } from './plan_change';
import type { Picked } from './plan_pick';

interface Props {
  plan: Plan;
  picked: Picked | null; // a street that was chosen on the map
  at: LonLat | null;
  streets: Streets | null;
  kind: string | null; // what is asked about first
  unit: string; // that it happened to; empty: the first one
  onPreview: (v: ReplanView | null) => void;
  onClose: () => void;
  onDone: (c: Change, words: string) => void;
}

/** ReplanView is what the map shows of a change before it is made. */
export interface ReplanView {
  moved: string[]; // streets that another unit would visit, or nobody
}

type Kind = ShiftEvent['kind'];
const kinds: readonly Kind[] = ['unit_lost', 'unit_added', 'street_closed', 'alert'];

/** visitors tells who visits each street first. */
function visitors(p: Plan): Map<string, string> {
  const out = new Map<string, string>();
  for (const r of p.rounds)
    for (const l of r.legs) if (l.kind === 'service') for (const s of l.segments) out.set(s, r.unit);
  return out;
}

/** moved lists the streets whose visitor a change changes. */
function moved(plan: Plan, c: Change): string[] {
  const now = visitors(merged(plan, c));
  return [...visitors(plan)].filter(([s, unit]) => now.get(s) !== unit).map(([s]) => s);
}

export function Replan({
  plan,
  picked,
  at,
  streets,
  kind: first,
  unit: named,
  onPreview,
  onClose,
  onDone,
}: Props) {
  const u = district.value?.ubigeo ?? '';
  const kind = useSignal<Kind>(kinds.find((k) => k === first) ?? 'unit_lost');
  const working = plan.rounds.filter((r) => r.ended === null);
  const unit = useSignal((working.find((r) => r.unit === named) ?? working[0])?.unit ?? '');
  const other = useSignal('');
  const street = useSignal('');
  const minutes = useSignal(45);
  const there = useSignal(at !== null);
  const shown = useSignal<Change | null>(null);
  const error = useSignal('');
  const busy = useSignal(false);
  const units = useLoad((s) => api.units(u, s), [u]);
  const spare = (units.data ?? []).filter(
    (x) => !plan.rounds.some((r) => r.unit === x.id && r.ended === null) && x.active,
  );
  const chosen = picked?.kind === 'street' ? picked : null;

  const segments = (): string[] => {
    const name = street.value.trim();
    if (!name) return chosen?.segments ?? [];
    const out: string[] = [];
    streets?.labels.forEach((l, i) => {
      if (l === name || streets.names[i] === name) out.push(streets.ids[i]);
    });
    return out.slice(0, 500);
  };
  const event = (): ShiftEvent | null => {
    switch (kind.value) {
      case 'unit_lost':
        return unit.value ? { kind: 'unit_lost', unit: unit.value } : null;
      case 'unit_added': {
        const id = other.value || spare[0]?.id;
        return id ? { kind: 'unit_added', unit: id } : null;
      }
      case 'street_closed': {
        const ids = segments();
        return ids.length > 0 ? { kind: 'street_closed', segments: ids } : null;
      }
      default:
        return {
          kind: 'alert',
          unit: unit.value,
          point: there.value && at ? at : undefined,
          until: new Date(district.value ? now() + minutes.value * 60000 : 0).toISOString(),
        };
    }
  };
  const e = event();
  const ask = async (dry: boolean) => {
    if (!e) return;
    busy.value = true;
    error.value = '';
    try {
      const c = await replan(u, plan.id, [e], dry);
      if (dry) {
        shown.value = c;
        onPreview({ moved: moved(plan, c) });
      } else onDone(c, t('replan.did', { what: t(`replan.${kind.value}`).toLowerCase() }));
    } catch (x) {
      error.value = (x as Error).message;
    }
    busy.value = false;
  };
  const change = () => {
    shown.value = null;
    error.value = '';
    onPreview(null);
  };
  const duty = working;
  return (
    <Dialog
      title={t('replan.title')}
      beside
      onClose={onClose}
      footer={
        <>
          <button type="button" class="btn" onClick={onClose}>
            {t('cancel')}
          </button>
          {shown.value ? (
            <button type="button" class="btn pri" disabled={busy.value} onClick={() => ask(false)}>
              {t('replan.apply')}
            </button>
          ) : (
            <button type="button" class="btn pri" disabled={busy.value || !e} onClick={() => ask(true)}>
              {t('replan.preview')}
            </button>
          )}
        </>
      }
    >
      <div class="col" onInput={change} onChange={change}>
        <span class="lab">{t('replan.what')}</span>
        <Seg<Kind>
          label={t('replan.what')}
          value={kind.value}
          options={kinds.map((k) => [k, t(`replan.${k}`)] as const)}
          onChange={(k) => {
            kind.value = k;
            change();
          }}
        />
        {(kind.value === 'unit_lost' || kind.value === 'alert') && (
          <Field label={t('replan.unit')}>
            <select class="in" value={unit.value} onChange={(x) => (unit.value = x.currentTarget.value)}>
              {duty.map((r) => (
                <option key={r.unit} value={r.unit}>
                  {r.number} · {r.callSign}
                </option>
              ))}
            </select>
          </Field>
        )}
        {kind.value === 'unit_added' && (
          <Field label={t('replan.unit')}>
            <select class="in" value={other.value} onChange={(x) => (other.value = x.currentTarget.value)}>
              {spare.map((x) => (
                <option key={x.id} value={x.id}>
                  {x.callSign}
                </option>
              ))}
              {spare.length === 0 && <option value="">—</option>}
            </select>
          </Field>
        )}
        {kind.value === 'street_closed' && (
          <Field label={t('replan.street')} hint={chosen ? chosen.name : t('replan.pickStreet')}>
            <input
              class="in"
              list="calles-plan"
              value={street.value}
              placeholder={chosen?.name ?? ''}
              onInput={(x) => (street.value = x.currentTarget.value)}
            />
            <datalist id="calles-plan">
              {[...new Set(streets?.names ?? [])].filter(Boolean).map((n) => (
                <option key={n} value={n} />
              ))}
            </datalist>
          </Field>
        )}
        {kind.value === 'alert' && (
          <>
            <TextField
              label={t('replan.minutes')}
              type="number"
              min={10}
              max={240}
              value={minutes.value}
              onValue={(x) => (minutes.value = Number(x))}
            />
            <Field label={t('replan.place')}>
              <select
                class="in"
                value={there.value ? 'there' : 'here'}
                onChange={(x) => (there.value = x.currentTarget.value === 'there')}
              >
                <option value="here">{t('replan.placeHere')}</option>
                {chosen && at && (
                  <option value="there">{t('replan.placeStreet', { name: chosen.name })}</option>
                )}
              </select>
            </Field>
          </>
        )}
        <p class="hint">{t('replan.keeps')}</p>
        {error.value && <Failure error={error.value} />}
        {shown.value && (
          <Note tone={shown.value.violations.length > 0 ? 'warn' : 'ok'} title={touchedWords(shown.value)}>
            <ChangeBody plan={plan} change={shown.value} />
            <p class="hint">{t('replan.next')}</p>
          </Note>
        )}
      </div>
    </Dialog>
  );
}
