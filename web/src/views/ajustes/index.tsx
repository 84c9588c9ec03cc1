// Ajustes: a list of pages at the left, one page at the right.
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Role } from '../../api/types';
import { type Key, t } from '../../i18n';
import { go, parts } from '../../state/router';
import { role } from '../../state/session';
import { Icon, type IconName } from '../../ui/icons';
import { Audit } from './auditoria';
import { UnitLogPage } from './bitacora';
import { Streets } from './calles';
import { Keeping } from './conservacion';
import { MailPage } from './correo';
import { Account } from './cuenta';
import { Data } from './datos';
import { District } from './distrito';
import { Devices } from './equipos';
import { DeadLetters } from './ilegibles';
import { Ministry } from './ministerio';
import { Posts } from './puestos';
import { Areas } from './sectores';
import { TrafficLight } from './semaforo';
import { Events } from './sucesos';
import { Shifts } from './turnos';
import { Units } from './unidades';
import { Users } from './usuarios';

interface Page {
  id: string;
  label: Key;
  icon: IconName;
  roles: readonly Role[];
  view: ComponentType;
}

const office: readonly Role[] = ['admin', 'supervisor', 'operator'];
const pages: readonly Page[] = [
  {
    id: 'distrito',
    label: 'set.district',
    icon: 'coverage',
    roles: ['admin', 'supervisor', 'auditor'],
    view: District,
  },
  { id: 'unidades', label: 'set.units', icon: 'car', roles: office, view: Units },
  { id: 'equipos', label: 'set.devices', icon: 'device', roles: ['admin', 'supervisor'], view: Devices },
  { id: 'bitacora', label: 'set.log', icon: 'list', roles: office, view: UnitLogPage },
  { id: 'ilegibles', label: 'set.letters', icon: 'warn', roles: ['admin'], view: DeadLetters },
  { id: 'sucesos', label: 'set.events', icon: 'list', roles: office, view: Events },
  { id: 'turnos', label: 'set.shifts', icon: 'clock', roles: ['admin', 'supervisor'], view: Shifts },
  { id: 'puestos', label: 'set.posts', icon: 'pin', roles: [...office, 'auditor'], view: Posts },
  { id: 'sectores', label: 'set.areas', icon: 'zones', roles: office, view: Areas },
  {
    id: 'semaforo',
    label: 'set.light',
    icon: 'evaluation',
    roles: [...office, 'liaison', 'auditor'],
    view: TrafficLight,
  },
  { id: 'usuarios', label: 'set.users', icon: 'user', roles: ['admin', 'auditor'], view: Users },
  { id: 'datos', label: 'set.data', icon: 'upload', roles: ['admin', 'supervisor', 'liaison'], view: Data },
  {
    id: 'calles',
    label: 'set.streets',
    icon: 'street',
    roles: [...office, 'auditor'],
    view: Streets,
  },
  { id: 'conservacion', label: 'set.keeping', icon: 'lock', roles: ['admin', 'auditor'], view: Keeping },
  { id: 'correo', label: 'set.mail', icon: 'out', roles: ['admin'], view: MailPage },
  { id: 'ministerio', label: 'set.ministry', icon: 'signal', roles: ['admin'], view: Ministry },
  { id: 'auditoria', label: 'set.audit', icon: 'list', roles: ['admin', 'auditor'], view: Audit },
  {
    id: 'cuenta',
    label: 'set.account',
    icon: 'settings',
    roles: [...office, 'liaison', 'auditor', 'crew'],
    view: Account,
  },
];

export default function Ajustes() {
  const r = role.value;
  const shown = pages.filter((p) => r !== null && p.roles.includes(r));
  const id = parts.value[1] ?? '';
  const page = shown.find((p) => p.id === id);
  useEffect(() => {
    if (!page && shown.length > 0) go(`/ajustes/${shown[0].id}`, true);
  }, [page, shown.length]);
  return (
    <main class="settings">
      <nav aria-label={t('set.title')}>
        <h1>{t('set.title')}</h1>
        {shown.map((p) => (
          <a key={p.id} href={`/ajustes/${p.id}`} aria-current={p.id === id ? 'page' : undefined}>
            <Icon name={p.icon} sm />
            {t(p.label)}
          </a>
        ))}
      </nav>
      {page && <page.view key={page.id} />}
    </main>
  );
}
