// Street corrections and the report of the last import, as the page sees them.
import { dateOf, fromLocalInput } from '../i18n/format';
import type { LonLat } from '../map/geo';
import { obj, pairs, str, when } from './wire';

export type CorrectionKind = 'name' | 'closed' | 'gate' | 'forbidden' | 'street';

export interface Correction {
  id: string;
  kind: CorrectionKind;
  segment: string;
  line: LonLat[] | null;
  name: string;
  oneway: boolean;
  from: string; // local date AAAA-MM-DD; empty: open
  to: string; // last day, inclusive
  hourFrom: string;
  hourUntil: string;
  note: string;
  by: string;
  at: number | null;
  found: boolean; // its street is on the present map
}

type Raw = Record<string, unknown>;

/** localDate is the day of an instant in the district's zone; empty if unknown. */
function localDate(x: unknown): string {
  const t = when(x);
  if (t === null) return '';
  return dateOf(t);
}

export function correctionOf(x: unknown): Correction {
  const r = obj(x);
  const line = pairs(r.line);
  return {
    id: str(r.id),
    kind: str(r.kind) as CorrectionKind,
    segment: str(r.segment),
    line: line.length > 0 ? line : null,
    name: str(r.name),
    oneway: r.one_way === true,
    from: localDate(r.from),
    to: localDate(r.until),
    hourFrom: str(r.hour_from),
    hourUntil: str(r.hour_until),
    note: str(r.note),
    by: str(r.created_by),
    at: when(r.created_at),
    found: r.found !== false,
  };
}

/** correctionBody leaves out what was not said. */
export function correctionBody(c: Omit<Correction, 'id' | 'at' | 'found'>): Raw {
  const out: Raw = { kind: c.kind };
  if (c.segment) out.segment = c.segment;
  if (c.line) out.line = c.line;
  if (c.name) out.name = c.name;
  if (c.oneway) out.one_way = true;
  if (c.from) out.from = fromLocalInput(`${c.from}T00:00`)?.toISOString();
  if (c.to) out.until = fromLocalInput(`${c.to}T23:59`)?.toISOString();
  if (c.hourFrom) out.hour_from = c.hourFrom;
  if (c.hourUntil) out.hour_until = c.hourUntil;
  if (c.note) out.note = c.note;
  return out;
}

export interface StreetReport {
  km: number | null;
  segments: number | null;
  junctions: number | null;
  unnamedPct: number | null;
  onewayPct: number | null;
  unreachableKm: number | null;
  components: number | null;
  classes: { name: string; km: number }[];
  warnings: string[];
  source: string;
  importedAt: number | null;
  version: string;
  paths: boolean; // the ways where only people walk are in
  versions: { version: string; source: string; at: number | null; by: string; current: boolean }[];
}

/** streetReportOf reads the report of the importer; what it lacks stays unknown. */
export function streetReportOf(x: unknown): StreetReport {
  const outer = (x ?? {}) as Raw;
  const r = (outer.report ?? {}) as Raw;
  const n = (k: string): number | null => (typeof r[k] === 'number' ? (r[k] as number) : null);
  const versions = ((outer.versions ?? []) as Raw[]).map((v) => ({
    version: str(v.version),
    source: str(v.source),
    at: when(v.imported_at),
    by: str(v.imported_by),
    current: v.current === true,
  }));
  const now = versions.find((v) => v.current);
  const classes = Object.entries((r.km_by_class ?? {}) as Record<string, number>)
    .map(([name, km]) => ({ name, km }))
    .sort((a, b) => b.km - a.km);
  const bits = ((r.unreachable ?? []) as Raw[]).map(
    (b) => `${str(b.name)} · ${Number(b.km ?? 0).toFixed(2)} km`,
  );
  return {
    km: n('belonging_km') ?? n('km'),
    segments: n('belonging_segments') ?? n('segments'),
    junctions: typeof outer.junctions === 'number' ? outer.junctions : null,
    unnamedPct: n('unnamed_inside_pct') ?? n('unnamed_pct'),
    onewayPct: n('one_way_km_pct'),
    unreachableKm: n('unreachable_km'),
    paths: r.paths === true,
    components: n('components'),
    classes,
    warnings: bits,
    source: now?.source ?? str(r.file),
    importedAt: now?.at ?? null,
    version: now?.version ?? '',
    versions,
  };
}
