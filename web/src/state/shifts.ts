// The shifts a district has, by clock time.
import { signal } from '@preact/signals';
import * as api from '../api/endpoints';

export interface ShiftDef {
  code: string;
  name: string;
  start: string; // HH:MM
  end: string;
}

const kept = signal<Record<string, ShiftDef[]>>({});
const asked = new Set<string>();

/** shiftDefs gives what is known and asks for it once. */
export function shiftDefs(ubigeo: string): ShiftDef[] {
  if (ubigeo && !asked.has(ubigeo)) {
    asked.add(ubigeo);
    api.shiftDefs(ubigeo).then(
      (defs) => {
        kept.value = { ...kept.value, [ubigeo]: defs };
      },
      () => asked.delete(ubigeo),
    );
  }
  return kept.value[ubigeo] ?? [];
}

/** forgetShifts has them asked for again, after they were changed. */
export function forgetShifts(ubigeo: string): void {
  asked.delete(ubigeo);
}
