// One session: its figures as they were taken, what was said and agreed on, who
// was there, and the signatures of both sides.
import { useSignal } from '@preact/signals';
import * as api from '../api/meetings';
import { meetingPaperURL } from '../api/papers';
import { t, tk } from '../i18n';
import { date, dayTime } from '../i18n/format';
import { setQuery } from '../state/router';
import { can, district, role } from '../state/session';
import { useLoad } from '../ui/load';
import { notify } from '../ui/notice';
import { Failure, Skeleton } from '../ui/parts';
import { Reading } from '../ui/reading';
import { Figures } from './evaluacion_cifras';
import { Agreements } from './sesion_acuerdos';
import { Attendance, Comments } from './sesion_dichos';
import { SignOff } from './sesion_firma';
import { stateTone } from './sesiones';

/** Act takes a session a step on; it tells whether that was done. */
export type Act = (step: api.Step) => Promise<boolean>;

export function Session({ id, name }: { id: string; name: (sector: string) => string }) {
  const u = district.value?.ubigeo ?? '';
  const load = useLoad((s) => api.meeting(u, id, s), [u, id], `${u} ${id}`);
  const error = useSignal('');
  const busy = useSignal(false);
  const attempt = async (what: () => Promise<unknown>): Promise<boolean> => {
    if (busy.value) return false;
    busy.value = true;
    error.value = '';
    try {
      await what();
      notify(t('saved'));
      return true;
    } catch (e) {
      error.value = (e as Error).message;
      return false;
    } finally {
      busy.value = false;
      load.reload();
    }
  };
  const act: Act = (step) =>
    attempt(async () => {
      const now = await api.stepMeeting(u, id, step);
      if (now.session.id !== id) setQuery({ sesion: now.session.id }, false);
    });
  const drop = () =>
    attempt(async () => {
      await api.dropMeeting(u, id);
      setQuery({ sesion: null });
    });
  const view = load.data;
  const x = view?.session;
  const speaks = role.value === 'liaison' ? 'police' : can('meet') ? 'municipality' : null;
  const open = x !== undefined && x.state !== 'locked' && speaks !== null;
  return (
    <Reading
      head={
        <>
          <button type="button" class="btn keep" onClick={() => setQuery({ sesion: null }, false)}>
            ← {t('meet.back')}
          </button>
          <h1>{t('meet.one')}</h1>
          {x && <span class={`chip ${stateTone[x.state]}`}>{tk('meet.state', x.state)}</span>}
          {x && <PaperLinks id={x.id} />}
        </>
      }
    >
      {load.error && <Failure error={load.error} retry={load.reload} />}
      {error.value && <Failure error={error.value} />}
      {load.loading && !view && <Skeleton rows={10} />}
      {view && x && (
        <>
          <p class="muted">
            {[
              `${date(x.query.from)} – ${date(x.query.to)}`,
              x.query.sector ? name(x.query.sector) : t('eval.wholeDistrict'),
              x.query.shift ?? t('eval.allShifts'),
              t('meet.version', { n: x.version }),
              t('meet.taken', { when: dayTime(x.taken) }),
            ].join(' · ')}
          </p>
          <SignOff view={view} speaks={speaks} act={act} drop={drop} busy={busy.value} />
          <Agreements meeting={x} sum={view.sum} open={open} act={act} />
          <Comments meeting={x} formulas={view.formulas} open={open} act={act} />
          <Attendance meeting={x} sum={view.sum} open={open} act={act} />
          {x.figures && <Figures review={x.figures} formulas={view.formulas} />}
        </>
      )}
    </Reading>
  );
}

function PaperLinks({ id }: { id: string }) {
  const u = district.value?.ubigeo ?? '';
  return (
    <>
      <a class="btn keep" href={meetingPaperURL(u, id, 'pdf')} target="_blank" rel="noopener">
        {t('meet.pdf')}
      </a>
      <a class="btn" href={meetingPaperURL(u, id, 'xlsx')} download>
        {t('meet.xlsx')}
      </a>
    </>
  );
}
