// Plan: generate, read the verdict, look at each round, approve and publish.
import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import * as api from '../api/endpoints';
import type { Plan as PlanT } from '../api/types';
import { t } from '../i18n';
import { dateOf } from '../i18n/format';
import { boundsOf, pathsOf } from '../map/geo';
import type { MapView } from '../map/view';
import { live } from '../state/live';
import { go, parts, place, setQuery } from '../state/router';
import { can, district } from '../state/session';
import { useStreets } from '../state/streets';
import { useKeys } from '../ui/keys';
import { useLoad } from '../ui/load';
import { MapHost } from '../ui/maphost';
import { Empty, Failure, Skeleton } from '../ui/parts';
import { HeatLegend } from './heat_legend';
import { Approve } from './plan_approve';
import { PlanFigures } from './plan_figures';
import { Generate } from './plan_generate';
import { PlanHeader } from './plan_header';
import { RoundDrawer } from './plan_round';
import { Rounds } from './plan_rounds';
import { PlanVerdict } from './plan_verdict';
import { cellShapes, policeShapes, roundShapes } from './shapes';

/** shiftOfPath reads /plan/2026-11-21/noche. */
function shiftOfPath(): string {
  const [, date, code] = parts.value;
  return date && code ? `${date}/${code}` : '';
}

export default function Plan() {
  const d = district.value;
  const shift = shiftOfPath();
  const u = d?.ubigeo ?? '';
  const map = useRef<MapView | null>(null);
  const approve = useSignal(false);
  const jobDone = useSignal(0);

  useEffect(() => {
    if (!shift && d)
      go((d.shift ? `/plan/${d.shift.id}` : `/plan/${dateOf(Date.now())}/noche`) + location.search, true);
  }, [shift, d]);

  const versions = useLoad(
    (s) => (shift ? api.plans(u, shift, s) : Promise.resolve([])),
    [u, shift, jobDone.value, live.value.planVersion],
  );
  const asked = place.value.query.get('v');
  const wanted = versions.data?.find((p) => String(p.version) === asked) ?? versions.data?.[0];
  const plan = useLoad<PlanT | null>(
    (s) => (wanted ? api.plan(u, wanted.id, s) : Promise.resolve(null)),
    [u, wanted?.id, wanted?.state],
  );
  const police = useLoad((s) => (shift ? api.police(u, shift, s) : Promise.resolve([])), [u, shift]);
  const cells = useLoad((s) => (shift ? api.hotCells(u, shift, s) : Promise.resolve(null)), [u, shift]);
  const streets = useStreets();

  const shown = plan.data && plan.data.id === wanted?.id ? plan.data : null;
  const rounds = useMemo(() => (shown ? roundShapes(shown) : []), [shown]);
  const number = Number(place.value.query.get('r') ?? 0);
  const round = shown?.rounds.find((r) => r.number === number);

  const scene = useMemo(
    () => ({
      boundary: pathsOf(d?.boundary as never),
      cells: cells.data ? cellShapes(cells.data.cells) : [],
      cellStyle: 'fill' as const,
      police: police.data ? policeShapes(police.data) : [],
      rounds,
      selectedRound: number,
      streets,
    }),
    [d?.boundary, cells.data, police.data, rounds, number, streets],
  );

  const choose = (n: number) => setQuery({ r: n ? String(n) : null });
  useEffect(() => {
    const shape = rounds.find((r) => r.number === number);
    const box = shape ? boundsOf([...shape.work, ...shape.again, ...shape.transfer]) : null;
    const wide = innerWidth >= 1100;
    map.current?.setPads({ right: box && wide ? 330 : 0, bottom: !box && innerWidth >= 760 ? 72 : 0 });
    if (box) map.current?.fit(box, 16);
  }, [number, rounds]);

  const step = (by: number) => {
    const list = shown?.rounds ?? [];
    if (list.length === 0) return;
    const i = list.findIndex((r) => r.number === number);
    choose(list[(i + by + list.length) % list.length]?.number ?? list[0].number);
  };
  const mayApprove = !!shown && can('plan') && (shown.state === 'draft' || shown.state === 'approved');
  useKeys({
    j: () => step(1),
    k: () => step(-1),
    f: () => map.current?.fit(),
    Escape: () => choose(0),
    'Ctrl+Enter': () => {
      approve.value = mayApprove;
    },
  });

  if (!d || !shift) return null;
  const empty = versions.data?.length === 0;
  return (
    <main class="split plan">
      <PlanHeader
        shift={shift}
        versions={versions.data ?? []}
        plan={wanted ?? null}
        onApprove={mayApprove ? () => (approve.value = true) : null}
      />
      <section class="side" aria-label={t('plan.side')}>
        {versions.error && (
          <div class="pad">
            <Failure error={versions.error} retry={versions.reload} />
          </div>
        )}
        {shown && <PlanVerdict plan={shown} noPolice={police.data?.length === 0} />}
        {shown && <PlanFigures plan={shown} />}
        {empty && !versions.loading && (
          <Empty icon="plan" title={t('plan.emptyTitle')}>
            <p>{can('plan') ? t('plan.emptyText') : t('plan.emptyReader')}</p>
          </Empty>
        )}
        {can('plan') && (
          <Generate
            shift={shift}
            first={!!empty}
            onDone={() => {
              setQuery({ v: null, r: null });
              jobDone.value++;
            }}
          />
        )}
        {shown && (
          <Rounds
            plan={shown}
            shapes={rounds}
            chosen={number}
            onChoose={(n) => choose(n === number ? 0 : n)}
          />
        )}
        {plan.error && (
          <div class="pad">
            <Failure error={plan.error} retry={plan.reload} />
          </div>
        )}
        {!shown && !empty && !versions.error && !plan.error && <Skeleton rows={10} />}
      </section>
      <MapHost
        scene={scene}
        pads={innerWidth < 760 ? undefined : { top: 8, bottom: 72 }}
        label={shown ? t('plan.map', { n: shown.rounds.length }) : t('plan.mapEmpty')}
        onMap={(m) => {
          map.current = m;
        }}
        onHit={(h) => choose(h.round && h.round !== number ? h.round : 0)}
      >
        {cells.data && cells.data.cells.length > 0 && (
          <HeatLegend cells={cells.data.cells} rounds={!!shown} police={(police.data?.length ?? 0) > 0} />
        )}
        {shown && round && (
          <RoundDrawer
            round={round}
            hue={rounds.find((r) => r.number === round.number)?.hue ?? 1}
            onClose={() => choose(0)}
            onShow={(at) => map.current?.show(at, 16)}
          />
        )}
      </MapHost>
      {approve.value && shown && (
        <Approve
          plan={shown}
          onClose={() => (approve.value = false)}
          onDone={() => {
            approve.value = false;
            versions.reload();
          }}
        />
      )}
    </main>
  );
}
