// Evaluación: what both forces did in a period, with the formula of each figure.
import { useState } from 'preact/hooks';
import { evaluation } from '../api/evaluation';
import { timeline } from '../api/risk';
import { t } from '../i18n';
import { addDays, date, dateOf, validDay } from '../i18n/format';
import { place, setQuery } from '../state/router';
import { can, district } from '../state/session';
import { shiftDefs } from '../state/shifts';
import { DayField } from '../ui/dayfield';
import { useLoad } from '../ui/load';
import { Empty, Failure, Skeleton } from '../ui/parts';
import { Reading } from '../ui/reading';
import { StreetMap } from './evaluacion_calles';
import { Figures } from './evaluacion_cifras';
import { Absences } from './evaluacion_horas';
import { PresenceMap, ShiftMaps } from './evaluacion_mapa';
import { ReviewPapers } from './evaluacion_papeles';
import { useProjector } from './evaluacion_proyector';
import { Occurred, Splits } from './evaluacion_reparto';
import { Session } from './sesion';
import { Sessions } from './sesiones';

export default function Evaluacion() {
  const u = district.value?.ubigeo ?? '';
  const query = place.value.query;
  const asked = (key: string, otherwise: string) => {
    const s = query.get(key) ?? '';
    return validDay(s) ? s : otherwise;
  };
  const to = asked('hasta', addDays(dateOf(new Date()), -1));
  const from = asked('desde', addDays(to, -27));
  const defs = shiftDefs(u);
  const code = query.get('turno') ?? '';
  const shift = defs.some((d) => d.code === code) ? code : '';
  const sector = query.get('sector') ?? '';
  // The timeline names the sectors to everyone who may read a review.
  const named = useLoad((s) => timeline(u, { step: 'month', group: null, sector: null }, s), [u]);
  const sectors = named.data?.sectors ?? [];
  const nameOf = (id: string) => sectors.find((s) => s.id === id)?.name ?? id;
  const held = query.get('sesion') ?? '';
  const load = useLoad(
    (s) => evaluation(u, { from, to, shift, sector }, s),
    [u, from, to, shift, sector],
    `${u} ${from} ${to} ${shift} ${sector}`,
  );
  const r = load.data?.review;
  const projector = useProjector();
  if (held && can('meetings')) return <Session id={held} name={nameOf} />;
  return (
    <Reading
      head={
        <>
          <h1>{t('eval.title')}</h1>
          <DayField
            named
            label={t('eval.from')}
            shown={date(from)}
            value={from}
            onDay={(d) => setQuery({ desde: d })}
          />
          <DayField
            named
            label={t('eval.to')}
            shown={date(to)}
            value={to}
            onDay={(d) => setQuery({ hasta: d })}
          />
          <Pick
            label={t('eval.sector')}
            value={sector}
            all={t('eval.wholeDistrict')}
            options={sectors.map((s) => [s.id, s.name] as const)}
            onPick={(v) => setQuery({ sector: v })}
          />
          <Pick
            label={t('eval.shift')}
            value={shift}
            all={t('eval.allShifts')}
            options={defs.map((s) => [s.code, s.name] as const)}
            onPick={(v) => setQuery({ turno: v })}
          />
          {r && r.sources.days > 0 && (
            <>
              <button
                type="button"
                class="btn projecting"
                aria-pressed={projector.at !== null}
                aria-keyshortcuts="P"
                onClick={projector.toggle}
              >
                {t(projector.at === null ? 'eval.projector' : 'eval.projectorEnd')}
              </button>
              {projector.at !== null && <span class="hint projecting">{t('eval.projectorKeys')}</span>}
            </>
          )}
        </>
      }
    >
      {load.error && <Failure error={load.error} retry={load.reload} />}
      {load.loading && !r && <Skeleton rows={10} />}
      {r && r.sources.days === 0 && (
        <Empty icon="coverage" title={t('eval.emptyTitle')}>
          <p>{t('eval.empty')}</p>
        </Empty>
      )}
      {r && r.sources.days > 0 && <ReviewPapers u={u} period={{ from, to, sector, shift }} />}
      {r && load.data && r.sources.days > 0 && <Figures review={r} formulas={load.data.formulas} />}
      {r && load.data && r.sources.days > 0 && (
        <>
          <PresenceMap cells={load.data.map} sources={r.sources} />
          <ShiftMaps cells={load.data.map} shifts={r.presence_by_shift ?? []} />
          <Absences absences={r.absences ?? []} whole={sector ? nameOf(sector) : t('eval.wholeDistrict')} />
        </>
      )}
      {r && r.sources.days > 0 && (
        <>
          <ByStreet key={`${from} ${to} ${shift} ${sector}`} u={u} period={{ from, to, shift, sector }} />
          <Splits review={r} />
          <Occurred review={r} />
        </>
      )}
      {can('meetings') && <Sessions period={{ from, to, sector, shift }} name={nameOf} />}
    </Reading>
  );
}

/** ByStreet draws the streets once somebody asks for them. */
function ByStreet(props: { u: string; period: { from: string; to: string; shift: string; sector: string } }) {
  const [shown, show] = useState(false);
  if (shown) return <StreetMap {...props} />;
  return (
    <div class="row">
      <button type="button" class="btn" onClick={() => show(true)}>
        {t('eval.byStreetShow')}
      </button>
    </div>
  );
}

interface PickProps {
  label: string;
  value: string;
  all: string; // the words of no choice
  options: readonly (readonly [string, string])[];
  onPick: (v: string | null) => void;
}

/** Pick narrows the review to one of several, where there are several. */
function Pick({ label, value, all, options, onPick }: PickProps) {
  if (options.length === 0) return null;
  return (
    <select
      class="in auto"
      aria-label={label}
      value={value}
      onChange={(e) => onPick(e.currentTarget.value || null)}
    >
      <option value="">{all}</option>
      {options.map(([v, name]) => (
        <option key={v} value={v}>
          {name}
        </option>
      ))}
    </select>
  );
}
