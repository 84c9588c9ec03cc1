// Trackers, phones and gateways, how their topics are read, and what happened
// to the units that carry them.
import type { LonLat } from '../map/geo';
import { call } from './client';
import { type ImportReport, importReportOf } from './imports';
import { when } from './wire';

type Raw = Record<string, unknown>;

export interface Device {
  id: string;
  name: string;
  unit: string;
  identities: string[];
  gateway: boolean;
  interval: number; // seconds
  clockFix: number; // seconds
  clockOff: number | null; // seconds; null: right, or unknown
  known: boolean;
  positions: number | null;
  claimable: number | null;
  lastSeen: number | null;
}

const number = (x: unknown): number | null => (typeof x === 'number' ? x : null);

function deviceOf(r: Raw): Device {
  return {
    id: String(r.id),
    name: String(r.name ?? ''),
    unit: String(r.unit ?? ''),
    identities: (r.identities ?? []) as string[],
    gateway: r.gateway === true,
    interval: number(r.interval_s) ?? 10,
    clockFix: number(r.clock_fix_s) ?? 0,
    clockOff: number(r.clock_off_s),
    known: r.known === true,
    positions: number(r.positions),
    claimable: number(r.claimable),
    lastSeen: when(r.last_seen),
  };
}

export const newDevice = (): Device => deviceOf({ id: '', known: true });

const path = (u: string, id: string) => `/d/${u}/devices/${encodeURIComponent(id)}`;

export const devices = async (u: string, signal?: AbortSignal): Promise<Device[]> =>
  (await call<Raw[]>(`/d/${u}/devices`, { signal })).map(deviceOf);

export const saveDevice = (u: string, d: Device) =>
  call<void>(path(u, d.id), {
    method: 'PUT',
    body: {
      name: d.name,
      unit: d.unit,
      identities: d.identities,
      gateway: d.gateway,
      interval_s: d.interval || 10,
      clock_fix_s: d.clockFix,
    },
  });

export const deleteDevice = (u: string, id: string) => call<void>(path(u, id), { method: 'DELETE' });

/** claimDevice gives a device and its kept positions to a unit; it tells how many those are. */
export async function claimDevice(u: string, id: string, unit: string): Promise<number> {
  return (await call<{ positions: number }>(`${path(u, id)}/claim`, { body: { unit } })).positions;
}

export interface BadRow {
  line: number;
  raw: string;
  code: string;
  value?: string; // the word in the row
  other?: string; // the line or device that it meets
}

export interface DeviceImport extends ImportReport {
  bad: BadRow[];
}

export async function importDevices(u: string, file: File, dryRun: boolean): Promise<DeviceImport> {
  const form = new FormData();
  form.set('file', file);
  form.set('dry_run', String(dryRun));
  const r = await call<Raw>(`/d/${u}/devices/import`, { form });
  return { ...importReportOf(r), bad: ((r.report as Raw | undefined)?.bad ?? []) as BadRow[] };
}

export const formats = [
  'auto',
  'serenazgo',
  'geojson',
  'owntracks',
  'traccar',
  'osmand',
  'teltonika',
  'flespi',
  'thingsboard',
  'meshtastic',
] as const;
export const identities = ['topic', 'payload', 'login'] as const;

export interface TopicRule {
  pattern: string;
  format: (typeof formats)[number];
  identity: (typeof identities)[number];
  note?: string;
}

export const topicRules = (u: string, signal?: AbortSignal) =>
  call<TopicRule[]>(`/d/${u}/topic-rules`, { signal });
export const saveTopicRule = (u: string, r: TopicRule) => call<TopicRule>(`/d/${u}/topic-rules`, { body: r });
export const deleteTopicRule = (u: string, pattern: string) =>
  call<void>(`/d/${u}/topic-rules`, { method: 'DELETE', query: { pattern } });

export interface RawPayload {
  id: number;
  received: string;
  topic: string;
  client: string;
  decoder: string;
  bytes: number;
  payload: string; // escaped by the service
  fixes: { time: string; lon?: number; lat?: number; event?: string }[];
  rejects: string[];
}

export interface RawPayloads {
  days: number; // for which they are kept; 0: not at all
  payloads: RawPayload[];
}

const rawOf = (u: string, id: string) => `/d/${u}/devices/${encodeURIComponent(id)}/raw`;

/** rawPayloads are the last payloads of a device as they came; the look is audited. */
export const rawPayloads = (u: string, id: string, signal?: AbortSignal) =>
  call<RawPayloads>(rawOf(u, id), { signal });
export const keepRaw = (u: string, id: string, days: number) =>
  call<RawPayloads>(rawOf(u, id), { method: 'PUT', body: { days } });

export interface UnitEvent {
  unit: string;
  kind: string;
  place: string;
  start: number;
  end: number | null;
  point: LonLat | null;
  value: number | null;
}

export const eventOf = (x: unknown): UnitEvent => {
  const r = x as Raw;
  return {
    unit: String(r.unit ?? ''),
    kind: String(r.kind ?? ''),
    place: String(r.place ?? ''),
    start: when(r.start) ?? 0,
    end: when(r.end),
    point: (r.point ?? null) as LonLat | null,
    value: number(r.value),
  };
};

export const events = async (u: string, from: Date, to: Date, unit: string, signal?: AbortSignal) =>
  (
    await call<unknown[]>(`/d/${u}/events`, {
      query: { from: from.toISOString(), to: to.toISOString(), unit },
      signal,
    })
  ).map(eventOf);

export interface UnitDay {
  unit: string;
  date: string;
  metres: number;
  moving: number;
  idle: number;
  stopped: number;
  engine: number;
  trips: number;
  stops: number;
  stopList: { start: number; end: number; point: LonLat }[];
  doubtful: number;
  told: { metres: number; odometer: number; engine: number; hours: number } | null; // by the device itself
}

const toldOf = (r?: Raw) =>
  r
    ? {
        metres: number(r.metres) ?? 0,
        odometer: number(r.odometer) ?? 0,
        engine: number(r.engine_s) ?? 0,
        hours: number(r.hours_s) ?? 0,
      }
    : null;

export const days = async (
  u: string,
  from: string,
  to: string,
  signal?: AbortSignal,
  unit = '',
): Promise<UnitDay[]> =>
  (await call<Raw[]>(`/d/${u}/days`, { query: { from, to, unit }, signal })).map((r) => ({
    unit: String(r.unit),
    date: String(r.date),
    metres: number(r.metres) ?? 0,
    moving: number(r.moving_s) ?? 0,
    idle: number(r.idle_s) ?? 0,
    stopped: number(r.stopped_s) ?? 0,
    engine: number(r.engine_s) ?? 0,
    trips: ((r.trips ?? []) as unknown[]).length,
    stops: ((r.stops ?? []) as unknown[]).length,
    stopList: ((r.stops ?? []) as Raw[]).map((x) => ({
      start: when(x.start) ?? 0,
      end: when(x.end) ?? 0,
      point: x.point as LonLat,
    })),
    doubtful: number(r.doubtful) ?? 0,
    told: toldOf(r.device as Raw | undefined),
  }));

export const readiness = ['operational', 'workshop', 'no_fuel'] as const;
export type Readiness = (typeof readiness)[number];

export interface UnitState {
  since: number;
  state: Readiness;
  reason: string;
  username: string;
}

const statesOf = (u: string, unit: string) => `/d/${u}/units/${encodeURIComponent(unit)}/states`;

export const unitStates = async (u: string, unit: string, signal?: AbortSignal): Promise<UnitState[]> =>
  (await call<Raw[]>(statesOf(u, unit), { signal })).map((r) => ({
    since: when(r.since) ?? 0,
    state: r.state as Readiness,
    reason: String(r.reason ?? ''),
    username: String(r.username ?? ''),
  }));

export const saveUnitState = (
  u: string,
  unit: string,
  state: Readiness,
  reason: string,
  expected: Date | null,
  since: Date | null,
) =>
  call<void>(statesOf(u, unit), {
    body: {
      state,
      reason,
      ...(since ? { since: since.toISOString() } : {}),
      ...(expected && state !== 'operational' ? { expected: expected.toISOString() } : {}),
    },
  });

/** DoubtfulFix is a position that does not count, and why. */
export interface DoubtfulFix {
  at: number;
  device: string;
  reasons: string[];
  point: LonLat | null;
}

export const doubtful = async (
  u: string,
  unit: string,
  p: { from: number; to: number },
  signal?: AbortSignal,
): Promise<DoubtfulFix[]> => {
  const r = await call<Raw>(`/d/${u}/units/${encodeURIComponent(unit)}/trail`, {
    query: { from: new Date(p.from).toISOString(), to: new Date(p.to).toISOString(), doubtful: true },
    signal,
  });
  return ((r.doubtful ?? []) as Raw[]).map((x) => ({
    at: when(x.at) ?? 0,
    device: String(x.device),
    reasons: (x.reasons ?? []) as string[],
    point: (x.point ?? null) as LonLat | null,
  }));
};
