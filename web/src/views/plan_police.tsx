// Step 2: where the police will be in the shift, from the file that they send.

import type { GeoFeature } from '../api/endpoints';
import * as api from '../api/endpoints';
import { t, tk, tn } from '../i18n';
import { clock, num, pct } from '../i18n/format';
import { pathOf, usePrimary } from '../state/plan_step';
import { go } from '../state/router';
import { can, district } from '../state/session';
import { Failure, Note, Skeleton } from '../ui/parts';
import { Upload } from './ajustes/datos';

interface Props {
  shift: string;
  features: readonly GeoFeature[] | null;
  error: string;
  onChanged: () => void;
}

export function PoliceStep({ shift, features, error, onChanged }: Props) {
  const u = district.value?.ubigeo ?? '';
  const none = features?.length === 0;
  usePrimary(
    can('plan')
      ? { label: none ? t('pnp.without') : t('step.next'), run: () => go(pathOf(shift, 'generar')) }
      : null,
  );
  if (error) {
    return (
      <div class="pad">
        <Failure error={error} />
      </div>
    );
  }
  if (!features) return <Skeleton rows={8} />;
  return (
    <div class="stepbody scroll">
      <header class="pad">
        <h2>{none ? t('pnp.none') : tn('pnp.count', features.length, num(features.length))}</h2>
        <p class="muted">{none ? t('pnp.noneWhy') : t('pnp.why')}</p>
      </header>
      {!none && (
        <ul class="picklist">
          {[...features].sort(byTime).map((f, i) => (
            <li key={`${f.properties.name}${f.properties.from}${i}`}>
              <div class="row">
                <span class="grow">
                  <strong>{String(f.properties.name || tk('pnp.kind', String(f.properties.kind)))}</strong>
                  <span class="hint">{detail(f)}</span>
                </span>
                {f.properties.simulated === true && <span class="chip">{t('pnp.simulated')}</span>}
              </div>
            </li>
          ))}
        </ul>
      )}
      {can('police') ? (
        <div class="pad">
          <Upload
            title={t('data.police')}
            why={t('data.policeWhy')}
            accept=".geojson,.json"
            hint={t('data.policeHint')}
            send={(f, dry) => api.importPolice(u, f, dry)}
            onDone={onChanged}
          />
        </div>
      ) : (
        none && (
          <div class="pad">
            <Note>{t('pnp.ask')}</Note>
          </div>
        )
      )}
    </div>
  );
}

const from = (f: GeoFeature) => Date.parse(String(f.properties.from ?? '')) || 0;
const byTime = (a: GeoFeature, b: GeoFeature) => from(a) - from(b);

/** detail says what it is, when, and how sure. */
function detail(f: GeoFeature): string {
  const p = f.properties;
  const parts = [tk('pnp.kind', String(p.kind))];
  const until = Date.parse(String(p.until ?? ''));
  if (from(f) && until) parts.push(`${clock(from(f))}–${clock(until)}`);
  const trust = Number(p.trust);
  if (Number.isFinite(trust)) parts.push(t('pnp.trust', { pct: pct(trust * 100, 0) }));
  return parts.join(' · ');
}
