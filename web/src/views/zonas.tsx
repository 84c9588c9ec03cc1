// Zonas: where the next shift's events are expected, ranked, with what was counted.
import { useMemo, useRef } from 'preact/hooks';
import * as api from '../api/endpoints';
import { t } from '../i18n';
import { day, num, pct } from '../i18n/format';
import { pathsOf } from '../map/geo';
import type { MapView } from '../map/view';
import { place, setQuery } from '../state/router';
import { district } from '../state/session';
import { useStreets } from '../state/streets';
import { useKeys } from '../ui/keys';
import { useLoad } from '../ui/load';
import { MapHost } from '../ui/maphost';
import { Empty, Failure, Seg, Skeleton } from '../ui/parts';
import { HeatLegend } from './heat_legend';
import { cellBounds, cellShapes } from './shapes';
import { ShiftPicker } from './shift_picker';
import { CellDrawer } from './zona';
import { HarmWeights } from './zonas_pesos';
import { ModelTest } from './zonas_prueba';
import { ZonesRisk } from './zonas_riesgo';
import { ZonesTime } from './zonas_tiempo';
import { ZoneViews, zoneView } from './zonas_vistas';

/** few writes a count that may be too small to be told. */
const few = (n: number | null) => (n === null ? t('zones.few') : num(n));

/** Zonas is the view that the address asks for. */
export default function Zonas() {
  const view = zoneView();
  if (view === 'riesgo') return <ZonesRisk />;
  return view === 'tiempo' ? <ZonesTime /> : <HotCells />;
}

function HotCells() {
  const d = district.value;
  const u = d?.ubigeo ?? '';
  const map = useRef<MapView | null>(null);
  const shift = place.value.query.get('turno') ?? d?.shift?.id ?? '';
  const chosen = place.value.query.get('c') ?? '';
  const by = place.value.query.get('por') === 'dano' ? 'harm' : 'count';
  const panel = place.value.query.get('ver') ?? '';
  const load = useLoad(
    (s) => (shift ? api.hotCells(u, shift, s, by) : Promise.resolve(null)),
    [u, shift, by],
  );
  const streets = useStreets();
  const cells = load.data?.cells ?? [];
  // What the map and its legend are coloured by.
  const shaded = useMemo(
    () => (by === 'harm' ? cells.map((c) => ({ ...c, expected: c.harm })) : cells),
    [load.data, by],
  );

  const scene = useMemo(
    () => ({
      boundary: pathsOf(d?.boundary as never),
      cells: cellShapes(shaded),
      cellStyle: 'fill' as const,
      selectedCell: chosen,
      streets,
    }),
    [d?.boundary, shaded, chosen, streets],
  );
  const choose = (id: string) => {
    setQuery({ c: id || null });
    const cell = cells.find((c) => c.id === id);
    if (cell) {
      const [w, s, e, n] = cellBounds(cell);
      map.current?.show([(w + e) / 2, (s + n) / 2], 15);
    }
  };
  const step = (by: number) => {
    if (cells.length === 0) return;
    const i = cells.findIndex((c) => c.id === chosen);
    const next = cells[(i + by + cells.length) % cells.length] ?? cells[0];
    choose(next.id);
    document.getElementById(`zona-${next.id}`)?.scrollIntoView({ block: 'nearest' });
  };
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    f: () => map.current?.fit(),
    Escape: () => setQuery({ c: null }),
  });

  const picked = cells.find((c) => c.id === chosen);
  const narrow = innerWidth < 760; // the cell takes the place of the list
  const expected = load.data?.expectedTotal ?? 0;
  const total = by === 'harm' ? (load.data?.harmTotal ?? 0) : expected;
  const rounded = load.data?.rounded ?? false;
  const most = shaded.reduce((m, c) => Math.max(m, c.expected), 0);
  return (
    <main class="split">
      <header class="pagehead">
        <h1>{t('zones.title')}</h1>
        <ZoneViews />
        <ShiftPicker shift={shift} onChange={(s) => setQuery({ turno: s, c: null })} />
      </header>
      <section class="side" aria-label={t('zones.list')}>
        {load.error && (
          <div class="pad">
            <Failure error={load.error} retry={load.reload} />
          </div>
        )}
        {cells.length > 0 && (
          <div class="pad block">
            <h2>
              {total > 0
                ? t(by === 'harm' ? 'zones.verdictHarm' : 'zones.verdict', {
                    pct: rounded
                      ? t('zones.about', { n: pct((load.data?.first10 ?? 0) * 100, 0) })
                      : pct((load.data?.first10 ?? 0) * 100, 0),
                    n: num(Math.min(10, cells.length)),
                  })
                : t('zones.verdictFew', { n: num(cells.length) })}
            </h2>
            <p class="muted">
              {total > 0
                ? t('zones.expected', {
                    n: rounded ? t('zones.about', { n: num(expected) }) : num(expected, 1),
                    day: day(shift),
                  })
                : t('zones.hint')}
              {rounded && ` ${t('zones.rounded')}`}
              {load.data?.few && ` ${t('zones.fewAll')}`}
            </p>
            <div class="row wrap">
              <Seg
                label={t('zones.by')}
                value={by}
                options={[
                  ['count', t('zones.byCount')],
                  ['harm', t('zones.byHarm')],
                ]}
                onChange={(v) => setQuery({ por: v === 'harm' ? 'dano' : null })}
              />
            </div>
            <div class="row wrap">
              <button type="button" class="btn sm" onClick={() => setQuery({ ver: 'pesos' })}>
                {t('zones.weights')}
              </button>
              <button type="button" class="btn sm" onClick={() => setQuery({ ver: 'prueba' })}>
                {t('zones.test')}
              </button>
            </div>
          </div>
        )}
        {picked && narrow && <CellDrawer cell={picked} shift={shift} onClose={() => choose('')} />}
        {cells.length > 0 && !(picked && narrow) && (
          <ol class="cells scroll">
            {shaded.map((c, i) => (
              <li key={c.id}>
                <button
                  type="button"
                  id={`zona-${c.id}`}
                  class="cellrow"
                  aria-pressed={c.id === chosen}
                  onClick={() => choose(c.id === chosen ? '' : c.id)}
                >
                  <span class="rank num">{c.rank}</span>
                  <span class="grow ell">
                    <strong>{c.place || t('zones.cell', { n: c.rank })}</strong>
                    <span class="hint">
                      {t('zones.counted', { n: few(c.count), year: few(c.countYear) })}
                    </span>
                    <span class="hint">
                      {[
                        c.high !== null &&
                          t('zones.range', {
                            low: num(c.low ?? 0),
                            high: num(c.high),
                            days: num(load.data?.days ?? 0),
                          }),
                        c.few ? t('zones.fewShort') : c.hot && t('zones.hot'),
                      ]
                        .filter(Boolean)
                        .join(' · ')}
                    </span>
                  </span>
                  <span class="num ev">
                    <strong>{num(c.expected, 2)}</strong>
                    <span class="hint">
                      {by === 'harm'
                        ? t('zones.countShort', { n: num(cells[i].expected, 2) })
                        : t('zones.harmShort', { n: num(c.harm, 2) })}
                    </span>
                    <span class="bar">
                      <i style={{ width: `${most ? (c.expected / most) * 100 : 0}%` }} class="heatbar" />
                    </span>
                  </span>
                </button>
              </li>
            ))}
          </ol>
        )}
        {load.loading && !load.data && <Skeleton rows={10} />}
        {!load.loading && !load.error && cells.length === 0 && (
          <Empty icon="zones" title={t('zones.emptyTitle')}>
            <p>{t('zones.empty')}</p>
            <a class="btn" href="/ajustes/datos">
              {t('zones.upload')}
            </a>
          </Empty>
        )}
      </section>
      <MapHost
        scene={scene}
        pads={narrow ? undefined : { top: 8, bottom: 72 }}
        label={t('zones.map', { n: num(cells.length) })}
        onMap={(m) => {
          map.current = m;
        }}
        onHit={(h) => choose(h.cell === chosen ? '' : (h.cell ?? ''))}
      >
        {cells.length > 0 && (
          <HeatLegend cells={shaded} unit={by === 'harm' ? t('zones.harmUnit') : undefined} />
        )}
        {picked && !narrow && <CellDrawer cell={picked} shift={shift} onClose={() => choose('')} />}
      </MapHost>
      {panel === 'pesos' && (
        <HarmWeights
          onClose={(saved) => {
            setQuery({ ver: null });
            if (saved) load.reload();
          }}
        />
      )}
      {panel === 'prueba' && (
        <ModelTest
          onClose={() => {
            setQuery({ ver: null });
            load.reload();
          }}
        />
      )}
    </main>
  );
}
