// Every call the page makes, by name.

import { type Bounds, type LonLat, path } from '../map/geo';
import type { Streets } from '../map/scene';
import type { ShiftDef } from '../state/shifts';
import { APIError, call } from './client';
import {
  type Correction,
  correctionBody,
  correctionOf,
  type StreetReport,
  streetReportOf,
} from './corrections';
import { sureOf } from './forecast';
import { type ImportReport, importReportOf } from './imports';
import type { CellPast, CellWhy, CoverageBar, District, Incident, Mode, Plan, Role, Session } from './types';
import {
  barOf,
  briefOf,
  districtOf,
  type HotCells,
  hotCellsOf,
  incidentOf,
  list,
  numOr,
  type PlanBrief,
  planOf,
  presenceOf,
  segmentsOf,
  str,
  when,
} from './wire';

export type { Correction, CorrectionKind } from './corrections';
export type { ImportReport } from './imports';
export type { PlanBrief } from './wire';

type Raw = Record<string, unknown>;

// Session

export interface PublicInfo {
  setupNeeded: boolean;
  demo: boolean;
  logins: { username: string; password: string; role: Role }[];
  name: string;
  tiles: string;
  bounds: Bounds;
}

export async function publicInfo(): Promise<PublicInfo> {
  const r = await call<Raw>('/public', { quiet: true });
  const map = r.map as { name: string; tiles: string; bounds: Bounds } | undefined;
  return {
    setupNeeded: r.setup_needed === true,
    demo: r.demo === true,
    logins: (r.logins ?? []) as PublicInfo['logins'],
    name: map?.name ?? '',
    tiles: map?.tiles ?? '',
    bounds: map?.bounds ?? [0, 0, 0, 0],
  };
}

/** session gives the open session; null if nobody is logged in. */
export async function session(): Promise<Session | null> {
  try {
    return await call<Session>('/session', { quiet: true });
  } catch (e) {
    if (e instanceof APIError && e.status === 401) return null;
    throw e;
  }
}

export const login = (username: string, password: string) =>
  call<Session>('/session', { body: { username, password }, quiet: true });

export const logout = () => call<void>('/session', { method: 'DELETE', quiet: true });

export interface Setup {
  username: string;
  name: string;
  password: string;
  ubigeo?: string;
  district?: string;
}

export const setup = (token: string, body: Setup) =>
  call<Session>('/setup', { body: { token, ...body }, quiet: true });

/** setupWorks tells whether a set-up link can still be used. */
export async function setupWorks(token: string): Promise<boolean> {
  try {
    await call<void>('/setup/check', { body: { token }, quiet: true });
    return true;
  } catch (e) {
    if (e instanceof APIError && (e.status === 403 || e.status === 400)) return false;
    throw e;
  }
}

/** changePassword changes one's own password; other sessions of the account end. */
export const changePassword = (present: string, password: string) =>
  call<void>('/session/password', { method: 'PUT', body: { present, password } });

// District and streets

export const district = async (u: string): Promise<District> => districtOf(await call(`/d/${u}`));

/** shiftDefs gives the shifts by their local clock times. */
export const shiftDefs = (u: string, signal?: AbortSignal) =>
  call<ShiftDef[]>(`/d/${u}/shift-defs`, { signal });
export const saveShiftDefs = (u: string, defs: ShiftDef[]) =>
  call<ShiftDef[]>(`/d/${u}/shift-defs`, { method: 'PUT', body: defs });

export async function streets(u: string, version: string): Promise<Streets> {
  const { lines, ...rest } = segmentsOf(await call(`/d/${u}/streets/segments`, { query: { v: version } }));
  return { ...rest, paths: lines.map(path) };
}

export const streetReport = async (u: string, signal?: AbortSignal): Promise<StreetReport> =>
  streetReportOf(await call(`/d/${u}/streets/report`, { signal }));

export async function importStreets(
  u: string,
  extract: File,
  boundary: File | null,
  paths: boolean,
): Promise<ImportReport> {
  const form = new FormData();
  form.set('paths', String(paths));
  form.set('extract', extract);
  if (boundary) form.set('boundary', boundary);
  return importReportOf(await call(`/d/${u}/streets/import`, { form }));
}

export const corrections = async (u: string, signal?: AbortSignal): Promise<Correction[]> =>
  (await call<unknown[]>(`/d/${u}/corrections`, { signal })).map(correctionOf);

/** addCorrection tells whether the correction found its street on the present map. */
export async function addCorrection(u: string, c: Omit<Correction, 'id' | 'at' | 'found'>): Promise<boolean> {
  return (await call<{ found: boolean }>(`/d/${u}/corrections`, { body: correctionBody(c) })).found;
}

export const deleteCorrection = (u: string, id: string) =>
  call<void>(`/d/${u}/corrections/${encodeURIComponent(id)}`, { method: 'DELETE' });

// Demand and police

export const hotCells = async (
  u: string,
  shift: string,
  signal?: AbortSignal,
  by: 'count' | 'harm' = 'count',
): Promise<HotCells> => hotCellsOf(await call(`/d/${u}/hotcells`, { query: { shift, by }, signal }));

export async function cellWhy(u: string, id: string, shift: string, signal?: AbortSignal): Promise<CellWhy> {
  const r = await call<Raw>(`/d/${u}/hotcells/${encodeURIComponent(id)}`, { query: { shift }, signal });
  const past = r.past as CellPast | undefined;
  return {
    id: String(r.id),
    why: r.why as CellWhy['why'],
    past: past ?? null,
    sure: sureOf(r.sure),
    harm: typeof r.harm === 'number' ? r.harm : 0,
    groups: (r.groups as CellWhy['groups'] | undefined) ?? [],
  };
}

export const incidents = async (u: string, signal?: AbortSignal): Promise<Incident[]> =>
  (await call<unknown[]>(`/d/${u}/incidents`, { query: { limit: 200 }, signal })).map(incidentOf);

export interface NewIncident {
  type: string[];
  at: string;
  point: LonLat;
  origin: string;
  note: string;
}

export const addIncident = async (u: string, i: NewIncident): Promise<Incident> =>
  incidentOf(await call(`/d/${u}/incidents`, { body: { ...i, type: i.type.filter(Boolean) } }));

async function upload(
  url: string,
  file: File,
  dryRun: boolean,
  more: Record<string, string> = {},
): Promise<ImportReport> {
  const form = new FormData();
  for (const [k, v] of Object.entries({ ...more, dry_run: String(dryRun) })) if (v) form.set(k, v);
  form.set('file', file);
  return importReportOf(await call(url, { form }));
}

export const importIncidents = (u: string, f: File, dry: boolean, more: Record<string, string>) =>
  upload(`/d/${u}/incidents/import`, f, dry, more);
export const importPolice = (u: string, f: File, dry: boolean) => upload(`/d/${u}/police/import`, f, dry);
export const importTracks = (u: string, f: File, dry: boolean) => upload(`/d/${u}/police/tracks`, f, dry);

export interface GeoFeature {
  geometry: { type: string; coordinates: unknown };
  properties: Raw;
}

export const police = async (u: string, shift: string, signal?: AbortSignal): Promise<GeoFeature[]> =>
  (await call<{ features: GeoFeature[] }>(`/d/${u}/police`, { query: { shift }, signal })).features ?? [];

// Fleet

export interface UnitSetup {
  id: string;
  callSign: string;
  mode: Mode;
  plate: string;
  base: LonLat | null;
  shifts: string[];
  from: string; // own hours, local clock; '': whole shifts
  to: string;
  maxKm: number; // 0: no limit
  sectors: string[]; // empty: the whole district
  integrated: boolean;
  active: boolean;
  device: string;
}

export const newUnit = (): UnitSetup => ({
  id: '',
  callSign: '',
  mode: 'car',
  plate: '',
  base: null,
  shifts: [],
  from: '',
  to: '',
  maxKm: 0,
  sectors: [],
  integrated: false,
  active: true,
  device: '',
});

export const units = async (u: string, signal?: AbortSignal): Promise<UnitSetup[]> =>
  (await call<Raw[]>(`/d/${u}/units`, { signal })).map(({ call_sign, max_km, ...r }) => ({
    ...newUnit(),
    ...(r as Partial<UnitSetup>),
    callSign: String(call_sign ?? ''),
    maxKm: Number(max_km ?? 0),
  }));

export function saveUnit(u: string, v: UnitSetup): Promise<void> {
  const { id, callSign, base, device, plate, from, to, maxKm, ...rest } = v;
  return call(`/d/${u}/units/${encodeURIComponent(id)}`, {
    method: 'PUT',
    body: {
      call_sign: callSign,
      ...rest,
      ...(plate.trim() ? { plate: plate.trim() } : {}),
      ...(device ? { device } : {}),
      ...(from || to ? { from, to } : {}),
      ...(maxKm > 0 ? { max_km: maxKm } : {}),
      ...(base && (base[0] !== 0 || base[1] !== 0) ? { base } : {}),
    },
  });
}

export interface Credentials {
  device: string;
  username: string;
  password: string;
  topic: string;
  link?: string;
  qr?: string;
  query?: string;
}

export const deviceCredentials = (u: string, device: string, unit: string) =>
  call<Credentials>(`/d/${u}/devices/${encodeURIComponent(device)}/credentials`, { body: { unit } });

/** trail is where a unit was in the last two hours. */
export async function trail(u: string, unit: string, signal?: AbortSignal): Promise<LonLat[]> {
  const r = await call<{ fixes: (number | null)[][] }>(`/d/${u}/units/${encodeURIComponent(unit)}/trail`, {
    signal,
  });
  return r.fixes.map((f) => [f[0] ?? 0, f[1] ?? 0]);
}

/** CellPresence is a cell and the longest time that nobody was in it, in minutes. */
export interface CellPresence {
  cell: string;
  centre: LonLat;
  visits: number;
  gapMin: number;
}

export interface Coverage {
  cells: CellPresence[]; // the longest time first
  final: boolean;
  streets: string;
  bar: CoverageBar | null;
  presence: Uint8Array | null;
}

export async function coverage(u: string, shift: string, signal?: AbortSignal): Promise<Coverage> {
  const r = await call<Raw>(`/d/${u}/coverage`, { query: { shift }, signal });
  return {
    cells: list(r.cells).map((c) => ({
      cell: str(c.cell),
      centre: c.centre as LonLat,
      visits: numOr(c.visits, 0),
      gapMin: numOr(c.longest_gap_min, 0),
    })),
    final: r.final === true,
    streets: String(r.streets ?? ''),
    bar: barOf(r.bar),
    presence: presenceOf(r.presence),
  };
}

// Plans

/** plans gives the versions of a shift's plan, newest first. */
export const plans = async (u: string, shift: string, signal?: AbortSignal): Promise<PlanBrief[]> =>
  (await call<unknown[]>(`/d/${u}/plans`, { query: { shift }, signal }))
    .map(briefOf)
    .sort((a, b) => b.version - a.version);

export const plan = async (u: string, id: string, signal?: AbortSignal): Promise<Plan> =>
  planOf(await call(`/d/${u}/plans/${encodeURIComponent(id)}`, { signal }));

/** shownPlan is the plan in force of a shift: the published one, or else the newest. */
export async function shownPlan(u: string, shift: string, signal?: AbortSignal): Promise<Plan | null> {
  const all = await plans(u, shift, signal);
  const one = all.find((p) => p.state === 'published') ?? all[0];
  return one ? plan(u, one.id, signal) : null;
}

export const approvePlan = (u: string, id: string) =>
  call<void>(`/d/${u}/plans/${encodeURIComponent(id)}/approve`, { method: 'POST' });
export const publishPlan = (u: string, id: string) =>
  call<void>(`/d/${u}/plans/${encodeURIComponent(id)}/publish`, { method: 'POST' });

// Administration

export interface UserRow {
  username: string;
  name: string;
  role: Role;
  disabled: boolean;
}

export const users = (u: string, signal?: AbortSignal) => call<UserRow[]>(`/d/${u}/users`, { signal });
export const addUser = (u: string, body: { username: string; name: string; role: Role; password: string }) =>
  call<UserRow>(`/d/${u}/users`, { body: { ...body, name: body.name || body.username } });

export const changeUser = (u: string, username: string, body: { role?: Role; disabled?: boolean }) =>
  call<UserRow>(`/d/${u}/users/${encodeURIComponent(username)}`, { method: 'PATCH', body });
export const setUserPassword = (u: string, username: string, password: string) =>
  call<void>(`/d/${u}/users/${encodeURIComponent(username)}/password`, { method: 'PUT', body: { password } });

export interface AuditRow {
  at: number;
  username: string;
  action: string;
  subject: string;
  detail: string;
  remote: string;
}

export const audit = async (u: string, signal?: AbortSignal): Promise<AuditRow[]> =>
  (await call<Raw[]>(`/d/${u}/audit`, { query: { limit: 500 }, signal })).map((r) => ({
    at: when(r.at) ?? 0,
    username: String(r.username ?? ''),
    action: String(r.action ?? ''),
    subject: String(r.subject ?? ''),
    detail: String(r.detail ?? ''),
    remote: String(r.remote ?? ''),
  }));
