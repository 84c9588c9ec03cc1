// Where the forms of a shift can be had, for print or as a workbook.

export type PaperKind = 'roster' | 'route' | 'stops' | 'units';

interface Wish {
  plan?: string;
  unit?: string;
  format?: 'pdf' | 'xlsx' | 'json';
}

/** paperURL is where a form of a shift can be had; a PDF opens in the browser. */
export function paperURL(u: string, kind: PaperKind, shift: string, wish: Wish = {}): string {
  const q = new URLSearchParams({ shift, format: wish.format ?? 'pdf' });
  if (wish.plan) q.set('plan', wish.plan);
  if (wish.unit) q.set('unit', wish.unit);
  return `/api/v1/d/${u}/papers/${kind}?${q}`;
}

/** reviewPaperURL is where the joint review of a period can be had as a file. */
export function reviewPaperURL(
  u: string,
  q: { from: string; to: string; sector: string; shift: string },
  format: 'pdf' | 'xlsx' | 'json',
): string {
  const given = Object.entries({ ...q, format }).filter(([, v]) => v !== '');
  return `/api/v1/d/${u}/evaluation/paper?${new URLSearchParams(given)}`;
}

/** bundleURL is where the evidence of a period can be had, as one ZIP file. */
export function bundleURL(u: string, q: { from: string; to: string; sector: string; shift: string }): string {
  const given = Object.entries(q).filter(([, v]) => v !== '');
  return `/api/v1/d/${u}/evaluation/bundle?${new URLSearchParams(given)}`;
}

/** jointMapURL is where the joint map of a shift can be had; none: of the present one. */
export function jointMapURL(u: string, format: 'pdf' | 'xlsx' | 'json', shift?: string): string {
  const q = new URLSearchParams({ format });
  if (shift) q.set('shift', shift);
  return `/api/v1/d/${u}/risk/paper?${q}`;
}

/** meetingPaperURL is where a session can be had as a file. */
export const meetingPaperURL = (u: string, id: string, format: 'pdf' | 'xlsx' | 'json'): string =>
  `/api/v1/d/${u}/meetings/${encodeURIComponent(id)}/paper?format=${format}`;
