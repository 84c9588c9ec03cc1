// The street or stop that was picked, with everything that can be done to it.
// It can be dragged onto a round of the list; each drag has its button.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Edit } from '../api/plan_change';
import type { Plan } from '../api/types';
import { t } from '../i18n';
import type { LonLat } from '../map/geo';
import { roundColour } from '../map/palette';
import { editing } from '../state/plan_edit';
import { dragging } from '../state/plan_trial';
import { dark } from '../state/prefs';
import { Icon } from '../ui/icons';
import { AddStop, MoveTo, Retime } from './plan_dialogs';
import { detailOf, dragKind, lockedIn, nameOf, type Picked, stopBeside } from './plan_pick';

interface Props {
  plan: Plan;
  picked: Picked;
  at: LonLat | null; // where the street was pointed at
  hue: number;
  ask: '' | 'move';
  onAsked: () => void;
  onEdit: (edits: Edit[], words: string) => void;
  onReorder: (by: -1 | 1) => void; // a stop: one earlier, one later
  onClose: () => void;
}

/** moveEdit gives what is picked to another unit. */
export function moveEdit(p: Picked, to: string): Edit | null {
  if (p.round?.unit === to) return null;
  if (p.kind === 'street') return { op: 'move_street', segments: p.segments, to };
  if (p.leg.kind === 'break') return null;
  return { op: 'move_stop', unit: p.round.unit, stop: p.leg.seq, to };
}

export function PickedCard({ plan, picked, at, hue, ask, onAsked, onEdit, onReorder, onClose }: Props) {
  const only = useSignal(false);
  const dialog = useSignal<'' | 'move' | 'retime' | 'add'>('');
  useEffect(() => {
    if (ask) {
      dialog.value = ask;
      onAsked();
    }
  }, [ask]);
  const p: Picked =
    picked.kind === 'street' && only.value ? { ...picked, segments: [picked.segment] } : picked;
  const locked = lockedIn(plan, p);
  const name = nameOf(p);
  const unit = p.round;
  const say = (op: Edit['op'], to?: string) =>
    t(`edit.did.${op}`, { name, unit: plan.rounds.find((r) => r.unit === to)?.callSign ?? '' });
  const run = (e: Edit, to?: string) => onEdit([e], say(e.op, to ?? e.unit));
  const stop = p.kind === 'stop' && p.leg.kind === 'stop';
  const banned =
    p.kind === 'street'
      ? plan.rules.forbids.filter((f) => p.segments.includes(f.segment) && f.unit !== '').map((f) => f.unit)
      : [];
  return (
    <section class="card workcard" aria-label={t('edit.actions', { name })}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dragging is the mouse's way; each action has its button */}
      <header
        class="row"
        draggable={!locked && !editing.value && (p.kind === 'street' || stop)}
        onDragStart={(e) => {
          e.dataTransfer?.setData(dragKind, '');
          e.dataTransfer?.setData('text/plain', name);
          dragging(true);
        }}
        onDragEnd={() => dragging(false)}
      >
        <span class="grip" aria-hidden="true" style={{ color: roundColour(hue, dark.value) }}></span>
        <div class="grow">
          <h2 class="ell">{name}</h2>
          <p class="hint">{detailOf(p)}</p>
        </div>
        {locked && (
          <span class="chip">
            <Icon name="lock" sm />
            {t('edit.locked')}
          </span>
        )}
        <button type="button" class="btn quiet icon sm" onClick={onClose} aria-label={t('close')}>
          <Icon name="close" sm />
        </button>
      </header>
      {picked.kind === 'street' && picked.segments.length > 1 && (
        <label class="check">
          <input
            type="checkbox"
            checked={only.value}
            onChange={(e) => (only.value = e.currentTarget.checked)}
          />
          {t('edit.onlyBlock')}
        </label>
      )}
      <div class="row wrap acts">
        {p.kind === 'street' && (
          <button
            type="button"
            class="btn sm"
            disabled={locked || editing.value}
            onClick={() => (dialog.value = 'move')}
          >
            {t('edit.moveStreet')}
          </button>
        )}
        {stop && (
          <button
            type="button"
            class="btn sm"
            disabled={locked || editing.value}
            onClick={() => (dialog.value = 'move')}
          >
            {t('edit.moveStop')}
          </button>
        )}
        {p.kind === 'stop' && (
          <button
            type="button"
            class="btn sm"
            disabled={editing.value}
            onClick={() => (dialog.value = 'retime')}
          >
            {t('edit.retime')}
          </button>
        )}
        {p.kind === 'stop' &&
          ([-1, 1] as const).map((by) => (
            <button
              key={by}
              type="button"
              class="btn sm"
              title={by < 0 ? 'Alt ↑' : 'Alt ↓'}
              disabled={locked || editing.value || !stopBeside(p.round, p.leg.seq, by)}
              onClick={() => onReorder(by)}
            >
              {by < 0 ? t('edit.earlier') : t('edit.later')}
            </button>
          ))}
        {stop && (
          <button
            type="button"
            class="btn sm"
            disabled={locked || editing.value}
            onClick={() => run({ op: 'drop_stop', unit: p.round?.unit, stop: p.leg?.seq })}
          >
            {t('edit.dropStop')}
          </button>
        )}
        {unit && (p.kind === 'street' || stop) && (
          <button
            type="button"
            class="btn sm"
            disabled={editing.value}
            onClick={() =>
              run(
                p.kind === 'street'
                  ? { op: locked ? 'unlock' : 'lock', unit: unit.unit, segments: p.segments }
                  : { op: locked ? 'unlock' : 'lock', unit: unit.unit, stop: p.leg.seq },
              )
            }
          >
            {locked ? t('edit.unlock') : t('edit.lock')}
          </button>
        )}
        {p.kind === 'street' && unit && (
          <>
            <button
              type="button"
              class="btn sm"
              disabled={locked || editing.value}
              onClick={() => run({ op: 'forbid', unit: unit.unit, segments: p.segments })}
            >
              {t('edit.forbid', { unit: unit.callSign })}
            </button>
            <button
              type="button"
              class="btn sm"
              disabled={locked || editing.value}
              onClick={() => run({ op: 'drop_street', segments: p.segments })}
            >
              {t('edit.dropStreet')}
            </button>
          </>
        )}
        {p.kind === 'street' && at && (
          <button
            type="button"
            class="btn sm"
            disabled={editing.value}
            onClick={() => (dialog.value = 'add')}
          >
            {t('edit.addStop')}
          </button>
        )}
        {[...new Set(banned)].map((b) => (
          <button
            key={b}
            type="button"
            class="btn sm"
            disabled={editing.value}
            onClick={() => run({ op: 'permit', unit: b, segments: p.kind === 'street' ? p.segments : [] })}
          >
            {t('edit.permit')}: {plan.rounds.find((r) => r.unit === b)?.callSign ?? b}
          </button>
        ))}
      </div>
      <p class="hint draghint">{t('edit.drag')}</p>
      {dialog.value === 'move' && (
        <MoveTo
          plan={plan}
          picked={p}
          onClose={() => (dialog.value = '')}
          onPick={(to) => {
            dialog.value = '';
            const e = moveEdit(p, to);
            if (e) run(e, to);
          }}
        />
      )}
      {dialog.value === 'retime' && p.kind === 'stop' && (
        <Retime
          picked={p}
          onClose={() => (dialog.value = '')}
          onPick={(when) => {
            dialog.value = '';
            run({ op: 'retime_stop', unit: p.round.unit, stop: p.leg.seq, at: when });
          }}
        />
      )}
      {dialog.value === 'add' && at && (
        <AddStop
          plan={plan}
          unit={unit?.unit ?? plan.rounds[0]?.unit ?? ''}
          name={name}
          onClose={() => (dialog.value = '')}
          onPick={(e) => {
            dialog.value = '';
            run({ ...e, op: 'add_stop', point: at });
          }}
        />
      )}
    </section>
  );
}
