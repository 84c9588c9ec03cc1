// What odometers showed and what fuel units took in, shift by shift.
import { call } from './client';

export interface UnitLog {
  unit: string;
  km_out?: number;
  km_in?: number;
  fuel_l?: number;
  note?: string;
}

export interface UnitLogs {
  logs: UnitLog[];
  before: Record<string, number>; // what each odometer showed last, km
}

export const unitLogs = (u: string, shift: string, signal?: AbortSignal) =>
  call<UnitLogs>(`/d/${u}/unit-logs`, { query: { shift }, signal });

export const saveUnitLogs = (u: string, shift: string, logs: UnitLog[]) =>
  call<void>(`/d/${u}/unit-logs`, { method: 'PUT', body: { shift, logs } });

/** litres in a US gallon, by which fuel is sold in Peru. */
export const gallon = 3.785411784;
