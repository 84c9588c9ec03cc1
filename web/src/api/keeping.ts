// What is forgotten and held, and what is handed on to the ministry.
import { call } from './client';

export interface Hold {
  id: string;
  start: string;
  end: string;
  reason: string;
  created_by: string;
  released_at?: string;
}

export interface Retention {
  days?: number;
  rejected_days: number;
  oldest?: string;
  holds: Hold[];
  runs: {
    started: string;
    finished?: string;
    days: number;
    done: number;
    held: number;
    unsummed?: string[];
    files?: number;
    files_held?: number;
    error?: string;
  }[];
}

export const retention = (u: string, signal?: AbortSignal) =>
  call<Retention>(`/d/${u}/retention`, { signal });

export const saveRetention = (u: string, days: number) =>
  call<void>(`/d/${u}/retention`, { method: 'PUT', body: { days } });

export const saveRejectedRetention = (u: string, days: number) =>
  call<void>(`/d/${u}/retention`, { method: 'PUT', body: { rejected_days: days } });

export const makeHold = (u: string, start: Date, end: Date, reason: string) =>
  call<Hold>(`/d/${u}/holds`, { body: { start: start.toISOString(), end: end.toISOString(), reason } });

export const releaseHold = (u: string, id: string) =>
  call<void>(`/d/${u}/holds/${encodeURIComponent(id)}`, { method: 'DELETE' });

export interface RelayVehicle {
  imei: string;
  plate: string;
  station?: string;
  transmission?: string;
}

export interface RelaySettings {
  on: boolean;
  sink: 'file' | 'https';
  url: string;
  municipality: string;
  batch: number;
  pace: 'all' | 'vehicle';
  vehicles: Record<string, RelayVehicle>;
}

export interface RelayState {
  settings: RelaySettings;
  waiting: number;
  oldest?: string;
  trouble?: { kind: string; since: string; detail: string };
  gaps: { unit: string; start: string; end: string; reason: string; points: number; detail?: string }[];
}

export const relay = (u: string, signal?: AbortSignal) => call<RelayState>(`/d/${u}/relay`, { signal });

export const saveRelay = (u: string, s: RelaySettings) =>
  call<RelaySettings>(`/d/${u}/relay`, { method: 'PUT', body: s });
