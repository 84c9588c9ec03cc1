// What was done of the plan of a shift: loaded again each half minute while the
// shift runs.
import { useEffect } from 'preact/hooks';
import { type Compliance, compliance } from '../api/compliance';
import { type Loaded, useLoad } from '../ui/load';
import { liveReady, liveShift, planVersion } from './live';
import { district } from './session';

const every = 30_000;

export function useCompliance(shift: string): Loaded<Compliance | null> {
  const u = district.value?.ubigeo ?? '';
  const running = liveReady.value && liveShift.value?.id === shift;
  const load = useLoad(
    (s) => (u && shift ? compliance(u, shift, s) : Promise.resolve(null)),
    [u, shift, running ? planVersion.value : 0],
    `${u} ${shift}`,
  );
  const { reload } = load;
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(reload, every);
    return () => clearInterval(timer);
  }, [running, reload]);
  return load;
}
