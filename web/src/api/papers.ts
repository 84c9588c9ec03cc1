// Where the forms of a shift can be had, for print or as a workbook.

export type PaperKind = 'roster' | 'route';

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
