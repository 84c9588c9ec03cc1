// The shifts of the district: names and clock times. All are saved at once, so
// that two of them can change places.
import { useSignal } from '@preact/signals';
import * as api from '../../api/endpoints';
import { t } from '../../i18n';
import { can, district, reloadDistrict } from '../../state/session';
import { codeFor, gapsOf, minutesOf } from '../../state/shift_rules';
import { forgetShifts, type ShiftDef } from '../../state/shifts';
import { Icon } from '../../ui/icons';
import { useLoad } from '../../ui/load';
import { notify } from '../../ui/notice';
import { Failure, Note, submit } from '../../ui/parts';
import { ActionsHead, SettingsPage, Table } from './marco';

export function Shifts() {
  const u = district.value?.ubigeo ?? '';
  const load = useLoad((s) => api.shiftDefs(u, s), [u]);
  return (
    <SettingsPage
      title={t('set.shifts')}
      why={t('shifts.why', { zone: district.value?.timeZone ?? '' })}
      load={load}
      rows={3}
      height={44}
    >
      {load.data && (
        <ShiftTable key={JSON.stringify(load.data)} ubigeo={u} saved={load.data} onSaved={load.reload} />
      )}
    </SettingsPage>
  );
}

function ShiftTable({ ubigeo, saved, onSaved }: { ubigeo: string; saved: ShiftDef[]; onSaved: () => void }) {
  const rows = useSignal(saved.map((s) => ({ ...s, fresh: false })));
  const error = useSignal('');
  const busy = useSignal(false);
  const may = can('configure');
  const set = (i: number, change: Partial<ShiftDef>) => {
    rows.value = rows.value.map((r, k) => (k === i ? { ...r, ...change } : r));
  };
  const list = rows.value.map(({ fresh: _, ...s }) => s);
  const changed = JSON.stringify(list) !== JSON.stringify(saved);
  const gaps = gapsOf(list);
  const save = async () => {
    const codes: string[] = rows.value.filter((r) => !r.fresh).map((r) => r.code);
    const named = rows.value.map(({ fresh, ...s }) => {
      if (!fresh) return s;
      const code = codeFor(s.name, codes);
      codes.push(code);
      return { ...s, code };
    });
    busy.value = true;
    error.value = '';
    try {
      await api.saveShiftDefs(ubigeo, named);
      forgetShifts(ubigeo);
      await reloadDistrict();
      notify(t('saved'));
      onSaved();
    } catch (e) {
      error.value = (e as Error).message;
    }
    busy.value = false;
  };
  return (
    <form class="form" onSubmit={submit(() => void save())}>
      <Table
        head={
          <>
            <th>{t('shifts.name')}</th>
            <th>{t('shifts.start')}</th>
            <th>{t('shifts.end')}</th>
            <th class="r">{t('shifts.length')}</th>
            {may && <ActionsHead />}
          </>
        }
      >
        {rows.value.map((r, i) => (
          <tr key={r.code || `new${i}`}>
            <td>
              {may ? (
                <input
                  class="in"
                  required
                  maxLength={40}
                  aria-label={t('shifts.name')}
                  value={r.name}
                  onInput={(e) => set(i, { name: e.currentTarget.value })}
                />
              ) : (
                <strong>{r.name}</strong>
              )}
            </td>
            {(['start', 'end'] as const).map((k) => (
              <td key={k} class="num">
                {may ? (
                  <input
                    class="in"
                    type="time"
                    required
                    aria-label={`${t(`shifts.${k}`)} ${r.name}`}
                    value={r[k]}
                    onInput={(e) => set(i, { [k]: e.currentTarget.value })}
                  />
                ) : (
                  r[k]
                )}
              </td>
            ))}
            <td class="r num">{duration(r)}</td>
            {may && (
              <td class="r">
                <button
                  type="button"
                  class="btn quiet icon sm"
                  disabled={rows.value.length < 2}
                  aria-label={`${t('shifts.remove')} ${r.name}`}
                  onClick={() => (rows.value = rows.value.filter((_, k) => k !== i))}
                >
                  <Icon name="close" sm />
                </button>
              </td>
            )}
          </tr>
        ))}
      </Table>
      {gaps.length > 0 && (
        <Note title={t('shifts.gap', { hours: gaps.map(([a, b]) => `${a}–${b}`).join(', ') })} />
      )}
      {error.value && <Failure error={error.value} />}
      {may && (
        <div class="row">
          <button
            type="button"
            class="btn"
            disabled={rows.value.length >= 12}
            onClick={() =>
              (rows.value = [...rows.value, { code: '', name: '', start: '', end: '', fresh: true }])
            }
          >
            <Icon name="plus" sm />
            {t('shifts.add')}
          </button>
          <button type="submit" class="btn pri" disabled={!changed || busy.value}>
            {t('save')}
          </button>
        </div>
      )}
      <p class="hint">{t('shifts.kept')}</p>
    </form>
  );
}

/** duration of a shift in hours; "—" while its times are not whole. */
function duration(s: ShiftDef): string {
  const m = minutesOf(s);
  if (m === null) return '—';
  return m % 60 ? `${Math.floor(m / 60)} h ${m % 60} min` : `${m / 60} h`;
}
