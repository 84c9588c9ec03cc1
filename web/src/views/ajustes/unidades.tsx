// Units and the GPS devices that report for them. A device's password is shown once.
import { useSignal } from '@preact/signals';
import type { UnitSetup } from '../../api/endpoints';
import * as api from '../../api/endpoints';
import { t, tk } from '../../i18n';
import { can, district } from '../../state/session';
import { shiftDefs } from '../../state/shifts';
import { Choice, TextField } from '../../ui/fields';
import { Icon, type IconName } from '../../ui/icons';
import { useLoad } from '../../ui/load';
import { notify } from '../../ui/notice';
import { Dialog, Empty, Failure, submit } from '../../ui/parts';
import { Secret } from './clave';
import { Readiness } from './estado';
import { ActionsHead, AddButton, SettingsPage, Table } from './marco';
import { UnitLimits } from './unidad_limites';

const modes = ['car', 'motorcycle', 'bicycle', 'foot'] as const;

export function Units() {
  const u = district.value?.ubigeo ?? '';
  const load = useLoad((s) => api.units(u, s), [u]);
  const editing = useSignal<UnitSetup | null>(null);
  const secret = useSignal<api.Credentials | null>(null);
  const changing = useSignal<UnitSetup | null>(null);
  const error = useSignal('');
  const rows = load.data ?? [];
  const may = can('fleet');

  const credentials = async (unit: UnitSetup) => {
    error.value = '';
    try {
      secret.value = await api.deviceCredentials(u, unit.device || unit.id.toLowerCase(), unit.id);
      load.reload();
    } catch (e) {
      error.value = (e as Error).message;
    }
  };

  return (
    <SettingsPage
      title={t('set.units')}
      why={t('units.why')}
      aside={may && <AddButton label={t('units.add')} onClick={() => (editing.value = api.newUnit())} />}
      load={load}
      error={error.value}
    >
      {load.data && rows.length === 0 && (
        <Empty icon="car" title={t('units.emptyTitle')}>
          <p>{t('units.empty')}</p>
        </Empty>
      )}
      {rows.length > 0 && (
        <Table
          head={
            <>
              <th>{t('units.callSign')}</th>
              <th>{t('units.id')}</th>
              <th>{t('units.mode')}</th>
              <th>{t('units.plate')}</th>
              <th>{t('units.device')}</th>
              <th>{t('units.state')}</th>
              {may && <ActionsHead />}
            </>
          }
        >
          {rows.map((r) => (
            <tr key={r.id}>
              <td>
                <span class="row">
                  <Icon name={r.mode as IconName} />
                  <strong>{r.callSign}</strong>
                </span>
              </td>
              <td class="num">{r.id}</td>
              <td>{tk('mode', r.mode)}</td>
              <td>{r.plate || '—'}</td>
              <td>{r.device || <span class="muted">{t('units.noDevice')}</span>}</td>
              <td>
                {r.active ? (
                  <span class="chip ok">{t('units.active')}</span>
                ) : (
                  <span class="chip">{t('units.inactive')}</span>
                )}
                {r.integrated && <span class="chip pol">{t('units.integrated')}</span>}
              </td>
              {may && (
                <td class="r">
                  <span class="row end">
                    <button
                      type="button"
                      class="btn sm"
                      onClick={() => (editing.value = r)}
                      aria-label={`${t('edit')} ${r.callSign}`}
                    >
                      {t('edit')}
                    </button>
                    <button
                      type="button"
                      class="btn sm"
                      onClick={() => (changing.value = r)}
                      aria-label={`${t('units.state')} ${r.callSign}`}
                    >
                      {t('units.state')}
                    </button>
                    {can('configure') && (
                      <button
                        type="button"
                        class="btn sm"
                        onClick={() => void credentials(r)}
                        aria-label={`${t('units.credentials')} ${r.callSign}`}
                      >
                        {t('units.credentials')}
                      </button>
                    )}
                  </span>
                </td>
              )}
            </tr>
          ))}
        </Table>
      )}
      {editing.value && (
        <Edit
          unit={editing.value}
          onClose={() => (editing.value = null)}
          onSaved={() => {
            editing.value = null;
            load.reload();
          }}
        />
      )}
      {changing.value && (
        <Readiness
          unit={changing.value}
          onClose={() => (changing.value = null)}
          onSaved={() => {
            changing.value = null;
            load.reload();
          }}
        />
      )}
      {secret.value && <Secret c={secret.value} onClose={() => (secret.value = null)} />}
    </SettingsPage>
  );
}

function Edit({ unit, onClose, onSaved }: { unit: UnitSetup; onClose: () => void; onSaved: () => void }) {
  const u = district.value?.ubigeo ?? '';
  const draft = useSignal<UnitSetup>({ ...unit });
  const error = useSignal('');
  const isNew = unit.id === '';
  const set = (change: Partial<UnitSetup>) => {
    draft.value = { ...draft.value, ...change };
  };
  const v = draft.value;
  const save = async () => {
    try {
      await api.saveUnit(u, { ...v, id: v.id.trim(), callSign: v.callSign.trim() });
      notify(t('saved'));
      onSaved();
    } catch (e) {
      error.value = (e as Error).message;
    }
  };
  return (
    <Dialog
      title={isNew ? t('units.add') : v.callSign}
      onClose={onClose}
      footer={
        <>
          <button type="button" class="btn" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" form="unidad" class="btn pri" disabled={!v.id.trim() || !v.callSign.trim()}>
            {t('save')}
          </button>
        </>
      }
    >
      <form id="unidad" class="form two" onSubmit={submit(() => void save())}>
        <TextField
          label={t('units.callSign')}
          hint={t('units.callSignHint')}
          required
          value={v.callSign}
          onValue={(x) => set({ callSign: x })}
        />
        <TextField
          label={t('units.id')}
          hint={t('units.idHint')}
          required
          disabled={!isNew}
          value={v.id}
          onValue={(x) => set({ id: x })}
        />
        <Choice
          label={t('units.mode')}
          value={v.mode}
          options={modes.map((m) => [m, tk('mode', m)] as const)}
          onValue={(x) => set({ mode: x })}
        />
        <TextField label={t('units.plate')} value={v.plate} onValue={(x) => set({ plate: x })} />
        <fieldset class="plainset">
          <legend>{t('units.shifts')}</legend>
          {shiftDefs(u).map((s) => (
            <label class="check" key={s.code}>
              <input
                type="checkbox"
                checked={v.shifts.length === 0 || v.shifts.includes(s.code)}
                onChange={(e) => {
                  const all = v.shifts.length ? v.shifts : shiftDefs(u).map((x) => x.code);
                  set({
                    shifts: e.currentTarget.checked ? [...all, s.code] : all.filter((c) => c !== s.code),
                  });
                }}
              />
              {s.name}
            </label>
          ))}
        </fieldset>
        <div>
          <label class="check">
            <input
              type="checkbox"
              checked={v.active}
              onChange={(e) => set({ active: e.currentTarget.checked })}
            />
            {t('units.isActive')}
          </label>
          <label class="check">
            <input
              type="checkbox"
              checked={v.integrated}
              onChange={(e) => set({ integrated: e.currentTarget.checked })}
            />
            {t('units.isIntegrated')}
          </label>
        </div>
        <UnitLimits unit={v} onChange={set} />
      </form>
      {error.value && <Failure error={error.value} />}
    </Dialog>
  );
}
