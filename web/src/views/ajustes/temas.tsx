// How MQTT topics are read: pattern, format, and where the device is named.
import { useSignal } from '@preact/signals';
import * as dev from '../../api/devices';
import { t, tk } from '../../i18n';
import { district } from '../../state/session';
import { Choice, TextField } from '../../ui/fields';
import { Icon } from '../../ui/icons';
import { useLoad } from '../../ui/load';
import { Failure, submit } from '../../ui/parts';
import { ActionsHead } from './marco';

const blank: dev.TopicRule = { pattern: '', format: 'auto', identity: 'topic' };

export function TopicRules() {
  const u = district.value?.ubigeo ?? '';
  const load = useLoad((s) => dev.topicRules(u, s), [u]);
  const draft = useSignal<dev.TopicRule>(blank);
  const error = useSignal('');
  const v = draft.value;
  const attempt = async (f: () => Promise<unknown>) => {
    error.value = '';
    try {
      await f();
      draft.value = blank;
      load.reload();
    } catch (e) {
      error.value = (e as Error).message;
    }
  };
  return (
    <section class="card pad form">
      <h3>{t('topic.title')}</h3>
      <p class="muted">{t('topic.why')}</p>
      {(load.data ?? []).length > 0 && (
        <table class="tbl">
          <thead>
            <tr>
              <th>{t('topic.pattern')}</th>
              <th>{t('topic.format')}</th>
              <th>{t('topic.identity')}</th>
              <ActionsHead />
            </tr>
          </thead>
          <tbody>
            {(load.data ?? []).map((r) => (
              <tr key={r.pattern}>
                <td>
                  <code>{r.pattern}</code>
                </td>
                <td>{r.format}</td>
                <td>{tk('topic.id', r.identity)}</td>
                <td class="r">
                  <button
                    type="button"
                    class="btn quiet icon sm"
                    aria-label={`${t('dev.remove')} ${r.pattern}`}
                    onClick={() => void attempt(() => dev.deleteTopicRule(u, r.pattern))}
                  >
                    <Icon name="close" sm />
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <form class="row wrap" onSubmit={submit(() => void attempt(() => dev.saveTopicRule(u, v)))}>
        <TextField
          label={t('topic.pattern')}
          placeholder="{device}/data"
          value={v.pattern}
          onValue={(x) => (draft.value = { ...v, pattern: x.trim() })}
        />
        <Choice
          label={t('topic.format')}
          value={v.format}
          options={dev.formats.map((f) => [f, f] as const)}
          onValue={(x) => (draft.value = { ...v, format: x })}
        />
        <Choice
          label={t('topic.identity')}
          value={v.identity}
          options={dev.identities.map((f) => [f, tk('topic.id', f)] as const)}
          onValue={(x) => (draft.value = { ...v, identity: x })}
        />
        <button type="submit" class="btn" disabled={!v.pattern}>
          {t('topic.add')}
        </button>
      </form>
      {(error.value || load.error) && <Failure error={error.value || load.error} />}
    </section>
  );
}
