// Plan: generate, read the verdict, look at each round, change it by hand or in
// the middle of the shift, compare versions, approve and publish.
import { useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import * as api from '../api/endpoints';
import { comparePlans, type Edit } from '../api/plan_change';
import type { Plan as PlanT } from '../api/types';
import { t } from '../i18n';
import { dateOf } from '../i18n/format';
import { boundsOf, type LonLat, pathsOf } from '../map/geo';
import type { Highlight } from '../map/scene';
import type { MapHit, MapView } from '../map/view';
import { live } from '../state/live';
import {
  canRedo,
  canUndo,
  edit,
  editError,
  edited,
  editing,
  lastChange,
  redo,
  took,
  undo,
  undoTo,
} from '../state/plan_edit';
import { dragging, leave, tryOn } from '../state/plan_trial';
import { go, parts, place, setQuery } from '../state/router';
import { can, district, now } from '../state/session';
import { useStreets } from '../state/streets';
import { useKeys } from '../ui/keys';
import { useLoad } from '../ui/load';
import { MapHost } from '../ui/maphost';
import { Empty, Failure, Note, Skeleton } from '../ui/parts';
import { HeatLegend } from './heat_legend';
import { Approve } from './plan_approve';
import { ChangeCard, signOf } from './plan_change';
import { ComparePanel } from './plan_compare';
import { PlanFigures } from './plan_figures';
import { Generate } from './plan_generate';
import { PlanHeader } from './plan_header';
import {
  dragKind,
  lockedIn,
  lockedRounds,
  nameOf,
  type Picked,
  roundLocked,
  stopAt,
  streetAt,
} from './plan_pick';
import { moveEdit, PickedCard } from './plan_picked';
import { Replan } from './plan_replan';
import { RoundDrawer } from './plan_round';
import { Rounds, windowOf } from './plan_rounds';
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
    (s) => {
      if (!wanted) return Promise.resolve(null);
      const own = edited.value;
      // An edit has brought its rounds already.
      if (own && own.id === wanted.id && own.state === wanted.state) return Promise.resolve(own);
      return api.plan(u, wanted.id, s);
    },
    [u, wanted?.id, wanted?.state],
  );
  const police = useLoad((s) => (shift ? api.police(u, shift, s) : Promise.resolve([])), [u, shift]);
  const cells = useLoad((s) => (shift ? api.hotCells(u, shift, s) : Promise.resolve(null)), [u, shift]);
  const streets = useStreets();

  const ours = edited.value;
  const ahead = ours && ours.shift === shift && !asked && ours.version > (wanted?.version ?? 0) ? ours : null;
  const read = [ahead, plan.data, ours].find((p) => p && (p === ahead || p.id === wanted?.id)) ?? null;
  // The figures of an edited version are measured after it was saved.
  const figures = read && read.id === wanted?.id ? wanted.figures : null;
  const shown = useMemo(() => (read && figures ? { ...read, figures } : read), [read, figures]);
  const rounds = useMemo(() => (shown ? roundShapes(shown) : []), [shown]);
  const number = Number(place.value.query.get('r') ?? 0);
  const round = shown?.rounds.find((r) => r.number === number);

  // What is picked to be changed: a street (?s=segment) or a stop (?p=seq of the round r).
  const segment = place.value.query.get('s') ?? '';
  const stopSeq = Number(place.value.query.get('p') ?? 0);
  const pointed = useSignal<LonLat | null>(null);
  const askMove = useSignal<'' | 'move'>('');
  const street = streets && segment ? streets.ids.indexOf(segment) : -1;
  const picked = useMemo<Picked | null>(() => {
    if (!shown) return null;
    if (segment) return streetAt(shown, segment, street >= 0 && streets ? streets.labels[street] : '');
    return stopSeq && round ? stopAt(shown, round.unit, stopSeq) : null;
  }, [shown, segment, stopSeq, round, street, streets]);

  const newest = versions.data?.[0];
  const latest = ahead !== null || (!!shown && shown.id === newest?.id);
  const editable = !!shown && can('plan') && latest && shown.state !== 'superseded';
  const older = place.value.query.get('comparar')?.replace(/^v/, '');
  const olderPlan = versions.data?.find((v) => String(v.version) === older);
  const comparison = useLoad(
    (s) => (older && olderPlan && shown ? comparePlans(u, shown.id, olderPlan.id, s) : Promise.resolve(null)),
    [u, shown?.id, olderPlan?.id],
  );
  const replanning = useSignal(false);

  const after = () => {
    versions.reload();
  };
  const apply = (edits: Edit[], words: string) => {
    if (!shown || !editable) return;
    edit(u, shown, edits, words).then((ok) => {
      if (!ok) return;
      setQuery({ v: null, p: null });
      after();
    });
  };
  const lockRound = () => {
    if (!round || !shown || !editable) return;
    const op = roundLocked(shown, round.unit) ? 'unlock' : 'lock';
    apply([{ op, unit: round.unit }], t(`edit.did.${op}`, { name: t('edit.round'), unit: round.callSign }));
  };
  const drop = (unit: string) => {
    dragging(false);
    const e = picked && moveEdit(picked, unit);
    if (e && picked && shown)
      apply([e], t(`edit.did.${e.op}`, { name: nameOf(picked), unit: signOf(shown, unit) }));
  };
  const dragOver = (unit: string | null) => {
    const e = picked && unit !== null ? moveEdit(picked, unit) : null;
    if (e && unit !== null && shown) tryOn(u, shown, unit, e);
    else leave();
    return e !== null;
  };
  const unitAt = (h: MapHit | null) =>
    shown?.rounds.find((r) => r.number === (h?.chip ?? h?.round))?.unit ?? null;
  // The street that is picked can be taken off the map.
  const held = editable && picked?.kind === 'street' && !lockedIn(shown, picked) ? nameOf(picked) : '';
  const mapReady = useSignal(0);
  useEffect(() => {
    if (!held) return;
    return map.current?.grab(
      (e) => {
        e.dataTransfer?.setData(dragKind, '');
        e.dataTransfer?.setData('text/plain', held);
        const card = document.querySelector('.workcard header');
        if (card) e.dataTransfer?.setDragImage(card, 12, 12);
        dragging(true);
      },
      () => dragging(false),
    );
  }, [held, mapReady.value]);
  const goBack = () => {
    if (shown && editable && canUndo(shown))
      undo(u, shown, () => {
        edited.value = null;
        setQuery({ v: null, p: null });
        after();
      });
  };
  const goOn = () => {
    if (shown && editable && canRedo(shown))
      redo(u, shown, () => {
        edited.value = null;
        setQuery({ v: null, p: null });
        after();
      });
  };
  useEffect(() => {
    edited.value = null;
    lastChange.value = null;
    editError.value = '';
  }, [shift, u]);

  const highlight = useMemo<Highlight | null>(() => {
    if (picked?.kind === 'street' && streets) {
      const set = new Set(picked.segments);
      return { tone: 'select', paths: streets.paths.filter((_, i) => set.has(streets.ids[i])) };
    }
    if (older && comparison.data)
      return {
        tone: 'warn',
        paths: comparison.data.handed.features.flatMap((f) => pathsOf(f.geometry as never)),
      };
    return null;
  }, [picked, streets, older, comparison.data]);

  const scene = useMemo(
    () => ({
      boundary: pathsOf(d?.boundary as never),
      cells: cells.data ? cellShapes(cells.data.cells) : [],
      cellStyle: 'fill' as const,
      police: police.data ? policeShapes(police.data) : [],
      rounds,
      selectedRound: number,
      streets,
      highlight,
    }),
    [d?.boundary, cells.data, police.data, rounds, number, streets, highlight],
  );

  const fitted = useRef(0);
  const choose = (n: number) => setQuery({ r: n ? String(n) : null, s: null, p: null });
  const pickStreet = (id: string, at: LonLat | null) => {
    pointed.value = at;
    const owner = shown ? streetAt(shown, id, '').round : null;
    setQuery({ s: id, p: null, ...(owner ? { r: String(owner.number) } : {}) });
  };
  const pickStop = (seq: number) => setQuery({ p: String(seq), s: null });
  useEffect(() => {
    const shape = rounds.find((r) => r.number === number);
    const box = shape ? boundsOf([...shape.work, ...shape.again, ...shape.transfer]) : null;
    const wide = innerWidth >= 1100;
    map.current?.setPads({ right: box && wide ? 330 : 0, bottom: !box && innerWidth >= 760 ? 72 : 0 });
    // An edit must not move the map under the hand that made it.
    if (box && fitted.current !== number) map.current?.fit(box, 16);
    fitted.current = number;
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
    Escape: () => (picked ? setQuery({ s: null, p: null }) : choose(0)),
    b: lockRound,
    m: () => {
      if (picked && editable) askMove.value = 'move';
    },
    Delete: () => {
      if (!picked || !editable) return;
      if (picked.kind === 'street')
        apply(
          [{ op: 'drop_street', segments: picked.segments }],
          t('edit.did.drop_street', { name: nameOf(picked) }),
        );
      else if (picked.leg.kind === 'stop')
        apply(
          [{ op: 'drop_stop', unit: picked.round.unit, stop: picked.leg.seq }],
          t('edit.did.drop_stop', { name: nameOf(picked) }),
        );
    },
    'Ctrl+z': (e) => (e.shiftKey ? goOn() : goBack()),
    'Ctrl+Enter': () => {
      approve.value = mayApprove;
    },
  });

  const window = shown ? windowOf(shown) : null;
  const onNow = window !== null && window.start <= now() && now() < window.end;
  const compare = () => {
    if (older) {
      setQuery({ comparar: null });
      return;
    }
    const list = versions.data ?? [];
    const parent =
      list.find((v) => v.id === shown?.parent) ?? list.find((v) => v.version < (shown?.version ?? 0));
    setQuery({ comparar: `v${(parent ?? list[list.length - 1]).version}` });
  };
  const restore = () => {
    if (!shown || !newest) return;
    undoTo(u, shown.id, newest.id).then((ok) => {
      if (!ok) return;
      setQuery({ v: null });
      after();
    });
  };

  if (!d || !shift) return null;
  const empty = versions.data?.length === 0;
  return (
    <main class="split plan">
      <PlanHeader
        shift={shift}
        versions={versions.data ?? []}
        plan={ahead ?? wanted ?? null}
        onApprove={mayApprove ? () => (approve.value = true) : null}
        undo={editable && canUndo(shown) ? goBack : null}
        redo={editable && canRedo(shown) ? goOn : null}
        editable={editable}
        busy={editing.value}
        onReplan={editable && onNow ? () => (replanning.value = true) : null}
        comparing={!!older}
        onCompare={(versions.data?.length ?? 0) > 1 && shown ? compare : null}
      />
      <section class="side" aria-label={t('plan.side')}>
        {versions.error && (
          <div class="pad">
            <Failure error={versions.error} retry={versions.reload} />
          </div>
        )}
        {shown && lastChange.value && lastChange.value.change.plan.shift === shift && (
          <ChangeCard
            plan={shown}
            words={lastChange.value.words}
            change={lastChange.value.change}
            onUndo={editable ? goBack : undefined}
            onClose={() => (lastChange.value = null)}
          />
        )}
        {editError.value && (
          <div class="pad">
            <Failure error={editError.value} retry={undefined} />
          </div>
        )}
        {shown && !latest && can('plan') && (
          <div class="pad">
            <Note title={t('edit.readOnly')}>
              <button type="button" class="btn sm" disabled={editing.value} onClick={restore}>
                {t('edit.restoreThis')}
              </button>
            </Note>
          </div>
        )}
        {older && shown ? (
          <ComparePanel
            comparison={comparison.data}
            error={comparison.error}
            onClose={() => setQuery({ comparar: null })}
            onShow={(id) => {
              const i = streets?.ids.indexOf(id) ?? -1;
              const box = i >= 0 && streets ? boundsOf([streets.paths[i]]) : null;
              if (box) map.current?.fit(box, 16);
            }}
          />
        ) : (
          <>
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
                plan={shown}
                locked={newest && shown?.id === newest.id ? lockedRounds(shown) : []}
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
                drop={editable && picked ? { onto: drop, over: dragOver } : null}
                dropName={picked ? nameOf(picked) : ''}
                changed={lastChange.value?.change.units ?? []}
              />
            )}
          </>
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
          mapReady.value++;
        }}
        drop={
          editable && picked
            ? {
                kind: dragKind,
                over: (h) => dragOver(unitAt(h)),
                let: (h) => {
                  const unit = unitAt(h);
                  if (unit !== null) drop(unit);
                },
              }
            : null
        }
        onHit={(h) => {
          if (shown && editable && h.street >= 0 && streets?.belongs[h.street] && h.chip === null)
            pickStreet(streets.ids[h.street], h.at);
          else choose(h.round && h.round !== number ? h.round : 0);
        }}
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
            signs={(x) => signOf(shown, x)}
            pickedStop={stopSeq}
            edits={
              editable
                ? {
                    locked: roundLocked(shown, round.unit),
                    onLock: lockRound,
                    onStop: pickStop,
                    onStreet: (id) => pickStreet(id, null),
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
            at={pointed.value}
            hue={rounds.find((r) => r.number === picked.round?.number)?.hue ?? 1}
            ask={askMove.value}
            onAsked={() => (askMove.value = '')}
            onEdit={apply}
            onClose={() => setQuery({ s: null, p: null })}
          />
        )}
      </MapHost>
      {replanning.value && shown && (
        <Replan
          plan={shown}
          picked={picked}
          at={pointed.value}
          streets={streets}
          onClose={() => (replanning.value = false)}
          onDone={(c, words) => {
            replanning.value = false;
            took(shown, c, words);
            setQuery({ v: null, s: null, p: null });
            after();
          }}
        />
      )}
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
