// Cobertura: how much of the district had anyone, and which streets had nobody.
import { useMemo, useRef } from 'preact/hooks';
import { t, tn } from '../i18n';
import { num, pct } from '../i18n/format';
import { boundsOf, pathsOf } from '../map/geo';
import { presence } from '../map/scene';
import type { MapView } from '../map/view';
import { useCompliance } from '../state/compliance';
import { useCoverage } from '../state/coverage';
import { liveShift } from '../state/live';
import { place, setQuery } from '../state/router';
import { district } from '../state/session';
import { useStreets } from '../state/streets';
import { useKeys } from '../ui/keys';
import { MapHost } from '../ui/maphost';
import { Empty, Failure, Skeleton } from '../ui/parts';
import { AloneCells } from './cobertura_cells';
import { DonePapers } from './cobertura_papeles';
import { ComplianceList, ComplianceTotals } from './cumplimiento';
import { type StreetGap, uncovered } from './gaps';
import { ShiftPicker } from './shift_picker';
import { CoverageKey } from './vivo_legend';
import { JointBar } from './vivo_meters';

export default function Cobertura() {
  const d = district.value;
  const map = useRef<MapView | null>(null);
  const asked = place.value.query.get('turno') ?? '';
  // An address that names no shift shows the present one, with the picker.
  const shift = /^\d{4}-\d{2}-\d{2}\/./.test(asked) ? asked : (d?.shift?.id ?? '');
  const chosen = place.value.query.get('calle') ?? '';
  const running = liveShift.value?.id === shift;
  const streets = useStreets();
  const load = useCoverage(shift);
  const comp = useCompliance(shift);
  const { bar, states } = load;
  const gaps = useMemo(() => (streets && states ? uncovered(streets, states) : []), [streets, states]);
  const one = gaps.find((g) => g.name === chosen);

  const scene = useMemo(
    () => ({
      boundary: pathsOf(d?.boundary as never),
      streets,
      states,
      highlight:
        one && streets ? { paths: one.indices.map((i) => streets.paths[i]), tone: 'warn' as const } : null,
    }),
    [d?.boundary, streets, states, one],
  );
  const choose = (g: StreetGap | undefined) => {
    setQuery({ calle: g?.name ?? null });
    if (g && streets) map.current?.fit(boundsOf(g.indices.map((i) => streets.paths[i])), 16);
  };
  const step = (by: number) => {
    if (gaps.length === 0) return;
    const i = gaps.findIndex((g) => g.name === chosen);
    choose(gaps[(i + by + gaps.length) % gaps.length] ?? gaps[0]);
  };
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    f: () => map.current?.fit(),
    Escape: () => choose(undefined),
  });

  const any = bar && bar.totalKm > 0;
  return (
    <main class="split">
      <header class="pagehead">
        <h1>{t('cov.title')}</h1>
        <ShiftPicker shift={shift} onChange={(s) => setQuery({ turno: s, calle: null })} />
        {running && <span class="chip acc">{t('cov.running')}</span>}
      </header>
      <section class="side flow" aria-label={t('cov.list')}>
        {load.error && (
          <div class="pad">
            <Failure error={load.error} retry={load.reload} />
          </div>
        )}
        {any && bar && (
          <div class="pad block">
            <h2>{t('cov.verdict', { pct: pct(bar.joint.pct) })}</h2>
            <p class="muted">
              {t('cov.consequence', { km: num(bar.none.km, 1), total: num(bar.totalKm, 1) })}
            </p>
            <JointBar bar={bar} wide />
            <table class="tbl small">
              <thead>
                <tr>
                  <th>{t('cov.presence')}</th>
                  <th class="r">km</th>
                  <th class="r">%</th>
                </tr>
              </thead>
              <tbody>
                {(
                  [
                    ['force.municipal', bar.serenazgo],
                    ['force.police', bar.police],
                    ['force.both', bar.both],
                    ['force.none', bar.none],
                    ['force.unknown', bar.unknown],
                  ] as const
                ).map(([k, s]) => (
                  <tr key={k}>
                    <td>{t(k)}</td>
                    <td class="r num">{num(s.km, 1)}</td>
                    <td class="r num">{num(s.pct, 1)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        {comp.data && comp.data.units.length > 0 && (
          <>
            <ComplianceList report={comp.data} shift={shift} />
            <DonePapers shift={shift} />
          </>
        )}
        {comp.data && comp.data.units.length === 0 && <ComplianceTotals report={comp.data} />}
        {any && (
          <AloneCells
            shift={shift}
            onPick={(c) => {
              const [lon, lat] = c.centre;
              map.current?.fit([lon - 0.002, lat - 0.002, lon + 0.002, lat + 0.002], 16);
            }}
          />
        )}
        {states && gaps.length > 0 && (
          <>
            <h2 class="listtitle">{tn('cov.nobody', gaps.length, num(gaps.length))}</h2>
            <ol class="cells scroll">
              {gaps.slice(0, 200).map((g) => (
                <li key={g.name}>
                  <button
                    type="button"
                    class="cellrow"
                    aria-pressed={g.name === chosen}
                    onClick={() => choose(g.name === chosen ? undefined : g)}
                  >
                    <i class="k ln none" aria-hidden="true" />
                    <span class="grow ell">{g.name}</span>
                    <span class="num">
                      <strong>{num(g.missing / 1000, 1)} km</strong>{' '}
                      <small class="muted">{t('cov.of', { km: num(g.total / 1000, 1) })}</small>
                    </span>
                  </button>
                </li>
              ))}
            </ol>
          </>
        )}
        {load.loading && !bar && <Skeleton rows={8} />}
        {!load.loading && !load.error && !any && (
          <Empty icon="coverage" title={t('cov.emptyTitle')}>
            <p>{t('cov.empty')}</p>
          </Empty>
        )}
      </section>
      <MapHost
        scene={scene}
        label={bar ? t('cov.map', { pct: pct(bar.joint.pct) }) : t('cov.mapEmpty')}
        onMap={(m) => {
          map.current = m;
        }}
        onHit={(h) => {
          if (!streets || h.street < 0 || states?.[h.street] !== presence.none) return choose(undefined);
          choose(gaps.find((g) => g.indices.includes(h.street)));
        }}
      >
        <ul class="legend wide" aria-label={t('legend')}>
          <CoverageKey />
        </ul>
      </MapHost>
    </main>
  );
}
