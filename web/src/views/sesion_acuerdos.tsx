// What was agreed on: who does what by when, and what became of it.
import { useSignal } from '@preact/signals';
import type { Agreement, Meeting, Side } from '../api/meetings';
import { t, tk } from '../i18n';
import { date, dateOf } from '../i18n/format';
import { Choice, TextField } from '../ui/fields';
import { submit } from '../ui/parts';
import type { Act } from './sesion';

interface AgreementsProps {
  meeting: Meeting;
  sum: string; // of what is shown
  open: boolean; // it can still change, and the reader may
  act: Act;
}

export function Agreements({ meeting: x, sum, open, act }: AgreementsProps) {
  const today = dateOf(new Date());
  const change = (a: Agreement, state: Agreement['state']) =>
    act({ step: 'agree', sum, agreement: { ...a, state, done_on: state === 'done' ? today : '' } });
  return (
    <section class="card pad col" aria-labelledby="agreements">
      <h2 id="agreements">{t('meet.agreed')}</h2>
      {x.agreements.length === 0 && <p class="muted">{t('meet.noAgreements')}</p>}
      <ul class="said">
        {x.agreements.map((a) => {
          const late = a.state === 'open' && a.due < today;
          return (
            <li key={a.id}>
              <p>
                <strong>{a.text}</strong>{' '}
                <span class={`chip ${late ? 'bad' : a.state === 'done' ? 'ok' : ''}`}>
                  {late ? t('meet.overdue') : tk('meet.agreement', a.state)}
                </span>
              </p>
              <p class="hint">
                {[
                  a.who,
                  a.side ? tk('meet.side', a.side) : t('meet.bothSides'),
                  t('meet.due', { date: date(a.due) }),
                  a.done_on && t('meet.doneOn', { date: date(a.done_on) }),
                  a.from && t('meet.from', { id: a.from }),
                  a.note,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
              {open && (
                <div class="row wrap">
                  {a.state === 'open' ? (
                    <>
                      <button type="button" class="btn sm" onClick={() => change(a, 'done')}>
                        {t('meet.do.done')}
                      </button>
                      {a.from ? (
                        <button type="button" class="btn sm" onClick={() => change(a, 'dropped')}>
                          {t('meet.do.give')}
                        </button>
                      ) : (
                        <button type="button" class="btn sm" onClick={() => act({ step: 'unsay', id: a.id })}>
                          {t('meet.do.remove')}
                        </button>
                      )}
                    </>
                  ) : (
                    <button type="button" class="btn sm" onClick={() => change(a, 'open')}>
                      {t('meet.do.again')}
                    </button>
                  )}
                </div>
              )}
            </li>
          );
        })}
      </ul>
      {open && <NewAgreement sum={sum} act={act} />}
    </section>
  );
}

const nothing = { text: '', who: '', due: '', side: '' as Side | '' };

function NewAgreement({ sum, act }: { sum: string; act: Act }) {
  const a = useSignal(nothing);
  const set = (part: Partial<typeof a.value>) => {
    a.value = { ...a.value, ...part };
  };
  const add = async () => {
    const done = await act({ step: 'agree', sum, agreement: a.value });
    if (done) a.value = nothing;
  };
  return (
    <form class="form two" onSubmit={submit(add)}>
      <TextField
        label={t('meet.agreement')}
        required
        maxLength={2000}
        value={a.value.text}
        onValue={(text) => set({ text })}
      />
      <TextField
        label={t('meet.who')}
        required
        maxLength={120}
        value={a.value.who}
        onValue={(who) => set({ who })}
      />
      <TextField
        label={t('meet.dueDate')}
        type="date"
        required
        value={a.value.due}
        onValue={(due) => set({ due })}
      />
      <Choice<Side | ''>
        label={t('meet.side')}
        value={a.value.side}
        options={sideChoices()}
        onValue={(side) => set({ side })}
      />
      <button type="submit" class="btn sm pri">
        {t('meet.do.agree')}
      </button>
    </form>
  );
}

export const sideChoices = (): [Side | '', string][] => [
  ['', t('meet.bothSides')],
  ['municipality', tk('meet.side', 'municipality')],
  ['police', tk('meet.side', 'police')],
];
