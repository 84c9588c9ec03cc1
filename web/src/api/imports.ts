// The report of an upload. The service's sentence is shown as it is; figures
// and rejected rows are read where the report has them.

export interface RejectedRow {
  row: number;
  reason: string;
}

export interface ImportReport {
  dryRun: boolean;
  message: string;
  rows: number | null;
  accepted: number | null;
  duplicates: number;
  rejected: RejectedRow[];
}

type Raw = Record<string, unknown>;
const num = (x: unknown): number | null => (typeof x === 'number' ? x : null);

/** count reads a number, or the length of a list. */
function count(...xs: unknown[]): number | null {
  for (const x of xs) {
    if (typeof x === 'number') return x;
    if (Array.isArray(x)) return x.length;
  }
  return null;
}

export function importReportOf(x: unknown): ImportReport {
  const outer = (x ?? {}) as Raw;
  const r = (outer.report ?? {}) as Raw;
  const rejected = (Array.isArray(r.rejected) ? r.rejected : []) as Raw[];
  return {
    dryRun: outer.dry_run === true,
    message: String(outer.message ?? ''),
    rows: num(r.rows),
    accepted: count(r.accepted, r.inserted, r.incidents, r.features, r.presence),
    duplicates: count(r.duplicates) ?? 0,
    rejected: rejected.map((q) => ({
      row: num(q.row ?? q.Row) ?? 0,
      reason: String(q.reason ?? q.Reason ?? ''),
    })),
  };
}
