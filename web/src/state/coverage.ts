// Presence per street of a shift: of the running one from the live channel,
// of another from the service.
import * as api from '../api/endpoints';
import { useLoad } from '../ui/load';
import { told } from './live';
import { district } from './session';

export interface ShiftCoverage {
  bar: import('../api/types').CoverageBar | null;
  states: Uint8Array | null;
  error: string;
  loading: boolean;
  reload: () => void;
}

export function useCoverage(shift: string, on = true): ShiftCoverage {
  const u = district.value?.ubigeo ?? '';
  const l = told.value;
  const running = l.ready && l.shift?.id === shift && l.presence !== null;
  const load = useLoad(
    (s) => (on && u && shift && !running ? api.coverage(u, shift, s) : Promise.resolve(null)),
    [on, u, shift, running],
  );
  if (running) return { bar: l.coverage, states: l.presence, error: '', loading: false, reload: load.reload };
  return {
    bar: load.data?.bar ?? null,
    states: load.data?.presence ?? null,
    error: load.error,
    loading: load.loading,
    reload: load.reload,
  };
}
