// One device: its entry in the register, or the claim of what an unknown one left.
import { useSignal } from '@preact/signals';
import * as dev from '../../api/devices';
import type { UnitSetup } from '../../api/endpoints';
import { t } from '../../i18n';
import { num } from '../../i18n/format';
import { district } from '../../state/session';
import { TextField } from '../../ui/fields';
import { notify } from '../../ui/notice';
import { Dialog, Failure, Field, submit } from '../../ui/parts';

interface Props {
  device: dev.Device;
  units: UnitSetup[];
  onClose: () => void;
  onDone: () => void;
}

function UnitChoice({
  value,
  units,
  onChange,
}: {
  value: string;
  units: UnitSetup[];
  onChange: (v: string) => void;
}) {
  return (
    <Field label={t('dev.unit')}>
      <select class="in" value={value} onChange={(e) => onChange(e.currentTarget.value)}>
        <option value="">—</option>
        {units.map((u) => (
          <option key={u.id} value={u.id}>
            {u.callSign} ({u.id})
          </option>
        ))}
      </select>
    </Field>
  );
}

export function EditDevice({ device, units, onClose, onDone }: Props) {
  const u = district.value?.ubigeo ?? '';
  const draft = useSignal<dev.Device>({ ...device });
  const error = useSignal('');
  const isNew = device.id === '';
  const v = draft.value;
  const set = (change: Partial<dev.Device>) => {
    draft.value = { ...draft.value, ...change };
  };
  const attempt = async (f: () => Promise<unknown>) => {
    try {
      await f();
      notify(t('saved'));
      onDone();
    } catch (e) {
      error.value = (e as Error).message;
    }
  };
  return (
    <Dialog
      title={isNew ? t('dev.add') : v.id}
      onClose={onClose}
      footer={
        <>
          {!isNew && (
            <button type="button" class="btn" onClick={() => void attempt(() => dev.deleteDevice(u, v.id))}>
              {t('dev.remove')}
            </button>
          )}
          <button type="button" class="btn" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" form="equipo" class="btn pri" disabled={!v.id.trim()}>
            {t('save')}
          </button>
        </>
      }
    >
      <form
        id="equipo"
        class="form two"
        onSubmit={submit(() => void attempt(() => dev.saveDevice(u, { ...v, id: v.id.trim() })))}
      >
        <TextField
          label={t('dev.id')}
          hint={t('dev.idHint')}
          required
          disabled={!isNew}
          value={v.id}
          onValue={(x) => set({ id: x })}
        />
        <TextField label={t('dev.name')} value={v.name} onValue={(x) => set({ name: x })} />
        <UnitChoice value={v.unit} units={units} onChange={(unit) => set({ unit })} />
        <Field label={t('dev.interval')} hint={t('dev.intervalHint')}>
          <input
            class="in"
            type="number"
            min={1}
            max={86400}
            value={v.interval}
            onInput={(e) => set({ interval: e.currentTarget.valueAsNumber })}
          />
        </Field>
        <Field label={t('dev.identities')} hint={t('dev.identitiesHint')}>
          <input
            class="in"
            value={v.identities.join(', ')}
            onChange={(e) =>
              set({
                identities: e.currentTarget.value
                  .split(',')
                  .map((x) => x.trim())
                  .filter(Boolean),
              })
            }
          />
        </Field>
        <Field
          label={t('dev.clockFix')}
          hint={
            v.clockOff !== null
              ? t('dev.clockHint', { h: num(-v.clockOff / 3600, 2) })
              : t('dev.clockFixHint')
          }
        >
          <input
            class="in"
            type="number"
            step={0.25}
            min={-15}
            max={15}
            value={v.clockFix / 3600}
            onInput={(e) => set({ clockFix: (e.currentTarget.valueAsNumber || 0) * 3600 })}
          />
        </Field>
        <label class="check">
          <input
            type="checkbox"
            checked={v.gateway}
            onChange={(e) => set({ gateway: e.currentTarget.checked })}
          />
          {t('dev.isGateway')}
        </label>
      </form>
      {error.value && <Failure error={error.value} />}
    </Dialog>
  );
}

export function Claim({ device, units, onClose, onDone }: Props) {
  const u = district.value?.ubigeo ?? '';
  const unit = useSignal('');
  const error = useSignal('');
  const claim = async () => {
    try {
      notify(t('dev.claimed', { n: num(await dev.claimDevice(u, device.id, unit.value)) }));
      onDone();
    } catch (e) {
      error.value = (e as Error).message;
    }
  };
  return (
    <Dialog
      title={t('dev.claimTitle', { id: device.id })}
      onClose={onClose}
      footer={
        <>
          <button type="button" class="btn" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="button" class="btn pri" disabled={!unit.value} onClick={() => void claim()}>
            {t('dev.claim')}
          </button>
        </>
      }
    >
      <p>{t('dev.claimWhy', { n: num(device.claimable) })}</p>
      <UnitChoice value={unit.value} units={units} onChange={(x) => (unit.value = x)} />
      {error.value && <Failure error={error.value} />}
    </Dialog>
  );
}
