// One clock for the page: seconds for the shift bar, and a slow one for lists,
// whose text must not change more than twice a second.
import { signal } from '@preact/signals';
import { now } from './session';

export const second = signal(Date.now());

export function startClock(): void {
  const tick = () => {
    const t = now();
    second.value = t;
    setTimeout(tick, 1000 - (t % 1000));
  };
  tick();
}
