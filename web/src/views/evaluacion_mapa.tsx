// Where each force was over the period, cell by cell and shift by shift: drawn as
// vectors, so that it prints as it is seen.
import type { PresenceCell, Review, ShiftPresence } from '../api/evaluation';
import { t } from '../i18n';
import { num } from '../i18n/format';

interface PresenceMapProps {
  cells: PresenceCell[];
  sources: Review['sources'];
}

const kinds = ['municipal', 'police', 'both', 'none'] as const;

export function PresenceMap({ cells, sources }: PresenceMapProps) {
  if (cells.length === 0) return null;
  const summary = t('eval.mapHint', counts(cells));
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
      <CellMap id="all" cells={cells} summary={summary} />
      <Key />
    </section>
  );
}

/** ShiftMaps shows the same for the shifts of each name, side by side. */
export function ShiftMaps({ cells, shifts }: { cells: PresenceCell[]; shifts: ShiftPresence[] }) {
  const whole = shifts.filter((s) => s.cells.length === cells.length);
  if (cells.length === 0 || whole.length < 2) return null;
  return (
    <section class="card pad col" aria-labelledby="byshift">
      <h2 id="byshift">{t('eval.byShift')}</h2>
      <div class="shiftmaps">
        {whole.map((s) => {
          const own = cells.map((c, i) => ({ ...c, presence: s.cells[i] ?? c.presence }));
          const summary = t('eval.byShiftHint', counts(own));
          return (
            <figure key={s.code}>
              <figcaption>
                <strong>{s.name}</strong>{' '}
                <span class="hint">{t('eval.byShiftOf', { n: num(s.shifts) })}</span>
              </figcaption>
              <CellMap id={s.code} cells={own} summary={`${s.name}: ${summary}`} />
              <p class="hint">{summary}</p>
            </figure>
          );
        })}
      </div>
      <Key />
    </section>
  );
}

/** counts tells of how many cells each force is. */
function counts(cells: PresenceCell[]) {
  const of = (kind: string) => num(cells.filter((c) => c.presence === kind).length);
  return { own: of('municipal'), police: of('police'), both: of('both'), none: of('none') };
}

function Key() {
  return (
    <ul class="row wrap presencekey">
      {kinds.map((kind) => (
        <li key={kind}>
          <i class={`swatch ${kind}`} aria-hidden="true" />
          {t(`force.${kind}`)}
        </li>
      ))}
    </ul>
  );
}

/** CellMap draws cells; id tells the maps of a page apart. */
function CellMap({ id, cells, summary }: { id: string; cells: PresenceCell[]; summary: string }) {
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
  const outline = (kind: string) =>
    cells
      .filter((c) => c.presence === kind)
      .map((c) => `M${c.ring.map(at).join('L')}Z`)
      .join('');
  return (
    <svg
      class="presencemap"
      viewBox={`-4 -4 1008 ${((north - south) * scale + 8).toFixed(0)}`}
      role="img"
      aria-label={summary}
    >
      <defs>
        <pattern id={`hatch-${id}`} class="hatch" width="12" height="12" patternUnits="userSpaceOnUse">
          <path d="M0 12L12 0" />
        </pattern>
        <pattern id={`cross-${id}`} class="cross" width="12" height="12" patternUnits="userSpaceOnUse">
          <path d="M0 12L12 0M0 0L12 12" />
        </pattern>
      </defs>
      {kinds.map((kind) => (
        <path key={kind} class={kind} d={outline(kind)} />
      ))}
      {(['police', 'both'] as const).map((kind) => (
        <path
          key={kind}
          style={{ fill: `url(#${kind === 'both' ? 'cross' : 'hatch'}-${id})` }}
          d={outline(kind)}
        />
      ))}
    </svg>
  );
}
