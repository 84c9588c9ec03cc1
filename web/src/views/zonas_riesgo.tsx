// The joint map: crime and municipal risk on the same cells by one printed
// formula, what it is made with, and the priority areas that come of it.
import { useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import * as api from '../api/risk';
import { t } from '../i18n';
import { addDays, num, pct } from '../i18n/format';
import { type LonLat, path, pathsOf, pointsOf } from '../map/geo';
import type { Pin } from '../map/scene';
import type { MapView } from '../map/view';
import { place, setQuery } from '../state/router';
import { district, session } from '../state/session';
import { blank, formOf, lineOf, press, type Sketch, sketchOf } from '../state/sketch';
import { useStreets } from '../state/streets';
import { Icon } from '../ui/icons';
import { useLoad } from '../ui/load';
import { MapHost } from '../ui/maphost';
import { notify } from '../ui/notice';
import { Failure, Seg, Skeleton } from '../ui/parts';
import { levelOf } from './shapes';
import { ShiftPicker } from './shift_picker';
import { Decide } from './zonas_areas';
import { type Drawing, FactorForm, ready, SketchBar } from './zonas_dibujo';
import { Weights } from './zonas_factores';
import { FactorList } from './zonas_lista';
import { ZoneViews } from './zonas_vistas';

type Layer = 'joint' | 'crime' | 'municipal';

/** Classes of a cell by how many times the district's mean it has. */
const classes = [0.1, 0.5, 1, 2, 4];

/** How many proposals are listed at first: more are looked at by who asks. */
const firstProposals = 6;

export function ZonesRisk() {
  const d = district.value;
  const u = d?.ubigeo ?? '';
  const shift = place.value.query.get('turno') ?? d?.shift?.id ?? '';
  const layer = (place.value.query.get('capa') ?? 'joint') as Layer;
  const chosen = place.value.query.get('c') ?? '';
  const map = useLoad((s) => api.riskMap(u, shift, s), [u, shift]);
  const areas = useLoad((s) => api.priorityAreas(u, shift, s), [u, shift]);
  const streets = useStreets();
  const drawing = useSignal<Drawing | null>(null);
  const shown = useSignal(''); // the factor that was asked for
  const view = useRef<MapView | null>(null);
  const rejected = useSignal<readonly string[]>([]); // rows of the last file, and why
  const error = useSignal('');
  const role = session.value?.districts.find((m) => m.ubigeo === u)?.role ?? '';
  const mayEdit = role === 'admin' || role === 'supervisor';
  const mayDecide = mayEdit || role === 'liaison';
  const cells = map.data?.cells ?? [];
  const proposed = areas.data?.proposed ?? [];
  const all = useSignal(false); // whether all proposals are listed
  const sketch = drawing.value?.sketch ?? null;
  const scene = useMemo(
    () => ({
      boundary: pathsOf(d?.boundary as never),
      // Cells with next to nothing leave the streets to be seen.
      cells: cells
        .filter((c) => c[layer] * cells.length >= classes[0] || c.id === chosen)
        .map((c) => ({
          id: c.id,
          ring: path(c.ring),
          rank: c.rank,
          level: levelOf(c[layer] * cells.length, classes),
        })),
      // Who draws looks for streets.
      cellStyle: sketch ? ('outline' as const) : ('fill' as const),
      selectedCell: chosen,
      streets,
      pins: [...pinsOf(map.data?.factors ?? [], shown.value), ...markOf(sketch)],
      draft: sketch ? lineOf(sketch) : [],
      highlight: {
        paths: [
          ...(areas.data?.areas ?? [])
            .filter((a) => a.in_force && a.id !== drawing.value?.id)
            .map((a) => path(a.ring)),
          ...(map.data?.factors ?? []).flatMap((f) =>
            f.geometry.type === 'Point' || f.id === drawing.value?.id ? [] : pathsOf(f.geometry as never),
          ),
        ],
        tone: 'select' as const,
      },
    }),
    [d?.boundary, map.data, areas.data, layer, chosen, streets, drawing.value, shown.value],
  );
  const act = async (what: Promise<unknown>) => {
    error.value = '';
    try {
      await what;
      notify(t('saved'));
      map.reload();
      areas.reload();
      return true;
    } catch (e) {
      error.value = (e as Error).message;
      return false;
    }
  };
  const begin = () => {
    const kind = map.data?.settings.terms[0]?.kind ?? '';
    drawing.value = { id: '', kind, name: '', term: null, sketch: blank(formOf(kind)) };
  };
  const outline = (id: string, term: api.PriorityTerm, ring: readonly LonLat[]) => {
    const corners = ring.slice(0, -1);
    drawing.value = { id, kind: '', name: term.name, term, sketch: { form: 'area', corners, held: -1 } };
    if (corners[0]) view.current?.show(corners[0], 16);
  };
  const stop = () => {
    drawing.value = null;
  };
  const save = () => {
    const x = drawing.value;
    if (!x || !ready(x)) return;
    const line = x.sketch ? lineOf(x.sketch) : undefined;
    const sent = () => {
      if (x.term) return api.savePriorityArea(u, x.id, { ...x.term, ring: line });
      if (x.id) return api.changeRiskFactor(u, x.id, x.kind, x.name, line);
      return api.addRiskFactor(u, x.kind, x.name, line ?? []);
    };
    void act(sent()).then((kept) => {
      if (kept) stop();
    });
  };
  const show = (f: api.RiskFactor) => {
    shown.value = f.id;
    const at = pointsOf(f.geometry as never)[0];
    if (at) view.current?.show(at, 16);
  };
  const [date = '', code = ''] = shift.split('/');
  const picked = cells.find((c) => c.id === chosen);
  return (
    <main class="split">
      <header class="pagehead">
        <h1>{t('zones.title')}</h1>
        <ZoneViews />
        <ShiftPicker shift={shift} onChange={(s) => setQuery({ turno: s, c: null })} />
      </header>
      <section class="side" aria-label={t('risk.title')}>
        <div class="scroll pad col">
          {map.error && <Failure error={map.error} retry={map.reload} />}
          {error.value && <Failure error={error.value} />}
          {!map.data && !map.error && <Skeleton rows={8} />}
          {map.data && (
            <>
              <Seg<Layer>
                label={t('risk.layer')}
                value={layer}
                options={[
                  ['joint', t('risk.joint')],
                  ['crime', t('risk.crime')],
                  ['municipal', t('risk.municipal')],
                ]}
                onChange={(v) => setQuery({ capa: v === 'joint' ? null : v })}
              />
              <p class="hint">
                {t('risk.formula', {
                  crime: pct((1 - map.data.share) * 100, 0),
                  municipal: pct(map.data.share * 100, 0),
                })}
              </p>
              {picked && (
                <p class="card pad">
                  <strong>{picked.place || t('zones.cell', { n: picked.rank })}</strong>{' '}
                  {t('risk.cell', {
                    times: num(picked.times, 1),
                    crime: pct(picked.crime * 100),
                    municipal: pct(picked.municipal * 100),
                  })}
                </p>
              )}
              {drawing.value && (
                <FactorForm
                  key={drawing.value.id}
                  drawing={drawing.value}
                  kinds={map.data.settings.terms.map((x) => x.kind)}
                  onChange={(x) => {
                    drawing.value = x;
                  }}
                  onSave={save}
                  onCancel={stop}
                />
              )}
              <h2>{t('risk.areas')}</h2>
              {areas.error && <Failure error={areas.error} retry={areas.reload} />}
              <ul class="arealist">
                {areas.data?.areas.map((a) => (
                  <Decide
                    key={a.id}
                    title={a.term.name}
                    hint={a.in_force ? t('risk.inForce') : t('risk.notNow')}
                    term={a.term}
                    may={mayDecide}
                    onSave={(term) => void act(api.savePriorityArea(u, a.id, term))}
                    onDrop={() => void act(api.deletePriorityArea(u, a.id))}
                    onDraw={(term) => outline(a.id, term, a.ring)}
                    drop={t('risk.remove')}
                  />
                ))}
                {proposed.slice(0, all.value ? undefined : firstProposals).map((p) => (
                  <Decide
                    key={p.id}
                    title={p.place || t('zones.cell', { n: p.rank })}
                    hint={t('risk.times', { n: num(p.times, 1) })}
                    term={{
                      name: p.place || t('zones.cell', { n: p.rank }),
                      level: p.level,
                      from: date,
                      until: addDays(date, 28),
                      shifts: [code],
                    }}
                    may={mayDecide}
                    proposed
                    onSave={(term) => void act(api.savePriorityArea(u, p.id, term))}
                    onDrop={() => void act(api.refusePriorityArea(u, p.id, code, addDays(date, 28)))}
                    drop={t('risk.refuse')}
                    onShow={() => setQuery({ c: p.id })}
                    onDraw={(term) => outline(p.id, term, p.ring)}
                  />
                ))}
              </ul>
              {proposed.length > firstProposals && (
                <div>
                  <button
                    type="button"
                    class="btn sm quiet"
                    aria-expanded={all.value}
                    onClick={() => {
                      all.value = !all.value;
                    }}
                  >
                    {all.value ? t('risk.fewer') : t('risk.allProposed', { n: num(proposed.length) })}
                  </button>
                </div>
              )}
              <h2>{t('risk.factors', { n: num(map.data.factors.length) })}</h2>
              {mayEdit && (
                <>
                  {!drawing.value && (
                    <div>
                      <button type="button" class="btn sm" onClick={begin}>
                        <Icon name="plus" sm />
                        {t('risk.add')}
                      </button>
                    </div>
                  )}
                  <label class="field">
                    <span>{t('risk.file')}</span>
                    <input
                      type="file"
                      class="in"
                      accept=".geojson,.json,.csv,.xlsx"
                      onChange={(e) => {
                        const input = e.currentTarget;
                        const f = input.files?.[0];
                        if (!f) return;
                        rejected.value = [];
                        const sent = api.importRiskFactors(u, f).then((r) => {
                          notify(r.message);
                          rejected.value = r.lines;
                        });
                        // The mended file may have the same name.
                        void act(sent).then(() => {
                          input.value = '';
                        });
                      }}
                    />
                  </label>
                  {rejected.value.length > 0 && (
                    <ul class="hint" role="status">
                      {rejected.value.map((line) => (
                        <li key={line}>{line}</li>
                      ))}
                    </ul>
                  )}
                </>
              )}
              <Weights
                key={JSON.stringify(map.data.settings)}
                settings={map.data.settings}
                may={mayEdit}
                onSave={(s) => void act(api.saveRiskSettings(u, s))}
              />
              {map.data.factors.length > 0 && (
                <FactorList
                  factors={map.data.factors}
                  shown={shown.value}
                  may={mayEdit && !drawing.value}
                  onShow={show}
                  onChange={(f) => {
                    show(f);
                    drawing.value = { ...f, term: null, sketch: sketchOf(f.geometry) };
                  }}
                  onDrop={(f) => void act(api.deleteRiskFactor(u, f.id))}
                />
              )}
            </>
          )}
        </div>
      </section>
      <MapHost
        scene={scene}
        label={t('risk.map', { n: num(cells.length) })}
        cursor={sketch ? 'crosshair' : ''}
        onMap={(m) => {
          view.current = m;
        }}
        onHit={(h) => {
          const d = drawing.value;
          if (d?.sketch)
            drawing.value = { ...d, sketch: press(d.sketch, h.at, view.current?.zoomLevel ?? 15) };
          else setQuery({ c: h.cell === chosen ? null : h.cell });
        }}
      >
        {sketch && (
          <SketchBar
            sketch={sketch}
            onChange={(x) => {
              if (drawing.value) drawing.value = { ...drawing.value, sketch: x };
            }}
            onSave={save}
            onCancel={stop}
          />
        )}
        <section class="card heat" aria-label={t('risk.legend')}>
          <strong>{t('risk.legend')}</strong>
          <ol>
            {classes.map((c, i) => (
              <li key={c}>
                <i class={`h${i + 1}`} />
                <span class="num">{num(c, c % 1 ? 1 : 0)}</span>
              </li>
            ))}
          </ol>
        </section>
      </MapHost>
    </main>
  );
}

/** pinsOf marks the factors that are places, one of them stronger. */
function pinsOf(factors: readonly api.RiskFactor[], shown: string): Pin[] {
  return factors
    .filter((f) => f.geometry.type === 'Point')
    .map((f) => ({
      at: f.geometry.coordinates as LonLat,
      kind: 'incident' as const,
      strong: f.id === shown,
    }));
}

/** markOf marks a place being drawn, or the corner that is in hand. */
function markOf(s: Sketch | null): Pin[] {
  const at = s?.corners[s.form === 'point' ? 0 : s.held];
  return at ? [{ at, kind: 'draft' }] : [];
}
