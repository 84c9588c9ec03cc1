// The way of a session to its two signatures.
import type { MeetingView, Side, Step } from '../api/meetings';
import { t, tk } from '../i18n';
import { dayTime } from '../i18n/format';
import { can } from '../state/session';
import { SureButton } from '../ui/sure';
import type { Act } from './sesion';

interface SignOffProps {
  view: MeetingView;
  speaks: Side | null; // for whom the reader speaks; null: nobody
  act: Act;
  drop: () => void;
  busy: boolean;
}

const sides: Side[] = ['municipality', 'police'];

/** SignOff shows where each side is, and offers the reader's next step. */
export function SignOff({ view, speaks, act, drop, busy }: SignOffProps) {
  const { session: x, sum } = view;
  const button = (
    step: Extract<Step, { step: 'submit' | 'retake' | 'reopen' | 'look' | 'correct' }>['step'],
    pri = false,
  ) => (
    <button type="button" class={`btn sm ${pri ? 'pri' : ''}`} disabled={busy} onClick={() => act({ step })}>
      {t(`meet.do.${step}`)}
    </button>
  );
  const bothLooked = sides.every((s) => x.looked[s]);
  return (
    <section class="card pad col" aria-labelledby="signoff">
      <h2 id="signoff">{t('meet.signoff')}</h2>
      <p class="muted">{t(`meet.hint.${x.state}`)}</p>
      <table class="tbl small">
        <thead>
          <tr>
            <th>{t('meet.side')}</th>
            <th>{t('meet.looked')}</th>
            <th>{t('meet.signed')}</th>
          </tr>
        </thead>
        <tbody>
          {sides.map((s) => (
            <tr key={s}>
              <td>{tk('meet.side', s)}</td>
              <td>{stampOf(x.looked[s])}</td>
              <td>{stampOf(x.signed[s])}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="hint sum">
        SHA-256 <code>{x.hash || sum}</code>
      </p>
      {speaks && (
        <div class="row wrap">
          {x.state === 'draft' && can('convene') && (
            <>
              {button('submit', true)}
              {button('retake')}
              <SureButton
                label={t('meet.do.drop')}
                ask={t('meet.do.dropSure')}
                disabled={busy}
                onSure={drop}
              />
            </>
          )}
          {x.state === 'review' && !x.looked[speaks] && button('look', true)}
          {x.state === 'review' && bothLooked && !x.signed[speaks] && (
            <button
              type="button"
              class="btn sm pri"
              disabled={busy}
              onClick={() => act({ step: 'sign', sum })}
            >
              {t('meet.do.sign', { side: tk('meet.side', speaks) })}
            </button>
          )}
          {x.state === 'review' && can('convene') && button('reopen')}
          {x.state === 'locked' && can('convene') && button('correct')}
        </div>
      )}
    </section>
  );
}

const stampOf = (s: { name: string; by: string; at: string } | undefined): string =>
  s ? `${s.name || s.by}, ${dayTime(s.at)}` : '—';
