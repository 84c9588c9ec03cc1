// What of the plan shown is picked, as the address says: a round (?r=number), a
// street of it to be changed (?s=segment) or a stop (?p=seq of the round).
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Plan } from '../api/types';
import type { LonLat } from '../map/geo';
import type { Streets } from '../map/scene';
import type { MapView } from '../map/view';
import { dragging } from '../state/plan_trial';
import { place, setQuery } from '../state/router';
import { dragKind, type Picked, stopAt, streetAt } from './plan_pick';

interface Given {
  plan: Plan | null;
  drawn: boolean; // a calculation's rounds are shown in its place
  changing: boolean; // at the step where streets and stops are picked
  streets: Streets | null;
}

export function usePicking({ plan, drawn, changing, streets }: Given) {
  const asked = place.value.query;
  const number = Number(asked.get('r') ?? 0);
  const segment = asked.get('s') ?? '';
  const stop = Number(asked.get('p') ?? 0);
  const round = drawn ? undefined : plan?.rounds.find((r) => r.number === number);
  const pointed = useSignal<LonLat | null>(null); // where the street was pointed at
  const street = streets && segment ? streets.ids.indexOf(segment) : -1;
  const picked = useMemo<Picked | null>(() => {
    if (!plan || !changing) return null;
    if (segment) return streetAt(plan, segment, street >= 0 && streets ? streets.labels[street] : '');
    return stop && round ? stopAt(plan, round.unit, stop) : null;
  }, [plan, segment, stop, round, street, streets, changing]);
  const choose = (n: number) => setQuery({ r: n ? String(n) : null, s: null, p: null });
  return {
    number,
    round,
    stop,
    picked,
    pointed: pointed.value,
    choose,
    street: (id: string, at: LonLat | null) => {
      pointed.value = at;
      const owner = plan ? streetAt(plan, id, '').round : null;
      setQuery({ s: id, p: null, ...(owner ? { r: String(owner.number) } : {}) });
    },
    /** next is the round after the one chosen, or before it. */
    next: (by: 1 | -1) => {
      const list = plan?.rounds ?? [];
      if (list.length === 0) return;
      const i = list.findIndex((r) => r.number === number);
      choose((list[(i + by + list.length) % list.length] ?? list[0]).number);
    },
  };
}

/** useGrab lets what is picked, by its name, be taken off the map; empty: nothing. */
export function useGrab(map: MapView | null, name: string): void {
  useEffect(() => {
    if (!name) return;
    return map?.grab(
      (e) => {
        e.dataTransfer?.setData(dragKind, '');
        e.dataTransfer?.setData('text/plain', name);
        const card = document.querySelector('.workcard header');
        if (card) e.dataTransfer?.setDragImage(card, 12, 12);
        dragging(true);
      },
      () => dragging(false),
    );
  }, [map, name]);
}
