// What a plan is made from and how its calculation goes: the roster, the jobs
// and what they have so far.
import { call } from './client';
import type { Job } from './types';
import { jobOf, when } from './wire';

/** Roster is who goes out in a shift. */
export interface Roster {
  shift: string;
  set: boolean; // somebody said so; else the units are those that are bound to the shift
  units: string[];
  savedBy: string;
  savedAt: number | null;
  before: { shift: string; units: string[] } | null; // the last of the same shift
  handOutAt: number; // when a published plan reaches the devices
}

interface RosterBody {
  shift: string;
  set: boolean;
  units: string[];
  saved_by?: string;
  saved_at?: string;
  before?: { shift: string; units: string[] };
  hand_out_at: string;
}

const rosterOf = (r: RosterBody): Roster => ({
  shift: r.shift,
  set: r.set,
  units: r.units,
  savedBy: r.saved_by ?? '',
  savedAt: when(r.saved_at),
  before: r.before ?? null,
  handOutAt: when(r.hand_out_at) ?? 0,
});

export const roster = async (u: string, shift: string, signal?: AbortSignal): Promise<Roster> =>
  rosterOf(await call<RosterBody>(`/d/${u}/roster`, { query: { shift }, signal }));

export const saveRoster = async (u: string, shift: string, units: string[]): Promise<Roster> =>
  rosterOf(await call<RosterBody>(`/d/${u}/roster`, { method: 'PUT', body: { shift, units } }));

/** startPlan begins to calculate; locked rounds of the newest version stay unless unlock is given. */
export const startPlan = async (
  u: string,
  body: { shift: string; seconds: number; unlock?: boolean },
): Promise<Job> => jobOf(await call(`/d/${u}/plans`, { body }));

/** jobs gives the calculations of a shift in the last day, newest first. */
export const jobs = async (u: string, shift: string, signal?: AbortSignal): Promise<Job[]> =>
  (await call<unknown[]>(`/d/${u}/jobs`, { query: { shift }, signal })).map(jobOf);

const at = (u: string, id: string) => `/d/${u}/jobs/${encodeURIComponent(id)}`;

export const job = async (u: string, id: string): Promise<Job> => jobOf(await call(at(u, id)));
export const stopJob = async (u: string, id: string): Promise<Job> =>
  jobOf(await call(`${at(u, id)}/stop`, { method: 'POST' }));

/** Sketch is one round that a calculation has so far. */
export interface Sketch {
  number: number;
  unit: string;
  call_sign: string;
  segments: string[];
}

export const jobSketch = (u: string, id: string) => call<Sketch[]>(`${at(u, id)}/sketch`);
