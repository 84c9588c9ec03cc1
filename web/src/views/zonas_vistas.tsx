// The views of Zonas: hot cells, the joint map with priority areas, and time.
import { t } from '../i18n';
import { place, setQuery } from '../state/router';
import { Seg } from '../ui/parts';

export type ZoneView = 'criticas' | 'riesgo' | 'tiempo';

export function zoneView(): ZoneView {
  const v = place.value.query.get('vista');
  return v === 'riesgo' || v === 'tiempo' ? v : 'criticas';
}

export function ZoneViews() {
  return (
    <Seg<ZoneView>
      label={t('zview.label')}
      value={zoneView()}
      options={[
        ['criticas', t('zview.hot')],
        ['riesgo', t('zview.risk')],
        ['tiempo', t('zview.time')],
      ]}
      onChange={(v) => setQuery({ vista: v === 'criticas' ? null : v, c: null, ver: null })}
    />
  );
}
