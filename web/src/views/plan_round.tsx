// One round as a vertical timetable, with the reason of every stop.
import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { PlanRound } from '../api/types';
import { t, tk } from '../i18n';
import { clock, km, num, span } from '../i18n/format';
import type { LonLat } from '../map/geo';
import { roundColour } from '../map/palette';
import { dragging } from '../state/plan_trial';
import { dark } from '../state/prefs';
import { Icon } from '../ui/icons';
import { Note } from '../ui/parts';
import { dragKind, stopKind } from './plan_pick';
import { RoundChip } from './plan_rounds';
import { type Entry, timetable } from './timetable';

interface Props {
  round: PlanRound;
  hue: number;
  sheet: string; // where its hoja de ruta can be had; empty: nowhere
  onClose: () => void;
  onShow: (at: LonLat) => void;
  signs: (unit: string) => string;
  pickedStop: number; // seq; 0: none
  edits: {
    locked: boolean;
    onLock: () => void;
    onStop: (seq: number) => void;
    onStreet: (segment: string) => void;
    onBefore: (seq: number) => void; // what is dragged comes before this stop
  } | null; // null: this version cannot be changed
}

export function RoundDrawer({ round, hue, sheet, onClose, onShow, signs, pickedStop, edits }: Props) {
  const entries = useMemo(() => timetable(round, signs), [round]);
  const inStops = round.legs
    .filter((l) => l.kind === 'stop')
    .reduce((s, l) => s + (l.end - l.start) / 1000, 0);
  const rest = round.legs.filter((l) => l.kind === 'break').reduce((s, l) => s + (l.end - l.start) / 1000, 0);
  const first = round.legs[0]?.start ?? 0;
  const last = round.legs[round.legs.length - 1]?.end ?? 0;
  const colour = roundColour(hue, dark.value);
  return (
    <section class="card drawer" aria-label={t('round.title', { n: round.number, unit: round.callSign })}>
      <header class="row">
        <RoundChip n={round.number} hue={hue} />
        <div class="grow">
          <h2 class="ell">{round.callSign}</h2>
          <p class="hint">
            {tk('mode', round.mode)}
            {round.ended !== null && ` · ${t('round.ended', { time: clock(round.ended) })}`}
          </p>
        </div>
        {sheet && (
          <a class="btn sm" href={sheet} target="_blank" rel="noopener">
            {t('print.sheet')}
          </a>
        )}
        {edits && (
          <button
            type="button"
            class="btn quiet icon sm"
            aria-pressed={edits.locked}
            title={`${edits.locked ? t('edit.unlockRound') : t('edit.lockRound')} (B)`}
            aria-label={edits.locked ? t('edit.unlockRound') : t('edit.lockRound')}
            onClick={edits.onLock}
          >
            <Icon name="lock" sm />
          </button>
        )}
        <button type="button" class="btn quiet icon sm" onClick={onClose} aria-label={t('close')}>
          <Icon name="close" sm />
        </button>
      </header>
      <dl class="three facts">
        <div>
          <dt>{t('round.driven')}</dt>
          <dd class="num">{km(round.metres)}</dd>
        </div>
        <div>
          <dt>{t('round.inZones')}</dt>
          <dd class="num">{span(inStops)}</dd>
        </div>
        <div>
          <dt>{t('round.patrol')}</dt>
          <dd class="num">{span((last - first) / 1000 - inStops - rest)}</dd>
        </div>
      </dl>
      {round.violations.length > 0 && (
        <div class="pad">
          <Note tone="warn">
            {round.violations.map((v) => (
              <p key={v}>{v}</p>
            ))}
          </Note>
        </div>
      )}
      <ol class="timetable scroll">
        {entries.map((e) => (
          <Line
            key={`${e.kind}${e.start}`}
            e={e}
            colour={colour}
            onShow={onShow}
            picked={e.seq > 0 && e.seq === pickedStop}
            onStop={edits?.onStop}
            onStreet={edits?.onStreet}
            onBefore={pickedStop && pickedStop !== e.seq ? edits?.onBefore : undefined}
          />
        ))}
      </ol>
    </section>
  );
}

interface LineProps {
  e: Entry;
  colour: string;
  onShow: (at: LonLat) => void;
  picked: boolean;
  onStop?: (seq: number) => void;
  onStreet?: (segment: string) => void;
  onBefore?: (seq: number) => void;
}

function Line({ e, colour, onShow, picked, onStop, onStreet, onBefore }: LineProps) {
  const over = useSignal(false);
  const pick = () => {
    if (e.at) onShow(e.at);
    if (e.seq > 0) onStop?.(e.seq);
  };
  const dot =
    e.kind === 'stop'
      ? { background: colour, color: dark.value ? '#0A0E13' : '#FFFFFF' }
      : { borderColor: colour };
  const text = (
    <>
      <strong>{e.title}</strong>
      {e.detail && <span class="hint">{e.detail}</span>}
    </>
  );
  return (
    <li
      class={`${e.kind} ${picked ? 'chosen' : ''} ${over.value ? 'before' : ''}`}
      onDragOver={(x) => {
        if (!onBefore || e.seq === 0 || !x.dataTransfer?.types.includes(stopKind)) return;
        x.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => {
        over.value = false;
      }}
      onDrop={(x) => {
        over.value = false;
        if (!onBefore || !x.dataTransfer?.types.includes(stopKind)) return;
        x.preventDefault();
        onBefore(e.seq);
      }}
    >
      <time class="num">{clock(e.start)}</time>
      <span class="rail-line" style={{ background: colour }} aria-hidden="true" />
      <span class="dot num" style={dot} aria-hidden="true">
        {e.number ? num(e.number) : ''}
      </span>
      {e.at ? (
        <button
          type="button"
          class="what"
          aria-pressed={onStop && e.seq > 0 ? picked : undefined}
          draggable={!!onStop && e.kind === 'stop'}
          onDragStart={(x) => {
            onStop?.(e.seq);
            x.dataTransfer?.setData(dragKind, '');
            x.dataTransfer?.setData(stopKind, '');
            x.dataTransfer?.setData('text/plain', e.title);
            dragging(true);
          }}
          onDragEnd={() => dragging(false)}
          onClick={pick}
        >
          {text}
        </button>
      ) : (
        <div class="what">
          {text}
          {e.streets.length > 1 && (
            <details>
              <summary>{t('round.streets', { n: num(e.streets.length) })}</summary>
              <ul class="hint">
                {e.streets.map((s) => (
                  <li key={s.start}>
                    <span class="num">{clock(s.start)}</span>{' '}
                    {onStreet && s.segment ? (
                      <button
                        type="button"
                        class="linky"
                        draggable
                        onDragStart={(x) => {
                          onStreet(s.segment);
                          x.dataTransfer?.setData(dragKind, '');
                          x.dataTransfer?.setData('text/plain', s.name);
                          dragging(true);
                        }}
                        onDragEnd={() => dragging(false)}
                        onClick={() => onStreet(s.segment)}
                      >
                        {s.name}
                      </button>
                    ) : (
                      s.name
                    )}
                  </li>
                ))}
              </ul>
            </details>
          )}
        </div>
      )}
    </li>
  );
}
