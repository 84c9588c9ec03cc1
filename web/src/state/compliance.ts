// What was done of the plan of a shift: loaded again each half minute while the
// shift runs.
import { useEffect } from 'preact/hooks';
import { type Compliance, compliance } from '../api/compliance';
import { type Loaded, useLoad } from '../ui/load';
import { live } from './live';
import { district } from './session';

const every = 30_000;

export function useCompliance(shift: string): Loaded<Compliance | null> {
  const u = district.value?.ubigeo ?? '';
  const l = live.value;
  const running = l.ready && l.shift?.id === shift;
  const load = useLoad(
    (s) => (u && shift ? compliance(u, shift, s) : Promise.resolve(null)),
    [u, shift, running ? l.planVersion : 0],
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
