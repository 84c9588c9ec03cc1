// The sessions of a district: those that were held, and beginning another one.
import { useSignal } from '@preact/signals';
import { beginMeeting, type MeetingHead, meetings } from '../api/meetings';
import { t, tk, tn } from '../i18n';
import { date, num } from '../i18n/format';
import { setQuery } from '../state/router';
import { can, district } from '../state/session';
import { useLoad } from '../ui/load';
import { Failure } from '../ui/parts';

interface SessionsProps {
  period: { from: string; to: string; sector: string; shift: string };
  name: (sector: string) => string;
}

/** Sessions lists them, the latest periods first. */
export function Sessions({ period, name }: SessionsProps) {
  const u = district.value?.ubigeo ?? '';
  const list = useLoad((s) => meetings(u, s), [u], u);
  const error = useSignal('');
  const begin = async () => {
    error.value = '';
    try {
      const { sector, shift, ...days } = period;
      const made = await beginMeeting(u, { ...days, ...(sector && { sector }), ...(shift && { shift }) });
      setQuery({ sesion: made.session.id }, false);
    } catch (e) {
      error.value = (e as Error).message;
    }
  };
  return (
    <section class="card pad col" aria-labelledby="sessions">
      <header class="row wrap">
        <h2 id="sessions" class="grow">
          {t('meet.title')}
        </h2>
        {can('convene') && (
          <button type="button" class="btn sm pri" onClick={begin}>
            {t('meet.begin')}
          </button>
        )}
      </header>
      {list.error && <Failure error={list.error} retry={list.reload} />}
      {error.value && <Failure error={error.value} />}
      {list.data?.length === 0 && <p class="muted">{t('meet.none')}</p>}
      <ul class="sessions">
        {list.data?.map((x) => (
          <li key={x.id}>
            <button type="button" class="cellrow" onClick={() => setQuery({ sesion: x.id }, false)}>
              <span class="grow">
                {date(x.from)} – {date(x.to)}
                <span class="hint">{about(x, name)}</span>
              </span>
              <span class={`chip ${stateTone[x.state]}`}>{tk('meet.state', x.state)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

export const stateTone = { draft: '', review: 'warn', locked: 'ok' } as const;

const about = (x: MeetingHead, name: (sector: string) => string): string =>
  [
    x.sector ? name(x.sector) : t('eval.wholeDistrict'),
    x.shift,
    t('meet.version', { n: x.version }),
    tn('meet.agreements', x.agreements, num(x.agreements)),
    x.open > 0 && t('meet.pending', { n: num(x.open) }),
  ]
    .filter(Boolean)
    .join(' · ');
