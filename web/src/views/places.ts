// The places of the rail, in the order of the day. A role sees only its own;
// nothing is greyed out.

import type { District, Role } from '../api/types';
import type { Key } from '../i18n';
import { role } from '../state/session';
import type { IconName } from '../ui/icons';

export interface Place {
  id: string;
  label: Key;
  icon: IconName;
  key: string; // after "g"
  roles: readonly Role[];
}

const office: readonly Role[] = ['admin', 'supervisor', 'operator'];

export const places: readonly Place[] = [
  { id: 'vivo', label: 'nav.live', icon: 'live', key: 'v', roles: office },
  { id: 'plan', label: 'nav.plan', icon: 'plan', key: 'p', roles: [...office, 'liaison', 'auditor'] },
  { id: 'ocurrencias', label: 'nav.incidents', icon: 'incident', key: 'o', roles: [...office, 'auditor'] },
  { id: 'zonas', label: 'nav.zones', icon: 'zones', key: 'z', roles: [...office, 'liaison', 'auditor'] },
  {
    id: 'cobertura',
    label: 'nav.coverage',
    icon: 'coverage',
    key: 'b',
    roles: [...office, 'liaison', 'auditor'],
  },
  {
    id: 'evaluacion',
    label: 'nav.review',
    icon: 'evaluation',
    key: 'e',
    roles: [...office, 'liaison', 'auditor'],
  },
  {
    id: 'ajustes',
    label: 'nav.settings',
    icon: 'settings',
    key: 'a',
    roles: [...office, 'liaison', 'auditor', 'crew'],
  },
];

export function visible(id: string): boolean {
  const r = role.value;
  return r !== null && places.some((p) => p.id === id && p.roles.includes(r));
}

/** landing is where a role begins. */
export function landing(d: District): string {
  if (visible('vivo')) return '/vivo';
  if (d.role === 'auditor') return '/ajustes/auditoria';
  if (visible('cobertura')) return '/cobertura';
  return '/ajustes/cuenta';
}

/** planPath is the plan of the current shift, or of today's night. */
export function planPath(d: District): string {
  return d.shift ? `/plan/${d.shift.id}` : '/plan';
}
