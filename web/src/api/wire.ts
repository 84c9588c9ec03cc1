// From the service's words to the page's: one function a thing, nothing else
// knows how the JSON is spelt.
import type { LonLat } from '../map/geo';
import type { Streets } from '../map/scene';
import type { LiveEvent } from './live';
import type { LiveChange } from './reduce';
import type {
  CoverageBar,
  District,
  Figures,
  HotCell,
  Incident,
  Job,
  Leg,
  LiveUnit,
  Meters,
  Mode,
  Plan,
  PlanRound,
  PlanRules,
  Role,
  Share,
  Shift,
  Trouble,
} from './types';

type Raw = Record<string, unknown>;

export const obj = (x: unknown): Raw => (x && typeof x === 'object' ? (x as Raw) : {});
export const list = (x: unknown): Raw[] => (Array.isArray(x) ? (x as Raw[]) : []);
export const str = (x: unknown): string => (typeof x === 'string' ? x : '');
export const numOr = (x: unknown, otherwise: number): number =>
  typeof x === 'number' && Number.isFinite(x) ? x : otherwise;
const maybe = (x: unknown): number | null => (typeof x === 'number' && Number.isFinite(x) ? x : null);

/** when reads an instant; Go's zero time and nonsense are unknown. */
export function when(x: unknown): number | null {
  if (typeof x !== 'string' || x.startsWith('0001-')) return null;
  const t = Date.parse(x);
  return Number.isNaN(t) ? null : t;
}

export function shiftOf(x: unknown): Shift | null {
  const r = obj(x);
  const start = when(r.start);
  const end = when(r.end);
  if (!str(r.id) || start === null || end === null) return null;
  return { id: str(r.id), code: str(r.code), name: str(r.name), start, end };
}

/** geometryOf takes the outline out of a GeoJSON of any level. */
function geometryOf(x: unknown): unknown {
  const r = obj(x);
  if (r.type === 'FeatureCollection') {
    const parts = list(r.features)
      .map((f) => geometryOf(f))
      .filter(Boolean) as Raw[];
    if (parts.length === 1) return parts[0];
    const polygons = parts.flatMap((g) =>
      g.type === 'MultiPolygon' ? (g.coordinates as unknown[]) : [g.coordinates],
    );
    return polygons.length > 0 ? { type: 'MultiPolygon', coordinates: polygons } : null;
  }
  if (r.type === 'Feature') return r.geometry ?? null;
  return r.type ? r : null;
}

export function districtOf(x: unknown): District {
  const r = obj(x);
  return {
    ubigeo: str(r.ubigeo),
    name: str(r.name),
    province: str(r.province),
    timeZone: str(r.time_zone) || 'America/Lima',
    bounds: (Array.isArray(r.bounds) ? r.bounds : [-79.03, -8.1, -78.97, -8.05]) as District['bounds'],
    boundary: geometryOf(r.boundary),
    simulated: r.simulated === true,
    simulatedKinds: list(r.simulated_kinds) as unknown as District['simulatedKinds'],
    demo: r.demo === true,
    tiles: str(r.tiles),
    streets: str(r.streets),
    role: str(r.role) as Role,
    shift: shiftOf(r.shift),
    nextShift: shiftOf(r.next_shift),
    serverTime: when(r.server_time) ?? Date.now(),
    clockRate: numOr(r.clock_rate, 1),
    bases: list(r.bases) as unknown as LonLat[],
  };
}

/** pairs turns lon, lat, lon, lat, … into points. */
export function pairs(flat: unknown): LonLat[] {
  if (!Array.isArray(flat)) return [];
  if (Array.isArray(flat[0])) return flat as LonLat[];
  const out: LonLat[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) out.push([flat[i] as number, flat[i + 1] as number]);
  return out;
}

export interface SegmentLines extends Omit<Streets, 'paths'> {
  lines: LonLat[][];
}

export function segmentsOf(x: unknown): SegmentLines {
  const rows = list(obj(x).segments);
  return {
    ids: rows.map((r) => str(r.id)),
    names: rows.map((r) => str(r.name)),
    labels: rows.map((r) => str(r.label) || str(r.name) || str(r.id)),
    classes: rows.map((r) => str(r.class)),
    metres: rows.map((r) => numOr(r.metres, 0)),
    belongs: rows.map((r) => r.belongs === true),
    lines: rows.map((r) => pairs(r.line)),
  };
}

export function unitOf(x: unknown): LiveUnit {
  const r = obj(x);
  const stop = r.stop ? obj(r.stop) : null;
  return {
    id: str(r.id) || str(r.device),
    callSign: str(r.call_sign) || str(r.device) || str(r.id),
    mode: (str(r.mode) || 'car') as Mode,
    integrated: r.integrated === true,
    lon: maybe(r.lon),
    lat: maybe(r.lat),
    speed: maybe(r.speed_kmh),
    course: maybe(r.course),
    at: when(r.at),
    link: (str(r.link) || 'offline') as LiveUnit['link'],
    motion: str(r.motion) as LiveUnit['motion'],
    since: when(r.motion_since),
    ignition: typeof r.ignition === 'boolean' ? r.ignition : null,
    street: str(r.street),
    round: maybe(r.round),
    kmPlanned: maybe(r.km_planned),
    kmMissing: maybe(r.km_missing),
    stopsPlanned: maybe(r.stops_planned),
    stopsDone: maybe(r.stops_done),
    stop: stop
      ? {
          name: str(stop.name),
          planned: stop.planned === true,
          minutes: maybe(stop.minutes),
          ofMinutes: maybe(stop.of_minutes),
        }
      : null,
  };
}

const share = (x: unknown): Share => ({ km: numOr(obj(x).km, 0), pct: numOr(obj(x).pct, 0) });
const minus = (a: Share, b: Share): Share => ({
  km: Math.max(0, a.km - b.km),
  pct: Math.max(0, a.pct - b.pct),
});

export function barOf(x: unknown): CoverageBar | null {
  if (!x) return null;
  const r = obj(x);
  const ours = share(r.serenazgo);
  const both = share(r.both);
  return {
    totalKm: numOr(r.street_km, 0),
    ours,
    serenazgo: minus(ours, both),
    police: minus(share(r.pnp), both),
    both,
    joint: share(r.joint),
    none: share(r.none),
    unknown: share(r.unknown),
    expectedPct: maybe(r.expected_pct),
    plannedPct: maybe(r.planned_pct),
  };
}

export function metersOf(x: unknown): Meters | null {
  if (!x) return null;
  const count = (c: unknown) => ({
    done: numOr(obj(c).done, 0),
    of: numOr(obj(c).of, 0),
    expected: maybe(obj(c).expected),
  });
  return { zones: count(obj(x).zones), stops: count(obj(x).stops) };
}

export const presenceOf = (x: unknown): Uint8Array | null =>
  Array.isArray(x) ? Uint8Array.from(x as number[]) : null;

export const liveTypes = [
  'snapshot',
  'units',
  'coverage',
  'plan',
  'shift',
  'job',
  'events',
  'service',
] as const;

/** troubleOf reads a service event: what is wrong and since when; null: nothing. */
export function troubleOf(x: unknown): Trouble | null {
  const r = obj(x);
  if (str(r.state) === '' || r.state === 'ok') return null;
  return { what: r.state === 'disk_full' ? 'disk_full' : 'no_store', since: when(r.since) ?? 0 };
}

/** liveChange reads one event of the live channel; null for what the page does not use. */
export function liveChange(e: LiveEvent): LiveChange | null {
  const r = obj(e.data);
  switch (e.type) {
    case 'snapshot':
      return {
        type: 'snapshot',
        units: list(r.units).map(unitOf),
        coverage: barOf(r.bar),
        meters: metersOf(r.meters),
        presence: presenceOf(r.presence),
        streets: str(r.streets),
        shift: shiftOf(r.shift),
        serverTime: when(r.server_time) ?? 0,
      };
    case 'units':
      return { type: 'units', units: list(r.units).map(unitOf), serverTime: when(r.server_time) ?? 0 };
    case 'coverage': {
      const coverage = barOf(r.bar);
      if (!coverage) return null;
      return {
        type: 'coverage',
        coverage,
        meters: metersOf(r.meters),
        changes: list(r.changes) as unknown as [number, number][],
      };
    }
    case 'plan':
      return { type: 'plan' };
    case 'shift':
      return { type: 'shift' };
  }
  return null;
}

function legOf(r: Raw): Leg {
  const line = pairs(r.line);
  return {
    kind: str(r.kind) as Leg['kind'],
    name: str(r.name),
    start: when(r.start) ?? 0,
    end: when(r.end) ?? 0,
    metres: numOr(r.metres, 0),
    reason: str(r.reason),
    line: line.length > 1 ? [line] : null,
    point: Array.isArray(r.point) ? (r.point as LonLat) : null,
    seq: numOr(r.seq, 0),
    segments: Array.isArray(r.segments) ? r.segments.map(str) : [],
    due: when(r.due),
  };
}

function rulesOf(x: unknown): PlanRules {
  const r = obj(x);
  return {
    locks: list(r.locks).map((l) => ({
      unit: str(l.unit),
      segment: str(l.segment),
      stop: Array.isArray(l.stop) ? (l.stop as LonLat) : null,
    })),
    forbids: list(r.forbids).map((f) => ({ unit: str(f.unit), segment: str(f.segment) })),
  };
}

export function roundOf(r: Raw, violations: Raw[]): PlanRound {
  return {
    number: numOr(r.number, 0),
    unit: str(r.unit),
    callSign: str(r.call_sign) || str(r.unit),
    mode: (str(r.mode) || 'car') as Mode,
    base: Array.isArray(r.base) ? (r.base as LonLat) : null,
    metres: numOr(r.metres, 0),
    stops: numOr(r.stops, 0),
    legs: list(r.legs).map(legOf),
    violations: violations.filter((v) => str(v.unit) === str(r.unit)).map((v) => str(v.message)),
    ended: when(r.ended),
  };
}

export interface PlanBrief {
  id: string;
  shift: string;
  version: number;
  state: Plan['state'];
  parent: string;
  figures: Figures;
}

export function briefOf(x: unknown): PlanBrief {
  const r = obj(x);
  return {
    id: str(r.id),
    shift: str(r.shift),
    version: numOr(r.version, 0),
    state: str(r.state) as Plan['state'],
    parent: str(r.parent),
    figures: obj(r.figures) as Figures,
  };
}

export function planOf(x: unknown): Plan {
  const r = obj(x);
  const head = obj(r.head);
  const violations = list(r.violations);
  const rounds = list(r.rounds);
  const units = new Set(rounds.map((o) => str(o.unit)));
  return {
    ...briefOf(head),
    seed: numOr(head.seed, 0),
    simulated: head.simulated === true,
    createdAt: when(head.created_at) ?? 0,
    createdBy: str(head.created_by),
    approvedBy: str(head.approved_by),
    approvedAt: when(head.approved_at),
    violations: violations.filter((v) => !units.has(str(v.unit))).map((v) => str(v.message)),
    rounds: rounds.map((o) => roundOf(o, violations)),
    rules: rulesOf(head.rules),
  };
}

export function jobOf(x: unknown): Job {
  const r = obj(x);
  return {
    id: str(r.id),
    state: str(r.state) as Job['state'],
    elapsed: numOr(r.elapsed_s, 0),
    seconds: numOr(r.seconds, 0),
    best: maybe(r.best),
    bound: maybe(r.bound),
    history: list(r.history).map((h) => ({ t: numOr(h.t, 0), best: numOr(h.best, 0) })),
    phase: str(r.phase),
    message: str(r.message),
    plan: str(r.plan),
    sketch: numOr(r.sketch, 0),
  };
}

export interface HotCells {
  cells: HotCell[];
  expectedTotal: number;
  harmTotal: number;
  days: number; // that low and high are about
  few: boolean; // too few incidents to tell models apart
  first10: number; // share of what is ranked by that is expected in the first ten
  rounded: boolean; // figures are rounded, and quiet cells left out
  sample: number;
  model: string;
}

export function hotCellsOf(x: unknown): HotCells {
  const r = obj(x);
  return {
    cells: list(r.cells).map((c) => ({
      id: str(c.id),
      rank: numOr(c.rank, 0),
      expected: numOr(c.expected, 0),
      count: typeof c.count90 === 'number' ? c.count90 : null,
      countYear: typeof c.count365 === 'number' ? c.count365 : null,
      harm: numOr(c.harm, 0),
      low: typeof c.low === 'number' ? c.low : null,
      high: typeof c.high === 'number' ? c.high : null,
      few: c.few === true,
      hot: c.hot === true,
      place: str(c.place),
      ring: pairs(c.ring),
    })),
    expectedTotal: numOr(r.total, 0),
    harmTotal: numOr(r.harm_total, 0),
    days: numOr(r.days, 0),
    few: r.few === true,
    first10: numOr(r.first10, 0),
    rounded: r.rounded === true,
    sample: numOr(r.sample, 0),
    model: str(r.model),
  };
}

export function incidentOf(x: unknown): Incident {
  const r = obj(x);
  const type = (Array.isArray(r.type) ? (r.type as string[]) : []).filter(Boolean);
  return {
    key: str(r.key),
    type: type.length > 1 ? type[1] : (type[0] ?? ''),
    detail: type.length > 2 ? type[2] : type.length > 1 ? type[0] : '',
    at: when(r.at) ?? 0,
    until: when(r.until) ?? null,
    point: (r.point as LonLat | undefined) ?? null,
    grade: str(r.grade),
    sector: str(r.sector),
    place: str(r.place),
    origin: str(r.origin),
    note: str(r.note),
    simulated: r.simulated === true,
    source: str(r.source),
  };
}
