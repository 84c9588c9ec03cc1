// Trackers, phones and gateways: the register, those that report without being
// in it, tables of them, and how topics are read.
import { useSignal } from '@preact/signals';
import * as dev from '../../api/devices';
import * as api from '../../api/endpoints';
import { t } from '../../i18n';
import { dayTime, num } from '../../i18n/format';
import { can, district } from '../../state/session';
import { useLoad } from '../../ui/load';
import { Empty, Note } from '../../ui/parts';
import { Secret } from './clave';
import { Claim, EditDevice } from './equipo';
import { RawData } from './equipo_datos';
import { DeviceTable } from './equipos_tabla';
import { ActionsHead, AddButton, SettingsPage, Table } from './marco';
import { TopicRules } from './temas';

export function Devices() {
  const u = district.value?.ubigeo ?? '';
  const load = useLoad((s) => dev.devices(u, s), [u]);
  const units = useLoad((s) => api.units(u, s), [u]);
  const editing = useSignal<dev.Device | null>(null);
  const claiming = useSignal<dev.Device | null>(null);
  const looking = useSignal('');
  const secret = useSignal<api.Credentials | null>(null);
  const error = useSignal('');
  const all = load.data ?? [];
  const unknown = all.filter((d) => !d.known);
  const known = all.filter((d) => d.known);
  const may = can('configure');

  const credentials = async (d: dev.Device) => {
    error.value = '';
    try {
      secret.value = await api.deviceCredentials(u, d.id, d.unit);
      load.reload();
    } catch (e) {
      error.value = (e as Error).message;
    }
  };
  const done = () => {
    editing.value = null;
    claiming.value = null;
    load.reload();
  };

  return (
    <SettingsPage
      title={t('set.devices')}
      why={t('dev.why')}
      aside={may && <AddButton label={t('dev.add')} onClick={() => (editing.value = dev.newDevice())} />}
      load={load}
      error={error.value}
    >
      {unknown.length > 0 && (
        <section class="col">
          <Note tone="warn" title={t('dev.unknown', { n: unknown.length })}>
            {t('dev.unknownWhy')}
          </Note>
          <Table
            head={
              <>
                <th>{t('dev.id')}</th>
                <th class="r">{t('dev.positions')}</th>
                <th>{t('dev.lastSeen')}</th>
                {may && <ActionsHead />}
              </>
            }
          >
            {unknown.map((d) => (
              <tr key={d.id}>
                <td class="num">{d.id}</td>
                <td class="num r">{num(d.positions)}</td>
                <td class="num">{d.lastSeen ? dayTime(d.lastSeen) : '—'}</td>
                {may && (
                  <td class="r">
                    <button type="button" class="btn sm" onClick={() => (claiming.value = d)}>
                      {t('dev.claim')}
                    </button>
                  </td>
                )}
              </tr>
            ))}
          </Table>
        </section>
      )}
      {load.data && known.length === 0 && (
        <Empty icon="car" title={t('dev.emptyTitle')}>
          <p>{t('dev.empty')}</p>
        </Empty>
      )}
      {known.length > 0 && (
        <Table
          head={
            <>
              <th>{t('dev.id')}</th>
              <th>{t('dev.unit')}</th>
              <th>{t('dev.identities')}</th>
              <th class="r">{t('dev.interval')}</th>
              <th>{t('dev.lastSeen')}</th>
              {may && <ActionsHead />}
            </>
          }
        >
          {known.map((d) => (
            <tr key={d.id}>
              <td>
                <strong class="num">{d.id}</strong>
                {d.name && <div class="muted">{d.name}</div>}
                {d.gateway && <span class="chip">{t('dev.gateway')}</span>}
                {d.clockOff !== null && (
                  <span class="chip warn">{t('dev.clockOff', { h: num(d.clockOff / 3600, 2) })}</span>
                )}
              </td>
              <td>{d.unit || '—'}</td>
              <td>{d.identities.join(', ') || '—'}</td>
              <td class="num r">{num(d.interval)} s</td>
              <td class="num">{d.lastSeen ? dayTime(d.lastSeen) : '—'}</td>
              {may && (
                <td class="r">
                  <span class="row end">
                    <button
                      type="button"
                      class="btn sm"
                      aria-label={`${t('edit')} ${d.id}`}
                      onClick={() => (editing.value = d)}
                    >
                      {t('edit')}
                    </button>
                    <button
                      type="button"
                      class="btn sm"
                      aria-label={`${t('dev.key')} ${d.id}`}
                      onClick={() => void credentials(d)}
                    >
                      {t('dev.key')}
                    </button>
                    <button
                      type="button"
                      class="btn sm"
                      aria-label={`${t('raw.open')} ${d.id}`}
                      onClick={() => (looking.value = d.id)}
                    >
                      {t('raw.open')}
                    </button>
                  </span>
                </td>
              )}
            </tr>
          ))}
        </Table>
      )}
      {may && <DeviceTable onDone={load.reload} />}
      {may && <TopicRules />}
      {editing.value && (
        <EditDevice
          device={editing.value}
          units={units.data ?? []}
          onClose={() => (editing.value = null)}
          onDone={done}
        />
      )}
      {claiming.value && (
        <Claim
          device={claiming.value}
          units={units.data ?? []}
          onClose={() => (claiming.value = null)}
          onDone={done}
        />
      )}
      {looking.value && <RawData device={looking.value} onClose={() => (looking.value = '')} />}
      {secret.value && <Secret c={secret.value} onClose={() => (secret.value = null)} />}
    </SettingsPage>
  );
}
