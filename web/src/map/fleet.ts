// Where units are drawn. A new fix does not make its unit jump: the unit moves
// in a straight line from where it is drawn to the new place, in about the time
// between its fixes, and never beyond its last fix.
import { worldX, worldY } from './geo';
import type { UnitMark, UnitState } from './scene';

const jump = 4e-5; // world units, about 1.5 km: farther than that is not driven, it is placed
const trailPoints = 256;

export interface Drawn {
  mark: UnitMark;
  x: number;
  y: number;
  paintedX: number;
  paintedY: number;
  fromX: number;
  fromY: number;
  toX: number;
  toY: number;
  start: number; // ms, of the move
  length: number; // ms
  gap: number; // ms between fixes, smoothed
  seen: number;
  trail: Float64Array; // ring of x,y
  trailStart: number;
  trailSize: number;
}

export class Fleet {
  readonly units = new Map<string, Drawn>();
  /** still is set where people asked for less motion. */
  still = false;
  /** changed tells that a unit came, went or looks otherwise than when it was painted. */
  changed = false;

  /** update takes the newest marks; units no longer named disappear. */
  update(marks: readonly UnitMark[], now: number): void {
    const named = new Set<string>();
    for (const m of marks) {
      named.add(m.id);
      this.place(m, now);
    }
    this.forget(named);
  }

  /** put sets every unit where its mark says, at once and without adding to its trail. */
  put(marks: readonly UnitMark[], now: number): void {
    const named = new Set<string>();
    for (const m of marks) {
      named.add(m.id);
      const d = this.units.get(m.id);
      if (!d) {
        this.place(m, now);
        continue;
      }
      this.remark(d, m);
      d.x = d.fromX = d.toX = worldX(m.lon);
      d.y = d.fromY = d.toY = worldY(m.lat);
      d.length = 0;
      d.trailSize = 0;
    }
    this.forget(named);
  }

  private forget(named: Set<string>): void {
    for (const id of this.units.keys()) {
      if (named.has(id)) continue;
      this.units.delete(id);
      this.changed = true;
    }
  }

  private remark(d: Drawn, m: UnitMark): void {
    const { state, heading, label } = d.mark;
    if (state !== m.state || heading !== m.heading || label !== m.label) this.changed = true;
    d.mark = m;
  }

  private place(m: UnitMark, now: number): void {
    const x = worldX(m.lon);
    const y = worldY(m.lat);
    const old = this.units.get(m.id);
    if (!old) {
      const d: Drawn = {
        mark: m,
        x,
        y,
        paintedX: Number.NaN,
        paintedY: Number.NaN,
        fromX: x,
        fromY: y,
        toX: x,
        toY: y,
        start: now,
        length: 0,
        gap: 1000,
        seen: now,
        trail: new Float64Array(trailPoints * 2),
        trailStart: 0,
        trailSize: 0,
      };
      push(d, x, y);
      this.units.set(m.id, d);
      this.changed = true;
      return;
    }
    const moved = old.toX !== x || old.toY !== y;
    this.remark(old, m);
    if (!moved) return;
    const gap = Math.min(6000, Math.max(120, now - old.seen));
    old.gap = 0.6 * old.gap + 0.4 * gap;
    old.seen = now;
    this.advance(old, now);
    if (this.still || Math.hypot(x - old.x, y - old.y) > jump) {
      old.x = x;
      old.y = y;
      old.length = 0;
    } else {
      old.length = old.gap * 1.1;
    }
    old.fromX = old.x;
    old.fromY = old.y;
    old.toX = x;
    old.toY = y;
    old.start = now;
    push(old, x, y);
  }

  /** step moves every unit to its place at now; true while any is moving. */
  step(now: number): boolean {
    let moving = false;
    for (const d of this.units.values()) if (this.advance(d, now)) moving = true;
    return moving;
  }

  /** painted remembers that every unit stands on the canvas as it is now. */
  painted(): void {
    this.changed = false;
    for (const d of this.units.values()) {
      d.paintedX = d.x;
      d.paintedY = d.y;
    }
  }

  /** drift is how far the farthest unit has gone since it was painted, in world units. */
  drift(): number {
    let far = 0;
    for (const d of this.units.values()) {
      const by = Math.max(Math.abs(d.x - d.paintedX), Math.abs(d.y - d.paintedY));
      if (by > far) far = by;
    }
    return far;
  }

  private advance(d: Drawn, now: number): boolean {
    const u = d.length <= 0 ? 1 : Math.min(1, (now - d.start) / d.length);
    d.x = d.fromX + (d.toX - d.fromX) * u;
    d.y = d.fromY + (d.toY - d.fromY) * u;
    return u < 1;
  }

  /** setTrail gives a unit the path it drove before the page was opened, oldest first. */
  setTrail(id: string, line: readonly (readonly number[])[]): void {
    const d = this.units.get(id);
    if (!d) return;
    d.trailStart = 0;
    d.trailSize = 0;
    for (const [lon, lat] of line.slice(-trailPoints + 1)) push(d, worldX(lon), worldY(lat));
    push(d, d.toX, d.toY);
  }
}

function push(d: Drawn, x: number, y: number): void {
  const at = (d.trailStart + d.trailSize) % trailPoints;
  d.trail[2 * at] = x;
  d.trail[2 * at + 1] = y;
  if (d.trailSize < trailPoints) d.trailSize++;
  else d.trailStart = (d.trailStart + 1) % trailPoints;
}

/** trailAt gives the i-th oldest point of a trail. */
export function trailAt(d: Drawn, i: number): [number, number] {
  const at = (d.trailStart + i) % trailPoints;
  return [d.trail[2 * at], d.trail[2 * at + 1]];
}

const priority: Record<UnitState, number> = {
  alert: 0,
  silent: 2,
  stopped: 3,
  planned_stop: 4,
  transit: 5,
  patrol: 5,
  offline: 6,
};

/** byPriority orders units for labels: alert, selected, silent, stopped, the rest. */
export function byPriority(a: UnitMark, b: UnitMark, chosen: string): number {
  const pa = a.id === chosen ? 1 : priority[a.state];
  const pb = b.id === chosen ? 1 : priority[b.state];
  return pa - pb || (a.id < b.id ? -1 : 1);
}
