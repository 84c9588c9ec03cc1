// Payloads that could not be read: why, what they hold, reading them anew, forgetting them.
import { useSignal } from '@preact/signals';
import * as api from '../../api/letters';
import { t, tk, tn } from '../../i18n';
import { dayTime, num } from '../../i18n/format';
import { district } from '../../state/session';
import { useLoad } from '../../ui/load';
import { notify } from '../../ui/notice';
import { Dialog, Empty, Failure } from '../../ui/parts';
import { ActionsHead, SettingsPage, Table } from './marco';

/** why says in the reader's words why a payload could not be read. */
const why = (l: api.Letter) => (l.code ? tk('dead.code', l.code) : l.reason);

export function DeadLetters() {
  const u = district.value?.ubigeo ?? '';
  const load = useLoad((s) => api.letters(u, s), [u]);
  const open = useSignal<api.Letter | null>(null);
  const error = useSignal('');
  const busy = useSignal(false);
  const replay = async (id?: number) => {
    error.value = '';
    busy.value = true;
    try {
      const r = await api.replayLetters(u, id);
      notify(tn('dead.replayed', r.decoded, num(r.decoded)) + t('dead.stored', { n: num(r.stored) }));
      open.value = null;
      load.reload();
    } catch (e) {
      error.value = (e as Error).message;
    }
    busy.value = false;
  };
  const d = load.data;
  return (
    <SettingsPage
      title={t('set.letters')}
      why={t('dead.why')}
      load={load}
      error={error.value}
      aside={
        d &&
        d.total > 0 && (
          <button type="button" class="btn" disabled={busy.value} onClick={() => void replay()}>
            {t('dead.replayAll')}
          </button>
        )
      }
    >
      {d && d.total === 0 && (
        <Empty icon="check" title={t('dead.none')}>
          <p>{t('dead.noneWhy')}</p>
        </Empty>
      )}
      {d && d.total > 0 && (
        <>
          <p class="hint" role="status">
            {tn('dead.total', d.total, num(d.total))}
            {d.total > d.letters.length && ` · ${t('dead.shown', { n: num(d.letters.length) })}`}
          </p>
          <Table
            head={
              <>
                <th>{t('dead.received')}</th>
                <th>{t('dead.reason')}</th>
                <th class="wide">{t('dead.topic')}</th>
                <th class="r wide">{t('dead.bytes')}</th>
                <ActionsHead />
              </>
            }
          >
            {d.letters.map((l) => (
              <tr key={l.id}>
                <td class="num">{dayTime(l.received)}</td>
                <td>{why(l)}</td>
                <td class="wide">{l.topic || l.client || '—'}</td>
                <td class="r num wide">{num(l.bytes)}</td>
                <td class="r">
                  <button
                    type="button"
                    class="btn sm"
                    aria-label={`${t('dead.look')} ${dayTime(l.received)}`}
                    onClick={() => (open.value = l)}
                  >
                    {t('dead.look')}
                  </button>
                </td>
              </tr>
            ))}
          </Table>
        </>
      )}
      {open.value && (
        <Look
          letter={open.value}
          busy={busy.value}
          onReplay={(id) => void replay(id)}
          onClose={() => (open.value = null)}
          onGone={() => {
            open.value = null;
            load.reload();
          }}
        />
      )}
    </SettingsPage>
  );
}

interface LookProps {
  letter: api.Letter;
  busy: boolean;
  onReplay: (id: number) => void;
  onClose: () => void;
  onGone: () => void;
}

function Look({ letter, busy, onReplay, onClose, onGone }: LookProps) {
  const u = district.value?.ubigeo ?? '';
  const load = useLoad((s) => api.letter(u, letter.id, s), [u, letter.id]);
  const sure = useSignal(false);
  const error = useSignal('');
  const l = load.data ?? letter;
  const discard = async () => {
    try {
      await api.discardLetter(u, letter.id);
      notify(t('dead.gone'));
      onGone();
    } catch (e) {
      error.value = (e as Error).message;
    }
  };
  return (
    <Dialog
      title={why(l)}
      onClose={onClose}
      footer={
        <>
          <button
            type="button"
            class="btn"
            onClick={() => {
              if (sure.value) void discard();
              else sure.value = true;
            }}
          >
            {t(sure.value ? 'dead.sure' : 'dead.discard')}
          </button>
          <button type="button" class="btn pri" disabled={busy} onClick={() => onReplay(letter.id)}>
            {t('dead.replay')}
          </button>
        </>
      }
    >
      <dl class="roles">
        <div>
          <dt>{t('dead.topic')}</dt>
          <dd>{l.topic || '—'}</dd>
        </div>
        {l.client && (
          <div>
            <dt>{t('dead.client')}</dt>
            <dd>{l.client}</dd>
          </div>
        )}
        <div>
          <dt>{t('dead.detail')}</dt>
          <dd lang="en">{l.reason}</dd>
        </div>
      </dl>
      <pre class="payload">{l.payload || t('dead.noPayload')}</pre>
      {l.bytes > l.payload.length && <p class="hint">{t('dead.cut', { n: num(l.bytes) })}</p>}
      {(error.value || load.error) && <Failure error={error.value || load.error} />}
    </Dialog>
  );
}
