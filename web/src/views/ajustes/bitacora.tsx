// The odometer of each vehicle when it went out and came back in a shift, and the
// fuel it took in.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import * as api from '../../api/endpoints';
import { gallon, saveUnitLogs, type UnitLog, unitLogs } from '../../api/unit_logs';
import { t } from '../../i18n';
import { num } from '../../i18n/format';
import { district } from '../../state/session';
import { useLoad } from '../../ui/load';
import { notify } from '../../ui/notice';
import { submit } from '../../ui/parts';
import { ShiftPicker } from '../shift_picker';
import { SettingsPage, Table } from './marco';

/** Row is what is typed of a unit. */
interface Row {
  out: string;
  in: string;
  fuel: string; // gallons
  note: string;
}

const empty: Row = { out: '', in: '', fuel: '', note: '' };

const shown = (x: number | undefined, digits: number) =>
  x === undefined ? '' : String(Math.round(x * 10 ** digits) / 10 ** digits);

const rowOf = (l: UnitLog): Row => ({
  out: shown(l.km_out, 1),
  in: shown(l.km_in, 1),
  fuel: shown(l.fuel_l === undefined ? undefined : l.fuel_l / gallon, 2),
  note: l.note ?? '',
});

const logOf = (unit: string, r: Row): UnitLog => ({
  unit,
  ...(r.out ? { km_out: Number(r.out) } : {}),
  ...(r.in ? { km_in: Number(r.in) } : {}),
  ...(r.fuel ? { fuel_l: Number(r.fuel) * gallon } : {}),
  ...(r.note.trim() ? { note: r.note.trim() } : {}),
});

export function UnitLogPage() {
  const u = district.value?.ubigeo ?? '';
  const shift = useSignal(district.value?.shift?.id ?? district.value?.nextShift?.id ?? '');
  const load = useLoad(
    async (s) => {
      const [logs, units] = await Promise.all([unitLogs(u, shift.value, s), api.units(u, s)]);
      return { ...logs, units };
    },
    [u, shift.value],
  );
  const rows = useSignal<Record<string, Row>>({});
  const changed = useSignal<Record<string, boolean>>({});
  const error = useSignal('');
  useEffect(() => {
    rows.value = Object.fromEntries((load.data?.logs ?? []).map((l) => [l.unit, rowOf(l)]));
    changed.value = {};
  }, [load.data]);
  const set = (unit: string, change: Partial<Row>) => {
    rows.value = { ...rows.value, [unit]: { ...(rows.value[unit] ?? empty), ...change } };
    changed.value = { ...changed.value, [unit]: true };
  };
  const save = async () => {
    error.value = '';
    try {
      const units = Object.keys(changed.value);
      await saveUnitLogs(
        u,
        shift.value,
        units.map((x) => logOf(x, rows.value[x] ?? empty)),
      );
      notify(t('saved'));
      load.reload();
    } catch (e) {
      error.value = (e as Error).message;
    }
  };
  const d = load.data;
  // Vehicles only; those that are out of service and have nothing noted are left out.
  const units = (d?.units ?? []).filter((x) => x.mode !== 'foot' && (x.active || rows.value[x.id]));
  return (
    <SettingsPage title={t('set.log')} why={t('log.why')} load={load} error={error.value}>
      <ShiftPicker shift={shift.value} onChange={(x) => (shift.value = x)} />
      {d && (
        <form class="col" onSubmit={submit(() => void save())}>
          <Table
            head={
              <>
                <th>{t('ev.unit')}</th>
                <th>{t('log.out')}</th>
                <th>{t('log.in')}</th>
                <th class="r">km</th>
                <th>{t('log.fuel')}</th>
                <th>{t('log.note')}</th>
              </>
            }
          >
            {units.map((x) => {
              const r = rows.value[x.id] ?? empty;
              const before = d.before[x.id];
              const km = r.out && r.in ? Number(r.in) - Number(r.out) : null;
              const number = (label: string, value: string, key: 'out' | 'in' | 'fuel', step: string) => (
                <input
                  class="in num narrow"
                  type="number"
                  min={0}
                  step={step}
                  aria-label={`${label} ${x.callSign}`}
                  value={value}
                  placeholder={key === 'out' && before !== undefined ? shown(before, 1) : ''}
                  onInput={(e) => set(x.id, { [key]: e.currentTarget.value })}
                />
              );
              return (
                <tr key={x.id}>
                  <td>
                    <strong>{x.callSign}</strong>
                    {r.out && before !== undefined && Number(r.out) < before && (
                      <div class="hint">{t('log.less', { km: num(before, 1) })}</div>
                    )}
                  </td>
                  <td>{number(t('log.out'), r.out, 'out', '0.1')}</td>
                  <td>{number(t('log.in'), r.in, 'in', '0.1')}</td>
                  <td class="r num">{km === null ? '—' : num(km, 1)}</td>
                  <td>{number(t('log.fuel'), r.fuel, 'fuel', '0.01')}</td>
                  <td>
                    <input
                      class="in"
                      maxLength={200}
                      aria-label={`${t('log.note')} ${x.callSign}`}
                      value={r.note}
                      onInput={(e) => set(x.id, { note: e.currentTarget.value })}
                    />
                  </td>
                </tr>
              );
            })}
          </Table>
          <div>
            <button type="submit" class="btn pri" disabled={Object.keys(changed.value).length === 0}>
              {t('save')}
            </button>
          </div>
        </form>
      )}
    </SettingsPage>
  );
}
