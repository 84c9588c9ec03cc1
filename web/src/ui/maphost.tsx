// The place of the map in a view. The map itself lives outside the component
// tree; here it is only put in, told its scene, and taken out.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n';
import { boundsOf } from '../map/geo';
import type { Scene } from '../map/scene';
import type { MapHit, MapView, Pads } from '../map/view';
import { dark, prefs } from '../state/prefs';
import { district } from '../state/session';
import { Icon } from './icons';

interface Props {
  scene: Partial<Scene>;
  label: string; // what the picture shows, in words
  onHit?: (hit: MapHit) => void;
  onMap?: (map: MapView) => void;
  // Something of the page is dragged over the map, and let go; over tells whether it may be.
  drop?: { kind: string; over: (hit: MapHit | null) => boolean; let: (hit: MapHit) => void } | null;
  cursor?: '' | 'crosshair' | 'pointer';
  pads?: Partial<Pads>;
  fit?: boolean; // show the district whole when the view opens
  children?: ComponentChildren;
}

let fitted = ''; // the district that the map was last fitted to, and whether its streets were known

export function MapHost({
  scene,
  label,
  onHit,
  onMap,
  drop,
  cursor = '',
  pads,
  fit = true,
  children,
}: Props) {
  const host = useRef<HTMLDivElement>(null);
  const map = useSignal<MapView | null>(null);
  const hit = useRef(onHit);
  hit.current = onHit;
  const d = district.value;

  useEffect(() => {
    let detach = () => {};
    let gone = false;
    import('../map/view').then(({ mapView }) => {
      if (gone || !host.current) return;
      const m = mapView();
      detach = m.attach(host.current);
      m.setPads(pads ?? {});
      m.onHit((h) => hit.current?.(h));
      map.value = m;
      onMap?.(m);
    });
    return () => {
      gone = true;
      map.value?.onHit(null);
      map.value?.follow('');
      detach();
    };
  }, []);

  const m = map.value;
  useEffect(() => m?.setDark(dark.value), [m, dark.value]);
  useEffect(() => m?.setRaster(prefs.value.raster), [m, prefs.value.raster]);
  useEffect(() => {
    if (!m || !d) return;
    m.setDistrict(d.tiles, d.boundary, d.bounds);
    const { streets } = scene;
    const own = streets ? boundsOf(streets.paths.filter((_, i) => streets.belongs[i])) : null;
    m.setHome(own ?? d.bounds);
    const key = `${d.ubigeo} ${own ? 'streets' : ''}`;
    if (fit && !fitted.startsWith(key)) {
      fitted = key;
      m.fit();
    }
  }, [m, d?.ubigeo, d?.tiles, scene.streets]);
  useEffect(() => m?.setPads(pads ?? {}), [m, pads?.left, pads?.right, pads?.top, pads?.bottom]);
  useEffect(() => m?.setScene(scene), [m, scene]);
  useEffect(() => m?.setCursor(cursor), [m, cursor]);

  return (
    <div class="maphost">
      <div
        class="mapbox"
        ref={host}
        role="img"
        aria-label={label}
        onDragOver={(e) => {
          if (!m || !drop || !e.dataTransfer?.types.includes(drop.kind)) return;
          if (drop.over(m.hitAt(e.clientX, e.clientY))) e.preventDefault();
        }}
        onDragLeave={() => drop?.over(null)}
        onDrop={(e) => {
          if (!m || !drop || !e.dataTransfer?.types.includes(drop.kind)) return;
          e.preventDefault();
          drop.let(m.hitAt(e.clientX, e.clientY));
        }}
      />
      {children}
      <div class="mapzoom">
        <button type="button" class="btn icon" onClick={() => m?.zoom(1)} aria-label={t('map.zoomIn')}>
          <Icon name="plus" sm />
        </button>
        <button type="button" class="btn icon" onClick={() => m?.zoom(-1)} aria-label={t('map.zoomOut')}>
          <Icon name="minus" sm />
        </button>
        <button
          type="button"
          class="btn icon"
          onClick={() => m?.fit()}
          aria-label={t('map.fit')}
          title={`${t('map.fit')} (F)`}
        >
          <Icon name="fit" sm />
        </button>
      </div>
      <Attribution />
    </div>
  );
}

export function Attribution() {
  return (
    <p class="attribution">
      ©{' '}
      <a href="https://www.openstreetmap.org/copyright" target="_blank" rel="noopener noreferrer">
        {t('map.attribution')}
      </a>
    </p>
  );
}
