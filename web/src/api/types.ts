// What the page works with. wire.ts turns the service's answers into these.

import type { Bounds, LonLat } from '../map/geo';
import type { UnitState } from '../map/scene';
import type { CellGroup, CellSure } from './forecast';

export type Role = 'admin' | 'supervisor' | 'operator' | 'crew' | 'liaison' | 'auditor';
export type Mode = 'car' | 'motorcycle' | 'bicycle' | 'foot';

export interface Membership {
  ubigeo: string;
  name: string;
  role: Role;
}

export interface Session {
  username: string;
  name: string;
  csrf: string;
  districts: Membership[];
}

export interface Shift {
  id: string; // 2026-11-21/noche
  code: string;
  name: string;
  start: number; // ms
  end: number;
}

export interface District {
  ubigeo: string;
  name: string;
  province: string;
  timeZone: string;
  bounds: Bounds;
  boundary: unknown;
  simulated: boolean;
  simulatedKinds: ('incidents' | 'police')[];
  demo: boolean;
  tiles: string;
  streets: string; // version
  role: Role;
  shift: Shift | null;
  nextShift: Shift | null;
  serverTime: number; // ms
  clockRate: number; // seconds of the service's clock per second; 1 outside a demonstration
  bases: LonLat[];
}

export interface PlannedStop {
  name: string;
  planned: boolean;
  minutes: number | null;
  ofMinutes: number | null;
}

export interface LiveUnit {
  id: string;
  callSign: string;
  mode: Mode;
  lon: number | null;
  lat: number | null;
  speed: number | null; // km/h
  course: number | null;
  at: number | null; // ms, of the newest fix
  link: 'online' | 'stale' | 'offline';
  motion: 'patrol' | 'stopped' | 'transit' | '';
  since: number | null; // ms, of the motion
  ignition: boolean | null; // null: the device does not tell
  street: string;
  round: number | null;
  kmPlanned: number | null;
  kmMissing: number | null;
  stopsPlanned: number | null;
  stopsDone: number | null;
  integrated: boolean;
  stop: PlannedStop | null;
}

export interface Share {
  km: number;
  pct: number;
}

export interface Count {
  done: number;
  of: number;
  expected: number | null;
}

export interface CoverageBar {
  totalKm: number;
  ours: Share; // the serenazgo's, with or without police there too
  serenazgo: Share; // alone
  police: Share; // alone
  both: Share;
  joint: Share; // any of the two
  none: Share;
  unknown: Share;
  expectedPct: number | null; // of ours at this hour; null: there is no plan
  plannedPct: number | null; // of ours at the end of the shift
}

export interface Meters {
  zones: Count;
  stops: Count;
}

export interface Leg {
  kind: 'service' | 'repeat' | 'deadhead' | 'fill' | 'stop' | 'break';
  name: string;
  start: number;
  end: number;
  metres: number;
  reason: string;
  line: LonLat[][] | null;
  point: LonLat | null;
  seq: number; // of the first leg; 0: not said
  segments: string[]; // ids, in driving order
  due: number | null; // a stop that was promised for this time
}

export interface PlanRound {
  number: number;
  unit: string;
  callSign: string;
  mode: Mode;
  base: LonLat | null;
  metres: number;
  legs: Leg[];
  stops: number;
  violations: string[];
  ended: number | null; // when the unit fell out
}

export interface Figures {
  [key: string]: number | undefined;
}

export interface Plan {
  id: string;
  shift: string;
  version: number;
  state: 'draft' | 'approved' | 'published' | 'superseded';
  seed: number;
  simulated: boolean;
  createdAt: number;
  createdBy: string;
  approvedBy: string;
  approvedAt: number | null;
  figures: Figures;
  violations: string[];
  rounds: PlanRound[];
  parent: string; // id of the version that it was made from; empty: none
  rules: PlanRules;
}

/** What people laid down: what stays with a unit, and where one may not go. */
export interface PlanRules {
  locks: { unit: string; segment: string; stop: LonLat | null }[]; // neither: the whole round
  forbids: { unit: string; segment: string }[];
}

export interface Job {
  id: string;
  state: 'queued' | 'running' | 'done' | 'failed' | 'stopped';
  elapsed: number; // s
  seconds: number; // asked for
  best: number | null;
  bound: number | null;
  history: { t: number; best: number }[];
  phase: string;
  message: string;
  plan: string; // id, when done
  sketch: number; // how often what it has so far was drawn
}

export interface HotCell {
  id: string;
  rank: number;
  expected: number;
  count: number | null; // of the last 90 days; null: too few to be told
  countYear: number | null;
  harm: number; // expected in the shift
  low: number | null; // low and high hold its incidents of the next days with 80 %; null: not told
  high: number | null;
  few: boolean; // too few incidents to tell it from others
  hot: boolean; // significantly many
  ring: LonLat[];
  place: string;
}

/** CellWhy is what a cell's forecast rests on, and its past. */
export interface CellWhy {
  id: string;
  why: { because: string; near: boolean; share: number }[];
  past: CellPast | null; // null: not told outside the control room
  sure: CellSure | null;
  harm: number;
  groups: CellGroup[];
}

export interface CellPast {
  count: number; // in a year
  last28: number;
  before84: number;
  change: number; // 1, -1; 0 = it cannot be told
  ratio_low?: number; // of the last rate to that before, 80 %
  ratio_high?: number; // absent: without bound
  week: number[][]; // 7 days from Sunday × 24 hours
}

export interface Incident {
  key: string;
  type: string;
  detail: string;
  at: number;
  until: number | null; // the latest it can have happened
  point: LonLat | null; // null: it is not told
  grade: string; // how well the point is known; '' = as the source gives it
  sector: string; // of one whose point is not told
  place: string;
  origin: string;
  note: string;
  simulated: boolean;
  source: string;
}

export type { UnitState };

/** Trouble is why the service stores nothing, and since when (ms; 0: not known). */
export interface Trouble {
  what: 'disk_full' | 'no_store';
  since: number;
}
