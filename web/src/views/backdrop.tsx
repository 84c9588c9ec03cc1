// The streets behind the login, dimmed; without the public answer, a plain ground.
import { useEffect, useRef } from 'preact/hooks';
import type { PublicInfo } from '../api/endpoints';
import { dark } from '../state/prefs';
import { Attribution } from '../ui/maphost';

export function Backdrop({ info }: { info: PublicInfo | null }) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const place = info;
    if (!place?.tiles) return;
    let detach = () => {};
    let gone = false;
    import('../map/view').then(({ mapView }) => {
      if (gone || !host.current) return;
      const m = mapView();
      detach = m.attach(host.current);
      m.setDark(dark.value);
      m.setScene({});
      m.setDistrict(place.tiles, null, place.bounds);
      m.fit(place.bounds);
    });
    return () => {
      gone = true;
      detach();
    };
  }, [info]);
  return (
    <div class="backdrop">
      <div class="mapbox" ref={host} aria-hidden="true" />
      {info?.tiles && <Attribution />}
      {info?.name && <p class="placename">{info.name}</p>}
    </div>
  );
}
