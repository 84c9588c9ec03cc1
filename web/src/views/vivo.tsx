// En vivo: who is where, what is missing, how far coverage has come.
import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import * as api from '../api/endpoints';
import type { LiveUnit } from '../api/types';
import { t, tn } from '../i18n';
import type { MapView } from '../map/view';
import { inOrder, liveReady, liveShift, marks, stateOf, told } from '../state/live';
import { isViewing } from '../state/replay';
import { go, place, setQuery } from '../state/router';
import { can, district } from '../state/session';
import { useKeys } from '../ui/keys';
import { MapHost } from '../ui/maphost';
import { LayerPanel, shownLayers } from './vivo_layers';
import { Legend } from './vivo_legend';
import { UnitList } from './vivo_list';
import { Meters } from './vivo_meters';
import { ReplayBar } from './vivo_replay';
import { useLiveScene } from './vivo_scene';
import { ShareDialog } from './vivo_share';
import { UnitTrail } from './vivo_trail';
import { UnitDetail } from './vivo_unit';

/** What a list shows; "all" and the words of the state filters. */
export type Filter = 'all' | 'patrol' | 'stopped' | 'transit' | 'silent' | 'offline';

export function inFilter(u: LiveUnit, f: Filter): boolean {
  const s = stateOf(u);
  return f === 'all' || s === f || (f === 'stopped' && s === 'planned_stop');
}

export default function Vivo() {
  const d = district.value;
  const map = useRef<MapView | null>(null);
  const chosen = place.value.query.get('u') ?? '';
  const layers = shownLayers();
  const filter = useSignal<Filter>('all');
  const search = useSignal('');
  const panel = useSignal(false);
  const trail = useSignal(false); // of the chosen unit, in place of its detail
  const sharing = useSignal(false);
  const sheet = useSignal<'low' | 'half' | 'full'>('half');
  const order = useSignal<string[]>([]);
  const busy = useRef(false); // the pointer or the focus is in the list
  const scene = useLiveScene(layers);

  // Rows keep their order while someone works in the list.
  const sorted = useComputed(() => inOrder(told.value.units.values()).map((u) => u.id));
  useEffect(() => {
    const known = new Set(order.value);
    const same = sorted.value.length === order.value.length && sorted.value.every((id) => known.has(id));
    if (!busy.current || !same) order.value = sorted.value;
  }, [sorted.value.join()]);

  const rows = useMemo(() => {
    const words = search.value.trim().toLowerCase();
    return order.value
      .map((id) => told.value.units.get(id))
      .filter((u): u is LiveUnit => u !== undefined && inFilter(u, filter.value))
      .filter((u) => !words || `${u.callSign} ${u.street}`.toLowerCase().includes(words));
  }, [order.value, told.value.units, filter.value, search.value]);

  // The map follows every message; what is read beside it, at most two a second.
  useSignalEffect(() => {
    const all = marks.value;
    if (!isViewing.value) map.current?.setUnits(all);
  });
  useEffect(() => {
    trail.value = false;
    map.current?.setChosen(chosen);
    if (!chosen || !d || isViewing.value || !can('trails')) return;
    // What the unit drove before the page was opened.
    const stop = new AbortController();
    api.trail(d.ubigeo, chosen, stop.signal).then(
      (line) => map.current?.setTrail(chosen, line),
      () => {},
    );
    return () => stop.abort();
  }, [chosen, liveReady.value, isViewing.value]);

  const choose = (id: string, follow = false) => {
    setQuery({ u: id || null });
    if (id) sheet.value = 'half'; // on a phone its detail lies over the list
    if (follow) map.current?.follow(id);
    else if (id) {
      const u = told.value.units.get(id);
      if (u?.lon != null && u.lat != null) map.current?.show([u.lon, u.lat], 14);
    }
  };
  const step = (by: number) => {
    if (rows.length === 0) return;
    const i = rows.findIndex((u) => u.id === chosen);
    const next = rows[(i + by + rows.length) % rows.length] ?? rows[0];
    choose(next.id);
    document.getElementById(`unidad-${next.id}`)?.scrollIntoView({ block: 'nearest' });
  };

  useKeys({
    j: () => step(1),
    k: () => step(-1),
    Enter: () => chosen && choose(chosen, true),
    f: () => {
      map.current?.follow('');
      map.current?.fit();
    },
    l: () => {
      panel.value = !panel.value;
    },
    r: () => {
      order.value = sorted.value;
    },
    Escape: () => {
      if (panel.value) panel.value = false;
      else if (chosen) setQuery({ u: null });
    },
  });

  if (!d) return null;
  const one = told.value.units.get(chosen);
  return (
    <main class="split live" data-sheet={sheet.value} data-past={isViewing.value}>
      <h1 class="sr">{t('nav.live')}</h1>
      <section class="side" aria-label={t('live.units')}>
        <button
          type="button"
          class="grip"
          onClick={() => {
            sheet.value = sheet.value === 'low' ? 'half' : sheet.value === 'half' ? 'full' : 'low';
          }}
          aria-label={t('sheet.size')}
        >
          <i />
        </button>
        {isViewing.value && <p class="pastnote">{t('replay.listLive')}</p>}
        <Meters bar={told.value.coverage} meters={told.value.meters} />
        <UnitList
          rows={rows}
          chosen={chosen}
          filter={filter}
          search={search}
          onChoose={(id) => choose(id === chosen ? '' : id)}
          onFollow={(id) => choose(id, true)}
          onBusy={(b) => {
            busy.current = b;
            if (!b) order.value = sorted.value;
          }}
        />
      </section>
      <MapHost
        scene={scene}
        pads={
          innerWidth < 760
            ? { top: 48, bottom: 16 }
            : { top: 24, bottom: can('trails') ? 120 : 64, right: trail.value ? 360 : 0 }
        }
        label={summary([...told.value.units.values()])}
        onMap={(m) => {
          map.current = m;
          m.setUnits(marks.value);
          m.setChosen(chosen);
        }}
        onHit={(h) => {
          if (h.unit) choose(h.unit === chosen ? '' : h.unit);
          else if (h.round && scene.rounds?.length) go(`/plan/${liveShift.value?.id ?? ''}?r=${h.round}`);
          else if (chosen) setQuery({ u: null });
        }}
      >
        <LayerPanel open={panel} layers={layers} />
        {one && trail.value && !isViewing.value ? (
          <UnitTrail
            key={one.id}
            unit={one}
            map={map}
            onClose={() => {
              trail.value = false;
            }}
          />
        ) : (
          one && (
            <UnitDetail
              unit={one}
              onClose={() => choose('')}
              onFollow={() => choose(one.id, true)}
              onTrail={
                can('trails') && !isViewing.value
                  ? () => {
                      trail.value = true;
                    }
                  : undefined
              }
              onShare={
                can('fleet')
                  ? () => {
                      sharing.value = true;
                    }
                  : undefined
              }
            />
          )
        )}
        {one && sharing.value && (
          <ShareDialog
            unit={one.id}
            onClose={() => {
              sharing.value = false;
            }}
          />
        )}
        {can('trails') && liveReady.value && <ReplayBar map={map} chosen={chosen} />}
        <Legend layers={layers} />
      </MapHost>
    </main>
  );
}

/** summary tells in words what the canvas shows. */
function summary(units: LiveUnit[]): string {
  const count = new Map<string, number>();
  for (const u of units) {
    const s = stateOf(u);
    const k = s === 'planned_stop' ? 'stopped' : s;
    count.set(k, (count.get(k) ?? 0) + 1);
  }
  const words = [...count].map(([k, n]) => tn(`count.${k}`, n)).join(', ');
  return words ? t('live.map', { words }) : t('live.mapEmpty');
}
