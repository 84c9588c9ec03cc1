// The report of an upload. The service's sentence is shown as it is; figures,
// and why rows were left out, are read where the report has them.

/** Reason is why rows were left out, with the first of them. */
export interface Reason {
  reason: string;
  rows: number;
  where: number[]; // the first of them, as the file counts
}

export interface ImportReport {
  dryRun: boolean;
  message: string;
  accepted: number | null; // what would come in, or did
  duplicates: number; // rows that repeat another of the file
  rejected: number;
  reasons: Reason[];
  notes: string[];
  lines: string[]; // rows that were rejected, each with its reason in words
  table: Table | null; // how a table of incidents was read
}

/** Table is a file's columns and what they were taken for. */
export interface Table {
  header: { name: string; samples: string[] }[];
  columns: Record<string, string>; // role → column
  guessed: string[]; // roles whose column was told by what it holds
  missing: string[]; // roles that are needed and have no column
  dates: string;
  clock: string; // what times with a zone were taken for: local or instant
  zoned: boolean; // there are some
  kept: boolean; // read as files with these columns were read before
}

type Raw = Record<string, unknown>;
const num = (x: unknown): number | null => (typeof x === 'number' ? x : null);
const list = (x: unknown): unknown[] => (Array.isArray(x) ? x : []);

function tableOf(r: Raw): Table | null {
  if (!Array.isArray(r.header)) return null;
  return {
    header: (r.header as Raw[]).map((h) => ({ name: String(h.name), samples: list(h.samples).map(String) })),
    columns: (r.columns ?? {}) as Record<string, string>,
    guessed: list(r.guessed).map(String),
    missing: list(r.missing).map(String),
    dates: String(r.dates ?? ''),
    clock: String(r.clock ?? ''),
    zoned: r.zoned === true,
    kept: r.mapping_kept === true,
  };
}

export function importReportOf(x: unknown): ImportReport {
  const outer = (x ?? {}) as Raw;
  const r = (outer.report ?? {}) as Raw;
  return {
    dryRun: outer.dry_run === true,
    message: String(outer.message ?? ''),
    accepted: num(r.inserted) ?? num(r.features) ?? num(r.belonging_segments),
    duplicates: num(r.duplicates) ?? 0,
    rejected: num(r.rejected) ?? 0,
    reasons: (list(r.reasons) as Raw[]).map((q) => ({
      reason: String(q.reason ?? ''),
      rows: num(q.rows) ?? 0,
      where: list(q.where).map(Number),
    })),
    notes: list(r.notes).map(String),
    lines: list(r.lines).map(String),
    table: tableOf(r),
  };
}
