// The register of a unit: in service, in the workshop, without fuel; since when and why.
import { useSignal } from '@preact/signals';
import * as dev from '../../api/devices';
import type { UnitSetup } from '../../api/endpoints';
import { t, tk } from '../../i18n';
import { dayTime, fromLocalInput } from '../../i18n/format';
import { district } from '../../state/session';
import { Choice, TextField } from '../../ui/fields';
import { useLoad } from '../../ui/load';
import { notify } from '../../ui/notice';
import { Dialog, Failure, Field, submit } from '../../ui/parts';

export function Readiness({
  unit,
  onClose,
  onSaved,
}: {
  unit: UnitSetup;
  onClose: () => void;
  onSaved: () => void;
}) {
  const u = district.value?.ubigeo ?? '';
  const load = useLoad((s) => dev.unitStates(u, unit.id, s), [u, unit.id]);
  const state = useSignal<dev.Readiness>(unit.active ? 'workshop' : 'operational');
  const reason = useSignal('');
  const expected = useSignal('');
  const since = useSignal('');
  const error = useSignal('');
  const save = async () => {
    try {
      await dev.saveUnitState(
        u,
        unit.id,
        state.value,
        reason.value.trim(),
        fromLocalInput(expected.value),
        fromLocalInput(since.value),
      );
      notify(t('saved'));
      onSaved();
    } catch (e) {
      error.value = (e as Error).message;
    }
  };
  const out = state.value !== 'operational';
  return (
    <Dialog
      title={t('ready.title', { unit: unit.callSign })}
      onClose={onClose}
      footer={
        <>
          <button type="button" class="btn" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" form="estado" class="btn pri" disabled={out && !reason.value.trim()}>
            {t('save')}
          </button>
        </>
      }
    >
      <form id="estado" class="form two" onSubmit={submit(() => void save())}>
        <Choice
          label={t('units.state')}
          value={state.value}
          options={dev.readiness.map((r) => [r, tk('ready', r)] as const)}
          onValue={(x) => (state.value = x)}
        />
        <Field label={t('ready.since')} hint={t('ready.sinceHint')}>
          <input
            class="in"
            type="datetime-local"
            value={since.value}
            onChange={(e) => (since.value = e.currentTarget.value)}
          />
        </Field>
        {out && (
          <Field label={t('ready.expected')}>
            <input
              class="in"
              type="datetime-local"
              value={expected.value}
              onChange={(e) => (expected.value = e.currentTarget.value)}
            />
          </Field>
        )}
        <TextField
          label={t('ready.reason')}
          maxLength={200}
          required={out}
          value={reason.value}
          onValue={(x) => (reason.value = x)}
        />
      </form>
      {(error.value || load.error) && <Failure error={error.value || load.error} />}
      {(load.data ?? []).length > 0 && (
        <ul>
          {(load.data ?? []).map((r) => (
            <li key={r.since}>
              <span class="num">{dayTime(r.since)}</span> {tk('ready', r.state)}
              {r.reason && `: ${r.reason}`} <span class="muted">{r.username}</span>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
