// Which force covered each street over the period, drawn as vectors. It is asked
// for when somebody wants to see it: a district has thousands of streets.
import { evaluationStreets, type StreetPresence } from '../api/evaluation';
import { t } from '../i18n';
import { num } from '../i18n/format';
import { useLoad } from '../ui/load';
import { Failure, Skeleton } from '../ui/parts';

interface StreetMapProps {
  u: string;
  period: { from: string; to: string; shift: string; sector: string };
}

const kinds = ['none', 'municipal', 'police', 'both'] as const;

export function StreetMap({ u, period }: StreetMapProps) {
  const { from, to, shift, sector } = period;
  const load = useLoad(
    (s) => evaluationStreets(u, period, s),
    [u, from, to, shift, sector],
    `streets ${u} ${from} ${to} ${shift} ${sector}`,
  );
  return (
    <section class="card pad col" aria-labelledby="bystreet">
      <h2 id="bystreet">{t('eval.byStreet')}</h2>
      {load.error && <Failure error={load.error} retry={load.reload} />}
      {load.loading && !load.data && <Skeleton rows={6} />}
      {load.data && <Drawing streets={load.data} />}
    </section>
  );
}

function Drawing({ streets }: { streets: StreetPresence[] }) {
  if (streets.length === 0) return <p class="muted">{t('eval.byStreetNone')}</p>;
  let [west, east, south, north] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const s of streets) {
    for (const [lon, lat] of s.line) {
      west = Math.min(west, lon);
      east = Math.max(east, lon);
      south = Math.min(south, lat);
      north = Math.max(north, lat);
    }
  }
  // Degrees of longitude are shorter than those of latitude by this.
  const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = 1000 / ((east - west) * narrow || 1);
  const at = ([lon, lat]: [number, number]): string =>
    `${((lon - west) * narrow * scale).toFixed(1)},${((north - lat) * scale).toFixed(1)}`;
  const of = (kind: string) => streets.filter((s) => s.presence === kind);
  const summary = t('eval.byStreetHint', {
    own: num(of('municipal').length),
    police: num(of('police').length),
    both: num(of('both').length),
    none: num(of('none').length),
  });
  return (
    <>
      <p class="muted">{summary}</p>
      <svg
        class="streetmap"
        viewBox={`-4 -4 1008 ${((north - south) * scale + 8).toFixed(0)}`}
        role="img"
        aria-label={summary}
      >
        {kinds.map((kind) => (
          <path
            key={kind}
            class={kind}
            d={of(kind)
              .map((s) => `M${s.line.map(at).join('L')}`)
              .join('')}
          />
        ))}
      </svg>
      <ul class="row wrap streetkey">
        {kinds.map((kind) => (
          <li key={kind}>
            <svg viewBox="0 0 28 8" aria-hidden="true">
              <path class={kind} d="M0 4H28" />
            </svg>
            {t(`force.${kind}`)}
          </li>
        ))}
      </ul>
    </>
  );
}
