// Streets that nobody patrolled, longest first: blocks of one name together.
import { presence, type Streets } from '../map/scene';

export interface StreetGap {
  name: string;
  missing: number; // metres with nobody
  total: number; // metres of the street in the district
  indices: number[]; // its blocks with nobody
}

export function uncovered(s: Streets, states: Uint8Array): StreetGap[] {
  const byName = new Map<string, StreetGap>();
  const n = Math.min(s.paths.length, states.length);
  for (let i = 0; i < n; i++) {
    if (!s.belongs[i] || states[i] === presence.outside) continue;
    const name = s.labels[i];
    const gap = byName.get(name) ?? { name, missing: 0, total: 0, indices: [] };
    const length = s.metres[i];
    gap.total += length;
    if (states[i] === presence.none) {
      gap.missing += length;
      gap.indices.push(i);
    }
    byName.set(name, gap);
  }
  return [...byName.values()].filter((g) => g.indices.length > 0).sort((a, b) => b.missing - a.missing);
}
