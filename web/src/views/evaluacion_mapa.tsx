// Where each force was over the period, cell by cell: drawn as vectors, so that
// it prints as it is seen.
import type { PresenceCell, Review } from '../api/evaluation';
import { t } from '../i18n';
import { num } from '../i18n/format';

interface PresenceMapProps {
  cells: PresenceCell[];
  sources: Review['sources'];
}

const kinds = ['municipal', 'police', 'both', 'none'] as const;

export function PresenceMap({ cells, sources }: PresenceMapProps) {
  if (cells.length === 0) return null;
  const all = cells.flatMap((c) => c.ring);
  const west = Math.min(...all.map((p) => p[0]));
  const east = Math.max(...all.map((p) => p[0]));
  const south = Math.min(...all.map((p) => p[1]));
  const north = Math.max(...all.map((p) => p[1]));
  // Degrees of longitude are shorter than those of latitude by this.
  const narrow = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = 1000 / ((east - west) * narrow);
  const at = ([lon, lat]: [number, number]): string =>
    `${((lon - west) * narrow * scale).toFixed(1)},${((north - lat) * scale).toFixed(1)}`;
  const count = (kind: string) => num(cells.filter((c) => c.presence === kind).length);
  const summary = t('eval.mapHint', {
    own: count('municipal'),
    police: count('police'),
    both: count('both'),
    none: count('none'),
  });
  const known =
    sources.police === 'planned'
      ? t('eval.mapPlan')
      : sources.police === 'driven' &&
        t('eval.mapKnown', { police: num(sources.police_shifts), own: num(sources.shifts) });
  return (
    <section class="card pad col" aria-labelledby="presence">
      <h2 id="presence">{t('eval.map')}</h2>
      <p class="muted">
        {summary} {known}
      </p>
      <svg
        class="presencemap"
        viewBox={`-4 -4 1008 ${((north - south) * scale + 8).toFixed(0)}`}
        role="img"
        aria-label={summary}
      >
        <defs>
          <pattern id="hatch" width="12" height="12" patternUnits="userSpaceOnUse">
            <path d="M0 12L12 0" />
          </pattern>
          <pattern id="cross" width="12" height="12" patternUnits="userSpaceOnUse">
            <path d="M0 12L12 0M0 0L12 12" />
          </pattern>
        </defs>
        {kinds.map((kind) => (
          <path
            key={kind}
            class={kind}
            d={cells
              .filter((c) => c.presence === kind)
              .map((c) => `M${c.ring.map(at).join('L')}Z`)
              .join('')}
          />
        ))}
        {(['police', 'both'] as const).map((kind) => (
          <path
            key={kind}
            style={{ fill: `url(#${kind === 'both' ? 'cross' : 'hatch'})` }}
            d={cells
              .filter((c) => c.presence === kind)
              .map((c) => `M${c.ring.map(at).join('L')}Z`)
              .join('')}
          />
        ))}
      </svg>
      <ul class="row wrap presencekey">
        {kinds.map((kind) => (
          <li key={kind}>
            <i class={`swatch ${kind}`} aria-hidden="true" />
            {t(`force.${kind}`)}
          </li>
        ))}
      </ul>
    </section>
  );
}
