// One fixed post: name, place, hours, days, and who may take it.
import type { UnitSetup } from '../../api/endpoints';
import type { FixedPost } from '../../api/places';
import { t } from '../../i18n';
import { TextField } from '../../ui/fields';
import { Icon } from '../../ui/icons';
import { submit } from '../../ui/parts';

/** weekdays gives short names from Sunday on. */
export const weekdays = () => t('posts.weekdays').split(' ');

interface Props {
  post: FixedPost;
  placed: boolean;
  units: UnitSetup[];
  onChange: (p: FixedPost) => void;
  onSave: () => void;
  onCancel: () => void;
}

const toggle = <T,>(list: T[], v: T, on: boolean) => (on ? [...list, v] : list.filter((x) => x !== v));

export function PostForm({ post, placed, units, onChange, onSave, onCancel }: Props) {
  const set = (change: Partial<FixedPost>) => onChange({ ...post, ...change });
  const ready = placed && post.name.trim() !== '' && post.from !== '' && post.to !== '';
  return (
    <form class="card pad form" onSubmit={submit(onSave)}>
      <h3>{post.id ? post.name : t('posts.add')}</h3>
      <p class={placed ? 'picked' : 'picked none'}>
        <Icon name="pin" sm />
        {placed ? `${post.place[1].toFixed(5)}, ${post.place[0].toFixed(5)}` : t('posts.click')}
      </p>
      <TextField
        label={t('posts.name')}
        hint={t('posts.nameHint')}
        required
        maxLength={60}
        value={post.name}
        onValue={(name) => set({ name })}
      />
      <div class="form two">
        <TextField
          label={t('posts.from')}
          type="time"
          required
          value={post.from}
          onValue={(from) => set({ from })}
        />
        <TextField label={t('posts.to')} type="time" required value={post.to} onValue={(to) => set({ to })} />
      </div>
      <fieldset class="plainset">
        <legend>{t('posts.days')}</legend>
        <div class="row wrap">
          {weekdays().map((name, day) => (
            <label class="check" key={name}>
              <input
                type="checkbox"
                checked={post.days.length === 0 || post.days.includes(day)}
                disabled={post.days.length === 1 && post.days[0] === day}
                onChange={(e) => {
                  const all = post.days.length ? post.days : [0, 1, 2, 3, 4, 5, 6];
                  const next = toggle(all, day, e.currentTarget.checked).sort();
                  set({ days: next.length === 7 ? [] : next });
                }}
              />
              {name}
            </label>
          ))}
        </div>
      </fieldset>
      <fieldset class="plainset">
        <legend>{t('posts.units')}</legend>
        <div class="row wrap">
          {units.map((u) => (
            <label class="check" key={u.id}>
              <input
                type="checkbox"
                checked={post.units.includes(u.id)}
                onChange={(e) => set({ units: toggle(post.units, u.id, e.currentTarget.checked) })}
              />
              {u.callSign}
            </label>
          ))}
        </div>
        <span class="hint">{t('posts.unitsHint')}</span>
      </fieldset>
      <div class="row">
        <button type="submit" class="btn pri" disabled={!ready}>
          {t('save')}
        </button>
        <button type="button" class="btn" onClick={onCancel}>
          {t('cancel')}
        </button>
      </div>
    </form>
  );
}
