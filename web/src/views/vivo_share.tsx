// A link that shows units to somebody without an account.
import { useSignal } from '@preact/signals';
import { makeShare, revokeShare, shares } from '../api/shares';
import { t, tn } from '../i18n';
import { dayTime, num } from '../i18n/format';
import { told } from '../state/live';
import { district } from '../state/session';
import { useLoad } from '../ui/load';
import { Dialog, Failure, Field, Note, Seg, submit } from '../ui/parts';

const lives = [
  ['60', '1 h'],
  ['240', '4 h'],
  ['480', '8 h'],
  ['1440', '24 h'],
] as const;

export function ShareDialog({ unit, onClose }: { unit: string; onClose: () => void }) {
  const u = district.value?.ubigeo ?? '';
  const all = useSignal(false);
  const minutes = useSignal<string>('240');
  const note = useSignal('');
  const made = useSignal('');
  const copied = useSignal(false);
  const error = useSignal('');
  const list = useLoad((s) => shares(u, s), [u]);
  const name = (id: string) => told.value.units.get(id)?.callSign || id;
  const attempt = async (f: () => Promise<void>) => {
    error.value = '';
    try {
      await f();
      list.reload();
    } catch (e) {
      error.value = (e as Error).message;
    }
  };
  const make = () =>
    attempt(async () => {
      const units = all.value
        ? [...told.value.units.values()].filter((x) => x.link !== 'offline').map((x) => x.id)
        : [unit];
      made.value = await makeShare(u, units.slice(0, 100), Number(minutes.value), note.value.trim());
    });
  const copy = async () => {
    await navigator.clipboard?.writeText(made.value);
    copied.value = true;
  };
  const open = (list.data ?? []).filter((l) => l.open);
  return (
    <Dialog title={t('share.title')} onClose={onClose}>
      <form class="col" onSubmit={submit(() => void make())}>
        <p class="hint">{t('share.why')}</p>
        <Seg
          label={t('share.what')}
          value={all.value ? 'all' : 'one'}
          options={[
            ['one', name(unit)],
            ['all', t('share.all')],
          ]}
          onChange={(v) => {
            all.value = v === 'all';
          }}
        />
        <Seg
          label={t('share.life')}
          value={minutes.value}
          options={lives}
          onChange={(v) => {
            minutes.value = v;
          }}
        />
        <Field label={t('share.note')} hint={t('share.noteHint')}>
          <input
            class="in"
            maxLength={80}
            value={note.value}
            onInput={(e) => (note.value = e.currentTarget.value)}
          />
        </Field>
        {error.value && <Failure error={error.value} />}
        {made.value ? (
          <Note tone="ok" title={t('share.made')}>
            <input
              class="in num"
              readOnly
              value={made.value}
              aria-label={t('share.link')}
              onFocus={(e) => e.currentTarget.select()}
            />
            <button type="button" class="btn sm" onClick={() => void copy()}>
              {t(copied.value ? 'share.copied' : 'share.copy')}
            </button>
          </Note>
        ) : (
          <button type="submit" class="btn primary">
            {t('share.make')}
          </button>
        )}
      </form>
      {open.length > 0 && (
        <>
          <h3>{t('share.open')}</h3>
          <ul class="files">
            {open.map((l) => (
              <li key={l.id}>
                <span class="grow">
                  {l.note || tn('share.units', l.units.length, num(l.units.length))}
                  <small class="hint">
                    {' '}
                    {t('share.until', { time: dayTime(l.expires), by: l.createdBy })} ·{' '}
                    {tn('share.looks', l.looks, num(l.looks))}
                  </small>
                </span>
                <button type="button" class="btn sm" onClick={() => void attempt(() => revokeShare(u, l.id))}>
                  {t('share.revoke')}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}
