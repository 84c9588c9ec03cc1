// What the plan's place reads of the service: the shift's roster, police, zones
// and versions, and the version shown with its rounds.
import { useMemo } from 'preact/hooks';
import * as api from '../api/endpoints';
import { type Roster, roster } from '../api/planning';
import type { Plan } from '../api/types';
import { planVersion } from '../state/live';
import { edited } from '../state/plan_edit';
import type { Standing } from '../state/plan_step';
import { place } from '../state/router';
import { role } from '../state/session';
import { type Loaded, useLoad } from '../ui/load';

export interface PlanData {
  versions: Loaded<api.PlanBrief[]>;
  plan: Loaded<Plan | null>;
  police: Loaded<api.GeoFeature[]>;
  cells: Loaded<Awaited<ReturnType<typeof api.hotCells>> | null>;
  roster: Loaded<Roster | null>;
  units: Loaded<api.UnitSetup[] | null>;
  shown: Plan | null; // with the figures that were measured last
  newest: api.PlanBrief | undefined;
  latest: boolean; // the newest version is shown
  standing: Standing;
}

/** usePlanData reads a shift; turn makes it read the versions anew. */
export function usePlanData(u: string, shift: string, turn: number): PlanData {
  const who = role.value;
  const whole = who !== null && who !== 'liaison'; // the liaison sees the police's part only
  const of = `${u} ${shift}`; // what was read for the shift shown before is not this one's
  const versions = useLoad(
    (s) => (shift && whole ? api.plans(u, shift, s) : Promise.resolve([])),
    [turn, planVersion.value, whole],
    of,
  );
  const asked = place.value.query.get('v');
  const wanted = versions.data?.find((p) => String(p.version) === asked) ?? versions.data?.[0];
  const plan = useLoad<Plan | null>(
    (s) => {
      if (!wanted) return Promise.resolve(null);
      const own = edited.value;
      // An edit has brought its rounds already.
      if (own && own.id === wanted.id && own.state === wanted.state) return Promise.resolve(own);
      return api.plan(u, wanted.id, s);
    },
    [wanted?.id, wanted?.state],
    of,
  );
  const police = useLoad((s) => (shift ? api.police(u, shift, s) : Promise.resolve([])), [], of);
  const cells = useLoad(
    (s) => (shift && whole ? api.hotCells(u, shift, s) : Promise.resolve(null)),
    [whole],
    of,
  );
  const crew = useLoad((s) => (shift && whole ? roster(u, shift, s) : Promise.resolve(null)), [whole], of);
  const units = useLoad((s) => (whole ? api.units(u, s) : Promise.resolve(null)), [u, whole]);

  const ours = edited.value;
  const ahead = ours && ours.shift === shift && !asked && ours.version > (wanted?.version ?? 0) ? ours : null;
  const read = [ahead, plan.data, ours].find((p) => p && (p === ahead || p.id === wanted?.id)) ?? null;
  // The figures of an edited version are measured after it was saved.
  const figures = read && read.id === wanted?.id ? wanted.figures : null;
  const shown = useMemo(() => (read && figures ? { ...read, figures } : read), [read, figures]);
  const newest = versions.data?.[0];
  return {
    versions,
    plan,
    police,
    cells,
    roster: crew,
    units,
    shown,
    newest,
    latest: ahead !== null || (!!shown && shown.id === newest?.id),
    standing: {
      roster: crew.data?.set ?? null,
      police: police.data?.length ?? null,
      state:
        versions.data && !versions.loading ? ((ahead ?? wanted)?.state ?? 'none') : (wanted?.state ?? null),
    },
  };
}
