// Why legs were left out, in km.
import type { UnitCompliance } from '../api/compliance';

export interface Why {
  reason: string;
  km: number;
}

/** reasonsOf sums the legs that were left out by why, most km first. */
export function reasonsOf(unit: Pick<UnitCompliance, 'legs'>): Why[] {
  const by = new Map<string, number>();
  for (const l of unit.legs) {
    if (l.status !== 'skipped') continue;
    const reason = l.reason || 'not_done';
    by.set(reason, (by.get(reason) ?? 0) + l.km);
  }
  return [...by].map(([reason, km]) => ({ reason, km })).sort((a, b) => b.km - a.km);
}
