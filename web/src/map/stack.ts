// Three canvases above the tiles: static, trails, units. The first two reach
// a quarter beyond the window, so that a short pan moves them without drawing.
import * as L from 'leaflet';
import { Fleet } from './fleet';
import type { Frame } from './frame';
import { paintStatic } from './paint';
import { paintMarks, paintTracks } from './paint_tracks';
import { Labels, paintTrails, paintUnits } from './paint_units';
import { type Palette, palette } from './palette';
import { emptyScene, type Scene } from './scene';

const beyond = 0.25;
const trailEvery = 500; // ms

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
  private zooming = false;
  private lastTrails = 0;
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
    this.wake();
  }

  setScene(change: Partial<Scene>): void {
    this.scene = { ...this.scene, ...change };
    this.redraw();
  }

  /** redraw marks the static canvas for the next frame. */
  redraw(): void {
    this.dirty = true;
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
    const lines = this.scene.units || this.scene.tracks.length > 0;
    if (lines && now - this.lastTrails > trailEvery) this.paintTrailSheet(size, now);
    this.paintUnitSheet(size, now);
    if (moving) this.wake();
  }

  private paintPadded(size: L.Point): void {
    this.dirty = false;
    this.drawnZoom = this.map.getZoom();
    const pad = size.multiplyBy(beyond).round();
    const corner = this.map.containerPointToLayerPoint([0, 0]).subtract(pad);
    this.origin = this.map.getPixelOrigin().add(corner);
    const full = size.add(pad.multiplyBy(2));
    for (const s of this.sheets.slice(0, 2)) {
      fit(s.canvas, full);
      L.DomUtil.setTransform(s.canvas, corner, 1);
    }
    const f = this.frameOf(this.sheets[0], full, this.origin);
    paintStatic(f, this.scene, this.colours);
    this.lastTrails = 0;
    if (!this.scene.units) this.frameOf(this.sheets[1], full, this.origin);
  }

  private paintTrailSheet(size: L.Point, now: number): void {
    this.lastTrails = now;
    const full = size.add(size.multiplyBy(beyond).round().multiplyBy(2));
    const f = this.frameOf(this.sheets[1], full, this.origin);
    if (this.scene.trails) paintTrails(f, this.fleet, this.colours, this.chosen);
    paintTracks(f, this.scene.tracks, this.colours);
    paintMarks(f, this.scene.trackMarks, this.colours);
  }

  private paintUnitSheet(size: L.Point, now: number): void {
    const corner = this.map.containerPointToLayerPoint([0, 0]);
    fit(this.sheets[2].canvas, size);
    L.DomUtil.setTransform(this.sheets[2].canvas, corner, 1);
    const f = this.frameOf(this.sheets[2], size, this.map.getPixelOrigin().add(corner));
    if (!this.scene.units) return;
    const shown = this.labels.decide(f, this.fleet, this.chosen, now);
    paintUnits(f, this.fleet, shown, this.colours, this.chosen, ratio());
  }

  /** frameOf clears a sheet and gives it the coordinates of its corner. */
  private frameOf(s: Sheet, size: L.Point, origin: L.Point): Frame {
    const r = ratio();
    s.ctx.setTransform(r, 0, 0, r, 0, 0);
    s.ctx.clearRect(0, 0, size.x, size.y);
    const zoom = this.map.getZoom();
    return {
      ctx: s.ctx,
      scale: 256 * 2 ** zoom,
      ox: origin.x,
      oy: origin.y,
      width: size.x,
      height: size.y,
      zoom,
    };
  }

  /** moved redraws once the pan has gone farther than the canvases reach. */
  private moved(): void {
    if (this.zooming) return;
    const size = this.map.getSize();
    const now = this.map.getPixelOrigin().add(this.map.containerPointToLayerPoint([0, 0]));
    const off = now.subtract(this.origin).subtract(size.multiplyBy(beyond));
    if (Math.abs(off.x) > size.x * beyond || Math.abs(off.y) > size.y * beyond) this.dirty = true;
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
