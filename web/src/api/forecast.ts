// How sure the forecast is, how grave incidents are, and tests of the models.
import { call } from './client';

export interface CellSure {
  days: number;
  mean: number;
  low: number;
  high: number;
  top: number; // probability of being one of the topK most loaded
  topK: number;
  few: boolean;
  hot: boolean;
  z: number;
  q: number;
  periods: number; // past months that the interval was fitted on; 0 = assumed
}

export interface CellGroup {
  group: string;
  expected: number;
  weight: number;
}

/** sureOf reads how sure a cell's forecast is; null where nothing is known. */
export function sureOf(x: unknown): CellSure | null {
  if (!x || typeof x !== 'object') return null;
  const { top_k: topK, ...rest } = x as Omit<CellSure, 'topK'> & { top_k: number };
  return { ...rest, topK };
}

export interface HarmKind {
  code: string;
  levels: string[]; // generic, specific, modality
  group: string;
  months: number; // least prison term; 0 = none
  article?: string;
  usual: number;
  weight: number;
  own: boolean;
  sensitive: boolean;
}

export interface HarmTable {
  least: number;
  most: number;
  kinds: HarmKind[];
}

export const harm = (u: string, signal?: AbortSignal): Promise<HarmTable> =>
  call<HarmTable>(`/d/${u}/harm`, { signal });

/** saveHarm sets the district's own weights, all of them. */
export const saveHarm = (u: string, weights: Record<string, number>): Promise<HarmTable> =>
  call<HarmTable>(`/d/${u}/harm`, { method: 'PUT', body: { weights } });

export interface Score {
  model: string;
  horizon: string;
  hr: number[]; // in the first 1, 2, 5, 10, 20 % of the cells
  pai: number[];
  gain?: number;
}

export interface Calibration {
  inside: number;
  pit: number;
  counts: number;
  sectors?: number;
  sector_inside?: number;
  pits: number[];
  bins: { expected: number; observed: number; counts: number }[];
}

export interface Backtest {
  id: string;
  at: string;
  by: string;
  state: 'under_way' | 'complete' | 'too_few' | 'broken';
  done: number;
  total: number;
  message?: string;
  fit?: string;
  test?: string;
  cells?: number;
  incidents?: number;
  chosen?: string;
  scores?: Score[];
  calibration?: Calibration;
}

export interface Backtests {
  model: string; // in use; '' = the usual one
  models: string[];
  tests: Backtest[];
}

export const backtests = (u: string, signal?: AbortSignal): Promise<Backtests> =>
  call<Backtests>(`/d/${u}/backtests`, { signal });

export const startBacktest = (u: string): Promise<Backtest> =>
  call<Backtest>(`/d/${u}/backtests`, { method: 'POST' });

export const saveModel = (u: string, model: string): Promise<Backtests> =>
  call<Backtests>(`/d/${u}/forecast/model`, { method: 'PUT', body: { model } });
