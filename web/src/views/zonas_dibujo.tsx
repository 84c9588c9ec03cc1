// Drawing on the joint map: risk factors as places, lines and areas, and the
// outline of priority areas. What is being drawn is told beside the map and on it.
import type * as api from '../api/risk';
import { t, tk } from '../i18n';
import type { LonLat } from '../map/geo';
import { back, done, type Form, formOf, reform, type Sketch } from '../state/sketch';
import { Choice, TextField } from '../ui/fields';
import { useKeys } from '../ui/keys';
import { Seg, submit } from '../ui/parts';
import { PlaceForm } from './zonas_factores';

/** Drawing is what is being drawn: a factor, or the outline of an area. */
export interface Drawing {
  id: string; // '': new
  kind: string; // of a factor; '': an area
  name: string;
  term: api.PriorityTerm | null; // of an area
  sketch: Sketch | null; // null: the shape stays, since it cannot be drawn
}

interface FormProps {
  drawing: Drawing;
  kinds: readonly string[];
  onChange: (d: Drawing) => void;
  onSave: () => void;
  onCancel: () => void;
}

/** ready tells whether a drawing can be saved. */
export const ready = (d: Drawing): boolean => !d.sketch || done(d.sketch);

/** FactorForm says what is being drawn, and takes corners by their coordinates. */
export function FactorForm({ drawing, kinds, onChange, onSave, onCancel }: FormProps) {
  const { sketch } = drawing;
  const add = (at: LonLat) => {
    if (!sketch) return;
    const corners = sketch.form === 'point' ? [at] : [...sketch.corners, at];
    onChange({ ...drawing, sketch: { ...sketch, corners, held: -1 } });
  };
  return (
    <section class="card pad col" aria-label={t('risk.drawn')}>
      {drawing.kind && (
        <form class="col" onSubmit={submit(onSave)}>
          <Choice
            label={t('risk.kind')}
            value={drawing.kind}
            options={kinds.map((k) => [k, tk('factor', k)] as const)}
            onValue={(kind) => {
              // A new one takes the form that its kind usually has.
              const form = !drawing.id && sketch?.corners.length === 0 ? formOf(kind) : sketch?.form;
              onChange({ ...drawing, kind, sketch: sketch && form ? reform(sketch, form) : sketch });
            }}
          />
          <TextField
            label={t('risk.factorName')}
            value={drawing.name}
            maxLength={120}
            onValue={(name) => onChange({ ...drawing, name })}
          />
          {sketch && (
            <Seg<Form>
              label={t('risk.form')}
              value={sketch.form}
              options={[
                ['point', t('risk.form.point')],
                ['line', t('risk.form.line')],
                ['area', t('risk.form.area')],
              ]}
              onChange={(form) => onChange({ ...drawing, sketch: reform(sketch, form) })}
            />
          )}
        </form>
      )}
      {!drawing.kind && <strong>{t('risk.outlineOf', { name: drawing.name })}</strong>}
      {sketch && (
        <details class="fold">
          <summary>{t('risk.byCoordinates')}</summary>
          <PlaceForm onPlace={add} />
        </details>
      )}
      <div class="row wrap">
        <button type="button" class="btn sm pri" disabled={!ready(drawing)} onClick={onSave}>
          {t('save')}
        </button>
        <button type="button" class="btn sm" onClick={onCancel}>
          {t('cancel')}
        </button>
      </div>
    </section>
  );
}

interface BarProps {
  sketch: Sketch;
  onChange: (s: Sketch) => void;
  onSave: () => void;
  onCancel: () => void;
}

/** SketchBar lies on the map while something is drawn: what to press next, and the way out. */
export function SketchBar({ sketch, onChange, onSave, onCancel }: BarProps) {
  const n = sketch.corners.length;
  const fine = done(sketch);
  const undo = () => onChange(back(sketch));
  useKeys({
    Escape: onCancel,
    Backspace: undo,
    'Ctrl+z': undo,
    Enter: () => (fine ? onSave() : false),
  });
  const say = () => {
    if (sketch.held >= 0) return t('risk.say.held');
    if (sketch.form === 'point') return t(n ? 'risk.say.pointDone' : 'risk.say.point');
    if (fine) return t('risk.say.more');
    return t(sketch.form === 'line' ? 'risk.say.line' : 'risk.say.area');
  };
  return (
    <section class="card maphint sketchbar" aria-label={t('risk.drawing')}>
      <span role="status">{say()}</span>
      <span class="row">
        {n > 0 && (
          <button type="button" class="btn sm" onClick={undo} title={`${t('fix.undo')} (Retroceso)`}>
            {t('fix.undo')}
          </button>
        )}
        <button type="button" class="btn sm pri" disabled={!fine} onClick={onSave}>
          {t('save')}
        </button>
        <button type="button" class="btn sm" onClick={onCancel}>
          {t('cancel')}
        </button>
      </span>
    </section>
  );
}
