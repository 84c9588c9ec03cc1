// Three canvases above the tiles: static, trails, units. The first two reach
// a quarter beyond the window, so that a short pan moves them without drawing.
import * as L from 'leaflet';
import { Fleet } from './fleet';
import type { Frame } from './frame';
import { type Name, placeNames } from './names';
import { paintStatic } from './paint';
import { paintMarks, paintTracks } from './paint_tracks';
import { Labels, paintTrails, paintUnits } from './paint_units';
import { type Palette, palette } from './palette';
import { boxesOf, changedStreets } from './patch';
import { emptyScene, type Scene } from './scene';

const beyond = 0.25;
const trailEvery = 500; // ms
const looksEvery = 500; // ms, between paintings for a unit's look alone
const pixelStep = 1.5; // CSS pixels a unit goes before it is painted anew

interface Sheet {
  canvas: HTMLCanvasElement;
  ctx: CanvasRenderingContext2D;
}

export class Stack {
  readonly fleet = new Fleet();
  scene: Scene = { ...emptyScene };
  chosen = '';
  private colours: Palette = palette(false);
  private readonly sheets: [Sheet, Sheet, Sheet];
  private readonly labels = new Labels();
  private origin = new L.Point(0, 0); // world pixels of the padded canvases' corner
  private drawnZoom = 0;
  private dirty = true;
  private readonly stale = new Set<number>(); // streets whose presence is drawn as it was
  private names: Name[] = [];
  private trailed = true; // something may be on the canvas of the trails
  private zooming = false;
  private lastTrails = 0;
  private lastUnits = 0;
  private forced = true;
  private frame = 0;

  constructor(private readonly map: L.Map) {
    const pane = map.createPane('serenazgo');
    pane.style.zIndex = '450';
    pane.style.pointerEvents = 'none';
    this.sheets = [sheet(pane), sheet(pane), sheet(pane)];
    map.on('moveend zoomend resize viewreset', () => {
      this.zooming = false;
      this.redraw();
    });
    map.on('move', () => this.moved());
    map.on('zoomanim', (e) => this.zoomTo(e as L.ZoomAnimEvent));
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.wake();
    });
  }

  setDark(dark: boolean): void {
    this.colours = palette(dark);
    this.redraw();
  }

  /** setTracks replaces the tracks alone: nothing else is drawn again. */
  setTracks(tracks: Scene['tracks'], marks: Scene['trackMarks']): void {
    if (tracks !== this.scene.tracks && tracks.length !== this.scene.tracks.length) this.lastTrails = 0;
    this.scene.tracks = tracks;
    this.scene.trackMarks = marks;
    if (tracks.length === 0) this.redraw();
    this.forced = true;
    this.wake();
  }

  setScene(change: Partial<Scene>): void {
    const before = this.scene;
    this.scene = { ...before, ...change };
    const streets = changedStreets(before, this.scene);
    if (!streets) {
      this.redraw();
      return;
    }
    for (const i of streets) this.stale.add(i);
    this.wake();
  }

  /** redraw marks the static canvas for the next frame. */
  redraw(): void {
    this.dirty = true;
    this.forced = true;
    this.lastTrails = 0;
    this.wake();
  }

  /** wake starts the loop; it stops by itself when nothing moves or the tab is hidden. */
  wake(): void {
    if (this.frame || document.hidden) return;
    this.frame = requestAnimationFrame((now) => this.tick(now));
  }

  private tick(now: number): void {
    this.frame = 0;
    const size = this.map.getSize();
    if (size.x === 0 || size.y === 0 || this.zooming) return;
    if (this.dirty) this.paintPadded(size);
    const moving = this.scene.units && this.fleet.step(now);
    if (this.due(moving, now)) {
      this.mend(size);
      if (now - this.lastTrails > trailEvery) this.paintTrailSheet(size, now);
      this.paintUnitSheet(size, now);
    }
    if (moving || this.waiting()) this.wake();
  }

  /** waiting tells whether something is to be drawn that need not be drawn at once. */
  private waiting(): boolean {
    return this.stale.size > 0 || (this.scene.units && this.fleet.changed);
  }

  /**
   * due says whether to draw: to draw and lay over the map what has not moved by
   * a pixel costs as much as what has, and all of it is laid over at once.
   */
  private due(moving: boolean, now: number): boolean {
    if (this.forced) return true;
    const drift = this.scene.units ? this.fleet.drift() * 256 * 2 ** this.map.getZoom() : 0;
    if (drift >= pixelStep || (!moving && drift > 0)) return true;
    return this.waiting() && now - this.lastUnits >= looksEvery;
  }

  private paintPadded(size: L.Point): void {
    this.dirty = false;
    this.drawnZoom = this.map.getZoom();
    const pad = size.multiplyBy(beyond).round();
    const corner = this.map.containerPointToLayerPoint([0, 0]).subtract(pad);
    this.origin = this.map.getPixelOrigin().add(corner);
    const full = this.padded(size);
    for (const s of this.sheets.slice(0, 2)) {
      fit(s.canvas, full);
      L.DomUtil.setTransform(s.canvas, corner, 1);
    }
    const f = this.frameOf(this.sheets[0], full, this.origin);
    wipe(f);
    this.names = this.scene.streets ? placeNames(f, this.scene.streets) : [];
    this.stale.clear();
    paintStatic(f, this.scene, this.names, this.colours);
    this.lastTrails = 0;
  }

  /** mend draws the static canvas again where the presence of streets has changed. */
  private mend(size: L.Point): void {
    const paths = this.scene.streets?.paths;
    if (this.stale.size === 0 || !paths) return;
    const whole = this.frameOf(this.sheets[0], this.padded(size), this.origin);
    const changed = [...this.stale].filter((i) => i < paths.length).map((i) => paths[i]);
    this.stale.clear();
    const boxes = boxesOf(whole, changed, ratio());
    if (!boxes) {
      this.paintPadded(size);
      return;
    }
    const { ctx } = whole;
    for (const part of boxes) {
      const f = { ...whole, part };
      ctx.save();
      ctx.beginPath();
      ctx.rect(part.x0, part.y0, part.x1 - part.x0, part.y1 - part.y0);
      ctx.clip();
      wipe(f);
      paintStatic(f, this.scene, this.names, this.colours);
      ctx.restore();
    }
  }

  /** padded is the size of the canvases that reach beyond the window. */
  private padded(size: L.Point): L.Point {
    return size.add(size.multiplyBy(beyond).round().multiplyBy(2));
  }

  private paintTrailSheet(size: L.Point, now: number): void {
    this.lastTrails = now;
    const { tracks, trackMarks } = this.scene;
    const trails = this.scene.trails && this.scene.units;
    const some = trails || tracks.length > 0 || trackMarks.length > 0;
    if (!some && !this.trailed) return;
    this.trailed = some;
    this.sheets[1].canvas.style.display = some ? '' : 'none'; // an empty one is laid over the map like any other
    const f = this.frameOf(this.sheets[1], this.padded(size), this.origin);
    wipe(f);
    if (trails) paintTrails(f, this.fleet, this.colours, this.chosen);
    paintTracks(f, tracks, this.colours);
    paintMarks(f, trackMarks, this.colours);
  }

  private paintUnitSheet(size: L.Point, now: number): void {
    this.lastUnits = now;
    this.forced = false;
    const corner = this.map.containerPointToLayerPoint([0, 0]);
    fit(this.sheets[2].canvas, size);
    L.DomUtil.setTransform(this.sheets[2].canvas, corner, 1);
    const f = this.frameOf(this.sheets[2], size, this.map.getPixelOrigin().add(corner));
    wipe(f);
    if (!this.scene.units) return;
    const shown = this.labels.decide(f, this.fleet, this.chosen, now);
    paintUnits(f, this.fleet, shown, this.colours, this.chosen, ratio());
    this.fleet.painted();
  }

  /** frameOf gives a sheet the coordinates of its corner. */
  private frameOf(s: Sheet, size: L.Point, origin: L.Point): Frame {
    const r = ratio();
    s.ctx.setTransform(r, 0, 0, r, 0, 0);
    const zoom = this.map.getZoom();
    return {
      ctx: s.ctx,
      scale: 256 * 2 ** zoom,
      ox: origin.x,
      oy: origin.y,
      width: size.x,
      height: size.y,
      zoom,
      part: { x0: 0, y0: 0, x1: size.x, y1: size.y },
    };
  }

  /** moved redraws once the pan has gone farther than the canvases reach. */
  private moved(): void {
    if (this.zooming) return;
    const size = this.map.getSize();
    const now = this.map.getPixelOrigin().add(this.map.containerPointToLayerPoint([0, 0]));
    const off = now.subtract(this.origin).subtract(size.multiplyBy(beyond));
    if (Math.abs(off.x) > size.x * beyond || Math.abs(off.y) > size.y * beyond) this.dirty = true;
    this.forced = true;
    this.wake();
  }

  /** zoomTo scales the pictures with the tiles during a zoom's animation. */
  private zoomTo(e: L.ZoomAnimEvent): void {
    this.zooming = true;
    const scale = this.map.getZoomScale(e.zoom, this.drawnZoom);
    const centre = this.map.project(e.center, e.zoom).subtract(this.map.getSize().divideBy(2));
    for (const s of this.sheets.slice(0, 2)) {
      const at = this.origin.multiplyBy(scale).subtract(centre);
      L.DomUtil.setTransform(s.canvas, at, scale);
    }
    fit(this.sheets[2].canvas, new L.Point(0, 0));
  }
}

/** wipe empties the frame's part. */
function wipe({ ctx, part }: Frame): void {
  ctx.clearRect(part.x0, part.y0, part.x1 - part.x0, part.y1 - part.y0);
}

function sheet(pane: HTMLElement): Sheet {
  const canvas = L.DomUtil.create('canvas', 'leaflet-zoom-animated', pane) as HTMLCanvasElement;
  canvas.setAttribute('aria-hidden', 'true');
  const ctx = canvas.getContext('2d');
  if (!ctx) throw new Error('this browser cannot draw on a canvas');
  return { canvas, ctx };
}

function ratio(): number {
  return Math.min(2, Math.max(1, devicePixelRatio));
}

function fit(canvas: HTMLCanvasElement, size: L.Point): void {
  const w = Math.round(size.x * ratio());
  const h = Math.round(size.y * ratio());
  if (canvas.width === w && canvas.height === h) return;
  canvas.width = w;
  canvas.height = h;
  canvas.style.width = `${size.x}px`;
  canvas.style.height = `${size.y}px`;
}
