// Who did or looked at what.
import { useSignal } from '@preact/signals';
import * as api from '../../api/endpoints';
import { t, tk } from '../../i18n';
import { dayTime } from '../../i18n/format';
import { district } from '../../state/session';
import { Icon } from '../../ui/icons';
import { useLoad } from '../../ui/load';
import { Empty } from '../../ui/parts';
import { SettingsPage, Table } from './marco';

export function Audit() {
  const u = district.value?.ubigeo ?? '';
  const load = useLoad((s) => api.audit(u, s), [u]);
  const words = useSignal('');
  const q = words.value.trim().toLowerCase();
  const rows = (load.data ?? []).filter(
    (r) =>
      !q ||
      `${r.username} ${r.action} ${tk('audit', r.action)} ${r.subject} ${r.detail}`.toLowerCase().includes(q),
  );
  return (
    <SettingsPage
      title={t('set.audit')}
      why={t('audit.why')}
      aside={
        <div class="search">
          <Icon name="search" sm />
          <input
            type="search"
            class="in"
            placeholder={t('audit.search')}
            aria-label={t('audit.search')}
            value={words.value}
            onInput={(e) => (words.value = e.currentTarget.value)}
          />
        </div>
      }
      wrap
      load={load}
      rows={12}
    >
      {load.data && rows.length === 0 && <Empty icon="list" title={t('audit.empty')} />}
      {rows.length > 0 && (
        <Table
          head={
            <>
              <th>{t('audit.when')}</th>
              <th>{t('audit.who')}</th>
              <th>{t('audit.what')}</th>
              <th>{t('audit.subject')}</th>
              <th>{t('audit.from')}</th>
            </>
          }
        >
          {rows.map((r, i) => (
            <tr key={`${r.at}${i}`}>
              <td class="num">{dayTime(r.at)}</td>
              <td>{r.username || '—'}</td>
              <td>{tk('audit', r.action)}</td>
              <td class="wraps">
                {r.subject} {r.detail && <span class="hint">{r.detail}</span>}
              </td>
              <td class="muted">{r.remote}</td>
            </tr>
          ))}
        </Table>
      )}
    </SettingsPage>
  );
}
