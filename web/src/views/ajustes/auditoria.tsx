// Who did or looked at what.
import { useSignal } from '@preact/signals';
import * as api from '../../api/endpoints';
import { t, tk } from '../../i18n';
import { dayTime } from '../../i18n/format';
import { district } from '../../state/session';
import { Icon } from '../../ui/icons';
import { useLoad } from '../../ui/load';
import { Empty, Failure, Skeleton } from '../../ui/parts';

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
    <div class="setbody scroll">
      <header class="row wrap">
        <div class="grow">
          <h2>{t('set.audit')}</h2>
          <p class="muted">{t('audit.why')}</p>
        </div>
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
      </header>
      {load.error && <Failure error={load.error} retry={load.reload} />}
      {load.loading && !load.data && <Skeleton rows={12} />}
      {load.data && rows.length === 0 && <Empty icon="list" title={t('audit.empty')} />}
      {rows.length > 0 && (
        <div class="card tablecard scroll">
          <table class="tbl">
            <thead>
              <tr>
                <th>{t('audit.when')}</th>
                <th>{t('audit.who')}</th>
                <th>{t('audit.what')}</th>
                <th>{t('audit.subject')}</th>
                <th>{t('audit.from')}</th>
              </tr>
            </thead>
            <tbody>
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
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
