// Plan: five steps from who goes out to what is signed; the map is the same in
// all of them, and shows what is known so far.
import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { paperURL } from '../api/papers';
import { t } from '../i18n';
import { dateOf } from '../i18n/format';
import { boundsOf } from '../map/geo';
import type { MapHit, MapView } from '../map/view';
import { editError, edited, editing, lastChange, took } from '../state/plan_edit';
import { job, running, sketch, useJobOf } from '../state/plan_job';
import { firstStep, pathOf, primary, type Step, shiftOfPath, stepsOf, withdraw } from '../state/plan_step';
import { go, parts, place, setQuery } from '../state/router';
import { can, district, now, role } from '../state/session';
import { useStreets } from '../state/streets';
import { useKeys } from '../ui/keys';
import { MapHost } from '../ui/maphost';
import { Empty, Failure, Skeleton } from '../ui/parts';
import { HeatLegend } from './heat_legend';
import { signOf } from './plan_change';
import { useComparison } from './plan_compare';
import { usePlanData } from './plan_data';
import { handsOn } from './plan_hands';
import { PlanHeader } from './plan_header';
import { MakeStep } from './plan_make';
import { dragKind, lockedIn, lockedRounds, nameOf, roundLocked } from './plan_pick';
import { PickedCard } from './plan_picked';
import { useGrab, usePicking } from './plan_picking';
import { PoliceStep } from './plan_police';
import { Replan, type ReplanView } from './plan_replan';
import { ReviewStep } from './plan_review';
import { RosterStep } from './plan_roster';
import { RoundDrawer } from './plan_round';
import { windowOf } from './plan_rounds';
import { usePlanScene } from './plan_scene';
import { SignStep } from './plan_sign';
import { roundShapes, sketchShapes } from './shapes';

const phone = () => innerWidth < 760;

export default function Plan() {
  const d = district.value;
  const u = d?.ubigeo ?? '';
  const { shift, step: named } = shiftOfPath(parts.value);
  const map = useSignal<MapView | null>(null);
  const turn = useSignal(0);
  const after = () => {
    turn.value++;
  };
  const data = usePlanData(u, shift, turn.value);
  const { shown, versions, newest, latest, police, cells } = data;

  useEffect(() => {
    if (!shift && d)
      go((d.shift ? `/plan/${d.shift.id}` : `/plan/${dateOf(Date.now())}/noche`) + location.search, true);
  }, [shift, d]);
  // An address without a step, or with one that is not for this role, leads to where the work goes on.
  const allowed = named !== null && stepsOf(role.value).includes(named);
  const goesOn = running(job.value);
  const begin =
    phone() && stepsOf(role.value).includes('revisar') ? 'revisar' : firstStep(role.value, data.standing);
  useEffect(() => {
    if (shift && !allowed && begin) go(pathOf(shift, goesOn ? 'generar' : begin) + location.search, true);
  }, [shift, allowed, begin, goesOn]);
  const step: Step = allowed && named ? named : (begin ?? 'revisar');
  const editStep = step === 'revisar';

  useJobOf(u, shift, can('plan'), () => {
    edited.value = null;
    lastChange.value = null;
    after();
    // Who is at another step keeps what is not saved there.
    if (step === 'generar' || step === 'revisar') go(pathOf(shift, 'revisar'));
  });
  useEffect(() => {
    edited.value = null;
    lastChange.value = null;
    editError.value = '';
  }, [shift, u]);

  const onlyPolice = step === 'pnp';
  const streets = useStreets();
  const drawn = sketch.value;
  const rounds = useMemo(
    () => (drawn && streets ? sketchShapes(drawn, streets) : shown ? roundShapes(shown) : []),
    [shown, drawn, streets],
  );
  const pick = usePicking({ plan: shown, drawn: drawn !== null, changing: editStep, streets });
  const { number, round, picked } = pick;
  const askMove = useSignal<'' | 'move'>('');
  const editable =
    editStep && !!shown && !drawn && can('plan') && latest && shown.state !== 'superseded' && !phone();

  const comparison = useComparison(u, shown, versions.data ?? [], editStep);
  const hands = handsOn({ u, plan: shown, editable, picked, unit: round?.unit ?? '', after });

  // Something that happened in the shift: from the button, or from an address of En vivo.
  const happened = place.value.query.get('evento');
  const replanning = useSignal(false);
  const preview = useSignal<ReplanView | null>(null);
  const span = useMemo(() => (shown ? windowOf(shown) : null), [shown]);
  const onNow = span !== null && span.start <= now() && now() < span.end;
  const asksReplan = editable && (replanning.value || happened !== null);

  const unitAt = (h: MapHit | null) =>
    shown?.rounds.find((r) => r.number === (h?.chip ?? h?.round))?.unit ?? null;
  // The street that is picked can be taken off the map.
  const held = editable && picked?.kind === 'street' && !lockedIn(shown, picked) ? nameOf(picked) : '';
  useGrab(map.value, held);

  const scene = usePlanScene({
    data,
    streets,
    rounds,
    selected: drawn ? 0 : number,
    picked,
    moved: preview.value?.moved ?? null,
    handed: comparison.data,
    onlyPolice,
  });

  const fitted = useRef(0);
  useEffect(() => {
    const shape = drawn ? undefined : rounds.find((r) => r.number === number);
    const box = shape ? boundsOf([...shape.work, ...shape.again, ...shape.transfer]) : null;
    const wide = innerWidth >= 1100;
    map.value?.setPads({ right: box && wide ? 330 : 0, bottom: !box && !phone() ? 72 : 0 });
    // An edit must not move the map under the hand that made it.
    if (box && fitted.current !== number) map.value?.fit(box, 16);
    fitted.current = number;
  }, [number, rounds]);

  // The version that is shown is the one to sign.
  const toSign = () => go(pathOf(shift, 'aprobar', place.peek().query.get('v')));
  const maySign = !!shown && can('plan') && (shown.state === 'draft' || shown.state === 'approved');
  useKeys({
    j: () => pick.next(1),
    k: () => pick.next(-1),
    f: () => map.value?.fit(),
    Escape: () => (picked ? setQuery({ s: null, p: null }) : pick.choose(0)),
    b: () => hands.lockRound(),
    m: () => {
      if (picked && editable) askMove.value = 'move';
    },
    Delete: () => hands.takeOut(),
    'Alt+ArrowUp': () => hands.reorder(pick.stop, -1),
    'Alt+ArrowDown': () => hands.reorder(pick.stop, 1),
    'Ctrl+z': (e) => (e.shiftKey ? hands.redo?.() : hands.undo?.()),
    'Ctrl+Enter': () => {
      if (step === 'aprobar') primary.value?.run();
      else if (maySign && !goesOn) toSign();
    },
  });

  const showStreet = (id: string) => {
    const i = streets?.ids.indexOf(id) ?? -1;
    const box = i >= 0 && streets ? boundsOf([streets.paths[i]]) : null;
    if (box) map.value?.fit(box, 16);
  };

  // The review's own button leads on; the other steps bring theirs.
  useEffect(() => {
    if (!editStep) return;
    const mine = maySign
      ? {
          label: shown?.state === 'approved' ? t('plan.publish') : t('plan.approve'),
          run: toSign,
          disabled: goesOn,
          key: 'Ctrl ↵',
        }
      : null;
    primary.value = mine;
    return () => withdraw(mine);
  }, [editStep, maySign, goesOn, shown?.state, shift]);

  if (!d || !shift) return null;
  const empty = versions.data?.length === 0 && !versions.loading;
  const inForce = versions.data?.find((v) => v.state === 'published') ?? null;
  const nothing = (
    <Empty icon="plan" title={t('plan.emptyTitle')}>
      <p>{can('plan') ? t('plan.emptyText') : t('plan.emptyReader')}</p>
      {can('plan') && (
        <a class="btn pri" href={pathOf(shift, data.standing.roster ? 'generar' : 'rol')}>
          {t('plan.emptyGo')}
        </a>
      )}
    </Empty>
  );
  const wait = versions.error || data.plan.error;
  return (
    <main class={`split plan step-${step}`}>
      <PlanHeader
        shift={shift}
        step={step}
        standing={data.standing}
        undo={hands.undo}
        redo={hands.redo}
        editable={editable}
        busy={editing.value}
      />
      <section class="side" aria-label={t('plan.side')}>
        {wait && step !== 'rol' && step !== 'pnp' && (
          <div class="pad">
            <Failure error={wait} retry={versions.error ? versions.reload : data.plan.reload} />
          </div>
        )}
        {step === 'rol' && (
          <RosterStep
            shift={shift}
            roster={data.roster.data}
            units={data.units.data}
            error={data.roster.error || data.units.error}
            onSaved={() => data.roster.reload()}
          />
        )}
        {step === 'pnp' && (
          <PoliceStep
            shift={shift}
            features={police.data}
            error={police.error}
            onChanged={() => police.reload()}
          />
        )}
        {step === 'generar' && (
          <MakeStep
            shift={shift}
            plan={shown}
            known={shown !== null || versions.data?.length === 0}
            units={data.roster.data ? data.roster.data.units.length : null}
            police={police.data ? police.data.length : null}
            zones={cells.data ? cells.data.cells.length : null}
            locked={newest && shown?.id === newest.id ? lockedRounds(shown) : []}
          />
        )}
        {step === 'revisar' && shown && (
          <ReviewStep
            shift={shift}
            plan={shown}
            versions={versions.data ?? []}
            latest={latest}
            noPolice={police.data?.length === 0}
            shapes={drawn ? roundShapes(shown) : rounds}
            chosen={number}
            onChoose={(n) => pick.choose(n === number ? 0 : n)}
            drop={editable && picked ? { onto: hands.give, over: hands.hover } : null}
            dropName={picked ? nameOf(picked) : ''}
            onUndo={hands.undo ?? undefined}
            onRestore={() => newest && hands.restore(newest.id)}
            onReplan={
              editable && onNow
                ? () => {
                    replanning.value = true;
                  }
                : null
            }
            compare={
              comparison.on ? { data: comparison.data, error: comparison.error, show: showStreet } : null
            }
            onCompare={(versions.data?.length ?? 0) > 1 ? comparison.toggle : null}
          />
        )}
        {step === 'aprobar' && shown && (
          <SignStep
            plan={shown}
            inForce={inForce}
            handOutAt={data.roster.data?.handOutAt ?? 0}
            onChoose={(n) => pick.choose(n === number ? 0 : n)}
            onDone={versions.reload}
          />
        )}
        {(step === 'revisar' || step === 'aprobar') &&
          !shown &&
          !wait &&
          (empty ? nothing : <Skeleton rows={10} />)}
      </section>
      <MapHost
        scene={scene}
        pads={phone() ? undefined : { top: 8, bottom: 72 }}
        label={rounds.length > 0 ? t('plan.map', { n: rounds.length }) : t('plan.mapEmpty')}
        onMap={(m) => {
          map.value = m;
        }}
        drop={
          editable && picked
            ? {
                kind: dragKind,
                over: (h) => hands.hover(unitAt(h)),
                let: (h) => {
                  const unit = unitAt(h);
                  if (unit !== null) hands.give(unit);
                },
              }
            : null
        }
        onHit={(h) => {
          if (drawn || onlyPolice) return;
          if (shown && editable && h.street >= 0 && streets?.belongs[h.street] && h.chip === null)
            pick.street(streets.ids[h.street], h.at);
          else pick.choose(h.round && h.round !== number ? h.round : 0);
        }}
      >
        {cells.data && cells.data.cells.length > 0 && !onlyPolice && (
          <HeatLegend
            cells={cells.data.cells}
            rounds={rounds.length > 0}
            police={(police.data?.length ?? 0) > 0}
          />
        )}
        {shown && round && !onlyPolice && (
          <RoundDrawer
            round={round}
            hue={rounds.find((r) => r.number === round.number)?.hue ?? 1}
            sheet={shown ? paperURL(u, 'route', shown.shift, { plan: shown.id, unit: round.unit }) : ''}
            onClose={() => pick.choose(0)}
            onShow={(at) => map.value?.show(at, 16)}
            signs={(x) => signOf(shown, x)}
            pickedStop={pick.stop}
            edits={
              editable
                ? {
                    locked: roundLocked(shown, round.unit),
                    onLock: hands.lockRound,
                    onStop: (seq) => setQuery({ p: String(seq), s: null }),
                    onStreet: (id) => pick.street(id, null),
                    onBefore: hands.before,
                  }
                : null
            }
          />
        )}
        {shown && editable && picked && (
          <PickedCard
            key={picked.kind === 'street' ? picked.segment : `stop${picked.leg.seq}`}
            plan={shown}
            picked={picked}
            at={pick.pointed}
            hue={rounds.find((r) => r.number === picked.round?.number)?.hue ?? 1}
            ask={askMove.value}
            onAsked={() => {
              askMove.value = '';
            }}
            onEdit={hands.apply}
            onReorder={(by) => hands.reorder(pick.stop, by)}
            onClose={() => setQuery({ s: null, p: null })}
          />
        )}
      </MapHost>
      {asksReplan && shown && (
        <Replan
          plan={shown}
          picked={picked}
          at={pick.pointed}
          streets={streets}
          kind={happened}
          unit={place.value.query.get('unidad') ?? ''}
          onPreview={(v) => {
            preview.value = v;
          }}
          onClose={() => {
            replanning.value = false;
            preview.value = null;
            setQuery({ evento: null, unidad: null });
          }}
          onDone={(c, words) => {
            replanning.value = false;
            preview.value = null;
            took(shown, c, words);
            setQuery({ v: null, s: null, p: null, evento: null, unidad: null });
            after();
          }}
        />
      )}
    </main>
  );
}
