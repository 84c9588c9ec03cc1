// Files of incidents that were imported: how far one is, the list, taking one back.
import { call } from './client';

type Raw = Record<string, unknown>;

export interface IncidentImport {
  id: string;
  file: string;
  at: Date;
  by: string;
  rows: number;
  inserted: number;
  rejected: number; // rows, those that repeat another not among them
  first: Date | null; // of its incidents
  last: Date | null;
  undoneAt: Date | null;
  rejectedUntil: Date | null; // when its rejected rows are forgotten
  forgottenAt: Date | null; // when they were
}

const date = (x: unknown): Date | null => (typeof x === 'string' ? new Date(x) : null);

const importOf = (r: Raw): IncidentImport => ({
  id: String(r.id),
  file: String(r.file),
  at: new Date(String(r.at)),
  by: String(r.by ?? ''),
  rows: Number(r.rows),
  inserted: Number(r.inserted),
  rejected: Number(r.rejected),
  first: date(r.first),
  last: date(r.last),
  undoneAt: date(r.undone_at),
  rejectedUntil: date(r.rejected_until),
  forgottenAt: date(r.forgotten_at),
});

export const imports = async (u: string, signal?: AbortSignal): Promise<IncidentImport[]> =>
  (await call<Raw[]>(`/d/${u}/incidents/imports`, { signal })).map(importOf);

/** undo takes the incidents of an import away and answers how many. */
export const undo = async (u: string, id: string): Promise<number> =>
  (
    await call<{ deleted: number }>(`/d/${u}/incidents/imports/${encodeURIComponent(id)}`, {
      method: 'DELETE',
    })
  ).deleted;

/** rejectedURL is where the rows that were left out are, to be corrected and uploaded. */
export const rejectedURL = (u: string, id: string) =>
  `/api/v1/d/${u}/incidents/imports/${encodeURIComponent(id)}/rejected`;

export interface Progress {
  stage: 'none' | 'read' | 'save';
  done: number;
  total: number; // 0: not known
}

export const progress = (u: string, token: string) =>
  call<Progress>(`/d/${u}/incidents/import/progress`, { query: { token } });
