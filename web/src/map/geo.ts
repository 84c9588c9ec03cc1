// Geometry for drawing: Web Mercator with the world as the unit square, so
// that a zoom only multiplies. x grows east, y south.

export type LonLat = [number, number];
export type Bounds = [west: number, south: number, east: number, north: number];

/** Path is a line in world units, flat x,y pairs, with its bounding box. */
export interface Path {
  xy: Float64Array;
  minX: number;
  minY: number;
  maxX: number;
  maxY: number;
}

export const worldX = (lon: number): number => lon / 360 + 0.5;

export function worldY(lat: number): number {
  const s = Math.sin((Math.max(-85.05, Math.min(85.05, lat)) * Math.PI) / 180);
  return 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI);
}

export const lonOf = (x: number): number => (x - 0.5) * 360;
export const latOf = (y: number): number => (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;

/** path projects a line of [lon, lat] points. */
export function path(line: readonly (readonly number[])[]): Path {
  const xy = new Float64Array(line.length * 2);
  let minX = Infinity;
  let minY = Infinity;
  let maxX = -Infinity;
  let maxY = -Infinity;
  for (let i = 0; i < line.length; i++) {
    const x = worldX(line[i][0]);
    const y = worldY(line[i][1]);
    xy[2 * i] = x;
    xy[2 * i + 1] = y;
    if (x < minX) minX = x;
    if (x > maxX) maxX = x;
    if (y < minY) minY = y;
    if (y > maxY) maxY = y;
  }
  return { xy, minX, minY, maxX, maxY };
}

interface Geometry {
  type: string;
  coordinates?: unknown;
  geometries?: Geometry[];
}

/** pathsOf gives every ring or line of a GeoJSON geometry; points have none. */
export function pathsOf(g: Geometry | null | undefined): Path[] {
  if (!g) return [];
  const c = g.coordinates as never;
  switch (g.type) {
    case 'LineString':
      return [path(c)];
    case 'MultiLineString':
    case 'Polygon':
      return (c as number[][][]).map(path);
    case 'MultiPolygon':
      return (c as number[][][][]).flatMap((p) => p.map(path));
    case 'GeometryCollection':
      return (g.geometries ?? []).flatMap(pathsOf);
  }
  return [];
}

/** pointsOf gives the points of a Point or MultiPoint. */
export function pointsOf(g: Geometry | null | undefined): LonLat[] {
  if (g?.type === 'Point') return [g.coordinates as LonLat];
  if (g?.type === 'MultiPoint') return g.coordinates as LonLat[];
  return [];
}

/** boundsOf is the box of some paths in degrees; null if there are none. */
export function boundsOf(paths: readonly Path[]): Bounds | null {
  let minX = Infinity;
  let minY = Infinity;
  let maxX = -Infinity;
  let maxY = -Infinity;
  for (const p of paths) {
    minX = Math.min(minX, p.minX);
    minY = Math.min(minY, p.minY);
    maxX = Math.max(maxX, p.maxX);
    maxY = Math.max(maxY, p.maxY);
  }
  return minX <= maxX ? [lonOf(minX), latOf(maxY), lonOf(maxX), latOf(minY)] : null;
}

/** insideRing tells whether a world point is in a closed ring (even-odd). */
export function insideRing(p: Path, x: number, y: number): boolean {
  if (x < p.minX || x > p.maxX || y < p.minY || y > p.maxY) return false;
  const { xy } = p;
  let inside = false;
  for (let i = 0, j = xy.length - 2; i < xy.length; j = i, i += 2) {
    if (xy[i + 1] > y !== xy[j + 1] > y) {
      const cut = ((xy[j] - xy[i]) * (y - xy[i + 1])) / (xy[j + 1] - xy[i + 1]) + xy[i];
      if (x < cut) inside = !inside;
    }
  }
  return inside;
}

/** distance2 is the squared distance, in world units, of a point to a path. */
export function distance2(p: Path, x: number, y: number): number {
  const { xy } = p;
  let best = Infinity;
  for (let i = 0; i + 3 < xy.length; i += 2) {
    const dx = xy[i + 2] - xy[i];
    const dy = xy[i + 3] - xy[i + 1];
    const l2 = dx * dx + dy * dy;
    const u = l2 === 0 ? 0 : Math.max(0, Math.min(1, ((x - xy[i]) * dx + (y - xy[i + 1]) * dy) / l2));
    const ex = xy[i] + u * dx - x;
    const ey = xy[i + 1] + u * dy - y;
    best = Math.min(best, ex * ex + ey * ey);
  }
  return best;
}

/** nearest finds the path nearest to a world point within a limit; -1 if none. */
export function nearest(paths: readonly Path[], x: number, y: number, limit: number): number {
  let best = limit * limit;
  let hit = -1;
  for (let i = 0; i < paths.length; i++) {
    const p = paths[i];
    if (x < p.minX - limit || x > p.maxX + limit || y < p.minY - limit || y > p.maxY + limit) continue;
    const d = distance2(p, x, y);
    if (d < best) {
      best = d;
      hit = i;
    }
  }
  return hit;
}

/** middle is the point half way along a path, with the direction there. */
export function middle(p: Path): { x: number; y: number; angle: number } {
  const { xy } = p;
  let total = 0;
  for (let i = 0; i + 3 < xy.length; i += 2) total += Math.hypot(xy[i + 2] - xy[i], xy[i + 3] - xy[i + 1]);
  let left = total / 2;
  for (let i = 0; i + 3 < xy.length; i += 2) {
    const dx = xy[i + 2] - xy[i];
    const dy = xy[i + 3] - xy[i + 1];
    const l = Math.hypot(dx, dy);
    if (l >= left && l > 0) {
      return { x: xy[i] + (dx * left) / l, y: xy[i + 1] + (dy * left) / l, angle: Math.atan2(dy, dx) };
    }
    left -= l;
  }
  return { x: xy[0], y: xy[1], angle: 0 };
}
