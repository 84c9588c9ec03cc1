// The scene of the live map: only the layers asked for are loaded.
import { useMemo } from 'preact/hooks';
import * as api from '../api/endpoints';
import { pathsOf } from '../map/geo';
import type { Scene } from '../map/scene';
import { useCoverage } from '../state/coverage';
import { liveShift, planVersion } from '../state/live';
import { district } from '../state/session';
import { useStreets } from '../state/streets';
import { useLoad } from '../ui/load';
import { cellShapes, policeShapes, roundShapes } from './shapes';
import type { LayerName } from './vivo_layers';

export function useLiveScene(layers: ReadonlySet<LayerName>): Partial<Scene> {
  const d = district.value;
  const shift = liveShift.value?.id ?? d?.shift?.id ?? '';
  const u = d?.ubigeo ?? '';
  const key = `${u} ${shift}`;
  const wants = (n: LayerName) => layers.has(n) && u !== '' && shift !== '';

  const cells = useLoad(
    (s) => (wants('zonas') ? api.hotCells(u, shift, s) : Promise.resolve(null)),
    [key, wants('zonas')],
  );
  const police = useLoad(
    (s) => (wants('pnp') ? api.police(u, shift, s) : Promise.resolve(null)),
    [key, wants('pnp')],
  );
  const plan = useLoad(
    (s) => (wants('rondas') ? api.shownPlan(u, shift, s) : Promise.resolve(null)),
    [key, wants('rondas'), planVersion.value],
  );
  const streets = useStreets();
  const { states } = useCoverage(shift, wants('cobertura'));

  const ground = useMemo(
    () => ({
      boundary: pathsOf(d?.boundary as never),
      cells: layers.has('zonas') && cells.data ? cellShapes(cells.data.cells) : [],
      cellStyle: 'outline' as const,
      police: layers.has('pnp') && police.data ? policeShapes(police.data) : [],
      rounds: layers.has('rondas') && plan.data ? roundShapes(plan.data) : [],
      roundStyle: 'neutral' as const,
      streets,
      units: layers.has('unidades'),
      trails: layers.has('rastros') && layers.has('unidades'),
    }),
    [d?.boundary, layers.size, [...layers].join(), cells.data, police.data, plan.data, streets],
  );
  // Presence changes with every message, the rest hardly ever.
  const shown = layers.has('cobertura') ? states : null;
  return useMemo(() => ({ ...ground, states: shown }), [ground, shown]);
}
