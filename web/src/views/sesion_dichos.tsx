// What was said at a session, and who was there.
import { useSignal } from '@preact/signals';
import type { Formula } from '../api/evaluation';
import type { Attendee, Meeting, Side } from '../api/meetings';
import { t, tk } from '../i18n';
import { dayTime } from '../i18n/format';
import { Choice, TextField } from '../ui/fields';
import { submit } from '../ui/parts';
import type { Act } from './sesion';
import { sideChoices } from './sesion_acuerdos';

interface CommentsProps {
  meeting: Meeting;
  formulas: Formula[];
  open: boolean;
  act: Act;
}

export function Comments({ meeting: x, formulas, open, act }: CommentsProps) {
  const text = useSignal('');
  const about = useSignal('');
  const nameOf = (key?: string) => formulas.find((f) => f.key === key)?.name ?? t('meet.whole');
  const say = async () => {
    const done = await act({
      step: 'comment',
      text: text.value,
      ...(about.value && { indicator: about.value }),
    });
    if (done) text.value = '';
  };
  return (
    <section class="card pad col" aria-labelledby="comments">
      <h2 id="comments">{t('meet.comments')}</h2>
      {x.comments.length === 0 && <p class="muted">{t('meet.noComments')}</p>}
      <ul class="said">
        {x.comments.map((c) => (
          <li key={`${c.at} ${c.by}`}>
            <p>{c.text}</p>
            <p class="hint">
              {[c.name || c.by, tk('meet.side', c.side), nameOf(c.indicator), dayTime(c.at)].join(' · ')}
            </p>
          </li>
        ))}
      </ul>
      {open && (
        <form class="form two" onSubmit={submit(say)}>
          <TextField
            label={t('meet.comment')}
            required
            maxLength={2000}
            value={text.value}
            onValue={(v) => {
              text.value = v;
            }}
          />
          <Choice
            label={t('meet.about')}
            value={about.value}
            options={[['', t('meet.whole')], ...formulas.map((f) => [f.key, f.name] as const)]}
            onValue={(v) => {
              about.value = v;
            }}
          />
          <button type="submit" class="btn sm">
            {t('meet.do.comment')}
          </button>
        </form>
      )}
    </section>
  );
}

interface AttendanceProps {
  meeting: Meeting;
  sum: string; // of what is shown
  open: boolean;
  act: Act;
}

export function Attendance({ meeting: x, sum, open, act }: AttendanceProps) {
  const one = useSignal<Attendee>({ name: '', post: '', side: '' });
  const set = (part: Partial<Attendee>) => {
    one.value = { ...one.value, ...part };
  };
  const add = async () => {
    const done = await act({ step: 'attend', sum, attendance: [...x.attendance, one.value] });
    if (done) one.value = { name: '', post: '', side: one.value.side };
  };
  return (
    <section class="card pad col" aria-labelledby="attendance">
      <h2 id="attendance">{t('meet.attendance')}</h2>
      {x.attendance.length === 0 && <p class="muted">{t('meet.nobody')}</p>}
      <ul class="said">
        {x.attendance.map((a, i) => (
          <li key={`${a.name} ${a.post}`} class="row">
            <p class="grow">
              <strong>{a.name}</strong>{' '}
              <span class="hint">
                {a.post}
                {a.side && ` · ${tk('meet.side', a.side)}`}
              </span>
            </p>
            {open && (
              <button
                type="button"
                class="btn sm"
                aria-label={t('meet.do.absent', { name: a.name })}
                onClick={() =>
                  act({ step: 'attend', sum, attendance: x.attendance.filter((_, k) => k !== i) })
                }
              >
                {t('meet.do.remove')}
              </button>
            )}
          </li>
        ))}
      </ul>
      {open && (
        <form class="form two" onSubmit={submit(add)}>
          <TextField
            label={t('meet.name')}
            required
            maxLength={120}
            value={one.value.name}
            onValue={(name) => set({ name })}
          />
          <TextField
            label={t('meet.post')}
            required
            maxLength={120}
            value={one.value.post}
            onValue={(post) => set({ post })}
          />
          <Choice<Side | ''>
            label={t('meet.side')}
            value={one.value.side ?? ''}
            options={sideChoices()}
            onValue={(side) => set({ side })}
          />
          <button type="submit" class="btn sm">
            {t('meet.do.attend')}
          </button>
        </form>
      )}
    </section>
  );
}
