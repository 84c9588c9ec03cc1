// A round's legs told as a crew would: leave base, patrol these streets, stop
// here because, rest, come back.
import type { Leg, PlanRound } from '../api/types';
import { fill, t, tk } from '../i18n';
import { km, num, span } from '../i18n/format';
import type { LonLat } from '../map/geo';

export interface Entry {
  kind: 'base' | 'drive' | 'transfer' | 'stop' | 'break';
  start: number;
  end: number;
  title: string;
  detail: string;
  number: number; // of a stop; 0 otherwise
  at: LonLat | null;
  streets: { name: string; start: number; segment: string }[]; // segment: of a first visit; empty otherwise
  seq: number; // of a stop's or break's leg; 0 otherwise
}

function driving(legs: Leg[]): Entry {
  const metres = legs.reduce((m, l) => m + l.metres, 0);
  const service = legs.filter((l) => l.kind === 'service').reduce((m, l) => m + l.metres, 0);
  const streets: Entry['streets'] = [];
  for (const l of legs) {
    if (l.name && streets[streets.length - 1]?.name !== l.name)
      streets.push({
        name: l.name,
        start: l.start,
        segment: l.kind === 'service' ? (l.segments[0] ?? '') : '',
      });
  }
  const transfer = legs.every((l) => l.kind === 'deadhead');
  const fill = !transfer && service === 0;
  const names = [...new Set(streets.map((s) => s.name))];
  const title = transfer
    ? t('round.transfer', { km: km(metres) })
    : fill
      ? t('round.fill', { km: km(metres) })
      : t('round.cover', { km: km(metres) });
  const few = names.slice(0, 2).join(', ');
  return {
    kind: transfer ? 'transfer' : 'drive',
    start: legs[0].start,
    end: legs[legs.length - 1].end,
    title,
    detail: names.length > 2 ? t('round.andMore', { names: few, n: num(names.length - 2) }) : few,
    number: 0,
    at: null,
    streets,
    seq: 0,
  };
}

/** reasonWord says why a stop is made; the plan writes "hot:" and the cell, or "from:" and a unit. */
export function reasonWord(reason: string, signs: (unit: string) => string = (x) => x): string {
  const [kind, what = ''] = reason.split(':');
  return fill(tk('reason', kind || 'hot'), { unit: signs(what) });
}

/** timetable joins the driving between two stops into one entry; short transfers belong to it. */
export function timetable(r: PlanRound, signs: (unit: string) => string = (x) => x): Entry[] {
  const out: Entry[] = [];
  let run: Leg[] = [];
  let stops = 0;
  const flush = () => {
    if (run.length > 0) out.push(driving(run));
    run = [];
  };
  for (const l of r.legs) {
    if (l.kind !== 'stop' && l.kind !== 'break') {
      run.push(l);
      continue;
    }
    flush();
    const long = span((l.end - l.start) / 1000);
    const stop = l.kind === 'stop';
    if (stop) stops++;
    out.push({
      kind: stop ? 'stop' : 'break',
      start: l.start,
      end: l.end,
      title: stop ? l.name || t('round.stop') : t('round.break', { time: long }),
      detail: stop ? `${reasonWord(l.reason, signs)} · ${long}` : l.name,
      number: stop ? stops : 0,
      at: l.point,
      streets: [],
      seq: l.seq,
    });
  }
  flush();
  const first = r.legs[0];
  const last = r.legs[r.legs.length - 1];
  if (!first || !last) return out;
  const base = (start: number, title: string): Entry => ({
    kind: 'base',
    start,
    end: start,
    title,
    detail: '',
    number: 0,
    at: r.base,
    streets: [],
    seq: 0,
  });
  return [base(first.start, t('round.leave')), ...out, base(last.end, t('round.arrive'))];
}
