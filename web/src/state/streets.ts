// The street segments of the district, in the order in which the service counts
// them. One download a version; views share it.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import * as api from '../api/endpoints';
import type { Streets } from '../map/scene';
import { district } from './session';

const kept = signal<{ key: string; streets: Streets } | null>(null);
let asking = '';

/** useStreets gives the segments; null until they are here. */
export function useStreets(): Streets | null {
  const d = district.value;
  const key = d ? `${d.ubigeo} ${d.streets}` : '';
  useEffect(() => {
    if (!d?.streets || asking === key) return;
    asking = key;
    api.streets(d.ubigeo, d.streets).then(
      (streets) => {
        if (asking === key) kept.value = { key, streets };
      },
      () => {
        asking = '';
      },
    );
  }, [key]);
  return kept.value?.key === key ? kept.value.streets : null;
}
