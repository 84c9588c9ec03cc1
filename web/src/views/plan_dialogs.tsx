// Questions that an edit asks: to which unit, at what time, how long.
import { useSignal } from '@preact/signals';
import type { Edit } from '../api/plan_change';
import type { Plan } from '../api/types';
import { t } from '../i18n';
import { clock, km, num } from '../i18n/format';
import { TextField } from '../ui/fields';
import { Dialog, Field, submit } from '../ui/parts';
import { nameOf, type Picked, type PickedStop } from './plan_pick';
import { RoundChip } from './plan_rounds';
import { roundShapes } from './shapes';

interface MoveProps {
  plan: Plan;
  picked: Picked;
  onPick: (unit: string) => void;
  onClose: () => void;
}

/** MoveTo lists the other units, those whose rounds lie nearest first. */
export function MoveTo({ plan, picked, onPick, onClose }: MoveProps) {
  const shapes = roundShapes(plan);
  const own = shapes.find((s) => s.number === picked.round?.number);
  const away = (n: number) => {
    const s = shapes.find((x) => x.number === n);
    return s && own ? Math.hypot(s.centre.x - own.centre.x, s.centre.y - own.centre.y) : n;
  };
  const others = plan.rounds
    .filter((r) => r.unit !== picked.round?.unit && r.ended === null)
    .sort((a, b) => away(a.number) - away(b.number));
  return (
    <Dialog title={nameOf(picked)} onClose={onClose}>
      <p class="muted">{t('edit.toWhom')}</p>
      <ul class="units-pick">
        {others.map((r) => (
          <li key={r.unit}>
            <button type="button" class="btn" onClick={() => onPick(r.unit)}>
              <RoundChip n={r.number} hue={shapes.find((s) => s.number === r.number)?.hue ?? 1} />
              <span class="grow ell">{r.callSign}</span>
              <span class="muted num">{km(r.metres)}</span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** onShift turns "01:30" into the instant of the shift that it means: the one nearest to another. */
export function onShift(hhmm: string, near: number): string {
  const [h, m] = hhmm.split(':').map(Number);
  const old = clock(near).split(':').map(Number);
  let by = h * 60 + m - (old[0] * 60 + old[1]);
  if (by > 720) by -= 1440;
  if (by < -720) by += 1440;
  return new Date(Math.floor(near / 60000) * 60000 + by * 60000).toISOString();
}

interface RetimeProps {
  picked: PickedStop;
  onPick: (at: string) => void;
  onClose: () => void;
}

export function Retime({ picked, onPick, onClose }: RetimeProps) {
  const time = useSignal(clock(picked.leg.start));
  return (
    <Dialog title={nameOf(picked)} onClose={onClose}>
      <form class="col" onSubmit={submit(() => time.value && onPick(onShift(time.value, picked.leg.start)))}>
        <TextField
          label={t('edit.when')}
          type="time"
          required
          value={time.value}
          onValue={(x) => (time.value = x)}
        />
        <button type="submit" class="btn pri">
          {t('edit.apply')}
        </button>
      </form>
    </Dialog>
  );
}

interface AddProps {
  plan: Plan;
  unit: string;
  name: string;
  onPick: (e: Omit<Edit, 'op'>) => void;
  onClose: () => void;
}

export function AddStop({ plan, unit, name, onPick, onClose }: AddProps) {
  const who = useSignal(unit);
  const time = useSignal('');
  const minutes = useSignal(12);
  const what = useSignal(name);
  const round = plan.rounds.find((r) => r.unit === who.value);
  const middle = round?.legs[Math.floor(round.legs.length / 2)]?.start ?? 0;
  return (
    <Dialog title={t('edit.add')} onClose={onClose}>
      <form
        class="col"
        onSubmit={submit(() =>
          onPick({
            unit: who.value,
            minutes: minutes.value,
            name: what.value,
            at: time.value ? onShift(time.value, middle) : undefined,
          }),
        )}
      >
        <Field label={t('replan.unit')}>
          <select class="in" value={who.value} onChange={(e) => (who.value = e.currentTarget.value)}>
            {plan.rounds.map((r) => (
              <option key={r.unit} value={r.unit}>
                {num(r.number)} · {r.callSign}
              </option>
            ))}
          </select>
        </Field>
        <TextField label={t('edit.when')} type="time" value={time.value} onValue={(x) => (time.value = x)} />
        <TextField
          label={t('edit.howLong')}
          type="number"
          min={10}
          max={60}
          required
          value={minutes.value}
          onValue={(x) => (minutes.value = Number(x))}
        />
        <TextField
          label={t('edit.stopName')}
          maxLength={120}
          value={what.value}
          onValue={(x) => (what.value = x)}
        />
        <button type="submit" class="btn pri">
          {t('edit.add')}
        </button>
      </form>
    </Dialog>
  );
}
