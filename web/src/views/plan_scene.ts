// What the map of the plan shows: the rounds, the police, the zones, and what is
// picked, moved or compared.
import { useMemo } from 'preact/hooks';
import type { Comparison } from '../api/plan_change';
import { pathsOf } from '../map/geo';
import type { Highlight, Round, Scene, Streets } from '../map/scene';
import { district } from '../state/session';
import type { PlanData } from './plan_data';
import type { Picked } from './plan_pick';
import { cellShapes, policeShapes } from './shapes';

interface Given {
  data: PlanData;
  streets: Streets | null;
  rounds: Round[];
  selected: number; // round; 0: none
  picked: Picked | null;
  moved: readonly string[] | null; // streets that a change in the shift would move
  handed: Comparison | null; // against the version that is compared with
  onlyPolice: boolean;
}

/** usePlanScene is the same object as long as nothing changes, so that nothing is drawn in vain. */
export function usePlanScene(g: Given): Partial<Scene> {
  const { streets, picked, moved, handed, onlyPolice, rounds, selected } = g;
  const cells = g.data.cells.data;
  const police = g.data.police.data;
  const boundary = district.value?.boundary;
  const highlight = useMemo<Highlight | null>(() => {
    const of = (ids: readonly string[]) => {
      const set = new Set(ids);
      return streets ? streets.paths.filter((_, i) => set.has(streets.ids[i])) : [];
    };
    if (moved) return { tone: 'warn', paths: of(moved) };
    if (picked?.kind === 'street') return { tone: 'select', paths: of(picked.segments) };
    if (handed)
      return { tone: 'warn', paths: handed.handed.features.flatMap((f) => pathsOf(f.geometry as never)) };
    return null;
  }, [picked, streets, handed, moved]);
  return useMemo(
    () => ({
      boundary: pathsOf(boundary as never),
      cells: cells && !onlyPolice ? cellShapes(cells.cells) : [],
      cellStyle: 'fill' as const,
      police: police ? policeShapes(police) : [],
      rounds: onlyPolice ? [] : rounds,
      selectedRound: selected,
      streets,
      highlight,
    }),
    [boundary, cells, police, rounds, selected, streets, highlight, onlyPolice],
  );
}
