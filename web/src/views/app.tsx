// Which view the address names, and who may see it.
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n';
import { validDay } from '../i18n/format';
import { unwatch, watch } from '../state/live';
import { go, parts, place } from '../state/router';
import { district, openDistrict, ready, session, startError } from '../state/session';
import { Notices } from '../ui/notice';
import { Empty, Failure, Skeleton } from '../ui/parts';
import { landing, visible } from './places';
import { Shell } from './shell';

type View = ComponentType;

const loaders: Record<string, () => Promise<{ default: View }>> = {
  vivo: () => import('./vivo'),
  plan: () => import('./plan'),
  ocurrencias: () => import('./ocurrencias'),
  zonas: () => import('./zonas'),
  cobertura: () => import('./cobertura'),
  evaluacion: () => import('./evaluacion'),
  ajustes: () => import('./ajustes'),
  entrar: () => import('./entrar'),
  configurar: () => import('./configurar'),
  compartido: () => import('./compartido'),
};

const loaded = new Map<string, View>();

/** Lazy shows a view once its code is here; the wait has the height of the view. */
function Lazy({ name }: { name: string }) {
  const [, again] = useState(0);
  const [error, setError] = useState('');
  const View = loaded.get(name);
  useEffect(() => {
    if (loaded.has(name)) return;
    setError('');
    loaders[name]().then(
      (m) => {
        loaded.set(name, m.default);
        again((n) => n + 1);
      },
      () => setError(t('error.view')),
    );
  }, [name]);
  if (error) {
    return (
      <main class="page pad">
        <Failure error={error} retry={() => location.reload()} />
      </main>
    );
  }
  return View ? <View /> : <Skeleton />;
}

export function App() {
  const d = district.value;
  const s = session.value;
  const [first = ''] = parts.value;
  const open = first === 'entrar' || first === 'configurar' || first === 'compartido';

  useEffect(() => {
    if (!ready.value) return;
    if (!s && !open) {
      const back =
        place.value.path === '/' ? '' : `?volver=${encodeURIComponent(location.pathname + location.search)}`;
      go(`/entrar${back}`, true);
    } else if (s && d && (first === '' || first === 'entrar')) {
      go(landing(d), true);
    }
  }, [ready.value, s, d, first]);

  useEffect(() => {
    const asked = place.value.query.get('d');
    if (s && d && asked && asked !== d.ubigeo && s.districts.some((m) => m.ubigeo === asked)) {
      void openDistrict(asked);
    }
  }, [place.value.query.get('d')]);

  useEffect(() => {
    if (d && d.role !== 'crew') watch(d.ubigeo);
    else unwatch();
  }, [d?.ubigeo, d?.role]);

  if (!ready.value) return null;
  if (open && !(s && first === 'entrar')) {
    return (
      <>
        <Lazy name={first} />
        <Notices />
      </>
    );
  }
  if (!s) return null;
  if (!d) return <NoDistrict />;
  return (
    <Shell>
      {first === 'plan' && visible(first) && parts.value[1] && !validDay(parts.value[1]) ? (
        <BadDate />
      ) : first in loaders && visible(first) ? (
        <Lazy name={first} key={first} />
      ) : first === '' ? null : (
        <Missing />
      )}
      <Notices />
    </Shell>
  );
}

function Missing() {
  return (
    <main class="page pad">
      <h1>{t('missing.title')}</h1>
      <p class="muted">{t('missing.text')}</p>
      <p>
        <a href="/">{t('missing.back')}</a>
      </p>
    </main>
  );
}

/** BadDate is shown for an address whose day is in no calendar. */
function BadDate() {
  return (
    <main class="page pad">
      <Empty icon="clock" title={t('badDate.title')}>
        <p>{t('badDate.text')}</p>
        <a class="btn" href="/plan">
          {t('badDate.now')}
        </a>
      </Empty>
    </main>
  );
}

function NoDistrict() {
  return (
    <main class="page pad">
      <h1>{t('noDistrict.title')}</h1>
      <p class="muted">{startError.value || t('noDistrict.text')}</p>
    </main>
  );
}
