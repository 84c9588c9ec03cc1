// The map of the page: one Leaflet map for all views, outside the component
// tree. Views put it into their place, set its scene and listen to it.
import './leaflet_global';
import * as L from 'leaflet';
import { streetLayer } from './basemap';
import { type Bounds, insideRing, type LonLat, nearest, worldX, worldY } from './geo';
import { grabbable } from './grab';
import { palette } from './palette';
import type { Scene, UnitMark } from './scene';
import { emptyScene } from './scene';
import { Stack } from './stack';

export interface MapHit {
  at: LonLat;
  unit: string | null;
  round: number | null;
  chip: number | null; // of the round whose number was hit
  cell: string | null;
  street: number; // index, -1 none
}

export interface Pads {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

type Listener = (hit: MapHit) => void;

export class MapView {
  readonly root: HTMLDivElement;
  private readonly map: L.Map;
  private readonly stack: Stack;
  private streets: L.Layer | null = null;
  private raster: L.TileLayer | null = null;
  private land: L.Polygon | null = null;
  private tiles = '';
  private dark = false;
  private bounds: Bounds | null = null;
  private pads: Pads = { left: 0, right: 0, top: 0, bottom: 0 };
  private clicked: Listener | null = null;
  private followed = '';
  private home = false; // the map shows its home box, and nobody has moved it since
  private fitting = false;

  constructor() {
    this.root = document.createElement('div');
    this.root.className = 'map';
    const reduced = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.map = new L.Map(this.root, {
      zoomControl: false,
      attributionControl: false,
      zoomSnap: 0.5,
      zoomDelta: 1,
      wheelPxPerZoomLevel: 120,
      minZoom: 10,
      maxZoom: 19,
      center: [-8.08, -79],
      zoom: 13,
      keyboard: false,
      fadeAnimation: false,
      zoomAnimation: !reduced,
      inertia: !reduced,
      markerZoomAnimation: false,
    });
    this.map.createPane('land').style.zIndex = '150';
    this.map.createPane('raster').style.zIndex = '160';
    this.stack = new Stack(this.map);
    this.stack.fleet.still = reduced;
    this.map.on('click', (e) => this.onClick(e));
    this.map.on('dragstart', () => {
      this.followed = '';
    });
    this.map.on('dragstart zoomstart', () => {
      if (!this.fitting) this.home = false;
    });
    new ResizeObserver(() => {
      this.map.invalidateSize({ animate: false, pan: false });
      this.settle();
    }).observe(this.root);
    this.setDark(false);
  }

  /** attach puts the map into a place of the page and gives back what takes it out. */
  attach(host: HTMLElement): () => void {
    host.append(this.root);
    this.map.invalidateSize({ animate: false, pan: false });
    this.settle();
    return () => {
      if (this.root.parentElement === host) this.root.remove();
    };
  }

  setDark(dark: boolean): void {
    if (this.dark === dark && this.root.style.background) return;
    this.dark = dark;
    this.root.style.background = palette(dark).outside;
    this.stack.setDark(dark);
    this.land?.setStyle({ fillColor: palette(dark).inside });
    const url = this.tiles;
    this.tiles = '';
    if (url) this.setTiles(url);
  }

  /** setDistrict shows the land and the streets of a district. */
  setDistrict(tiles: string, boundary: unknown, bounds: Bounds): void {
    this.bounds = bounds;
    this.land?.remove();
    this.land = null;
    const rings = ringsOf(boundary);
    if (rings.length > 0) {
      this.land = new L.Polygon(rings, {
        pane: 'land',
        renderer: new L.SVG({ pane: 'land', padding: 1 }),
        stroke: false,
        fill: true,
        fillColor: palette(this.dark).inside,
        fillOpacity: 1,
        interactive: false,
      }).addTo(this.map);
    }
    this.setTiles(tiles);
  }

  private setTiles(url: string): void {
    if (url === this.tiles) return;
    this.tiles = url;
    this.streets?.remove();
    this.streets = streetLayer(url, this.dark).addTo(this.map);
  }

  /** setRaster lays a raster map under the streets; empty takes it away. */
  setRaster(url: string): void {
    this.raster?.remove();
    this.raster = null;
    if (/^https:\/\/.*\{z\}/.test(url)) {
      this.raster = new L.TileLayer(url, { pane: 'raster', maxZoom: 19, opacity: 0.7 }).addTo(this.map);
    }
  }

  /** setScene replaces what is shown; what is not named goes back to nothing. */
  setScene(scene: Partial<Scene>): void {
    const { tracks, trackMarks } = this.stack.scene; // set on their own
    this.stack.setScene({ ...emptyScene, tracks, trackMarks, ...scene });
  }

  setUnits(marks: readonly UnitMark[]): void {
    this.stack.fleet.update(marks, performance.now());
    if (this.followed) this.centreOn(this.followed);
    this.stack.wake();
  }

  /** putUnits shows units where they were, without moving them there. */
  putUnits(marks: readonly UnitMark[]): void {
    this.stack.fleet.put(marks, performance.now());
    if (this.followed) this.centreOn(this.followed);
    this.stack.wake();
  }

  /** setTracks shows where units were in a period. */
  setTracks(tracks: Scene['tracks'], marks: Scene['trackMarks'] = []): void {
    this.stack.setTracks(tracks, marks);
  }

  setTrail(unit: string, line: readonly (readonly number[])[]): void {
    this.stack.fleet.setTrail(unit, line);
    this.stack.redraw();
  }

  setChosen(unit: string): void {
    this.stack.chosen = unit;
    this.stack.redraw();
  }

  /** follow keeps a unit in the middle until the map is dragged. */
  follow(unit: string): void {
    this.followed = unit;
    if (unit) this.centreOn(unit, true);
  }

  private centreOn(unit: string, near = false): void {
    const d = this.stack.fleet.units.get(unit);
    if (!d) return;
    this.home = false;
    const at = new L.LatLng(d.mark.lat, d.mark.lon);
    if (near && this.map.getZoom() < 15) this.map.setView(this.offset(at, 15), 15);
    else this.map.panTo(this.offset(at, this.map.getZoom()), { animate: true, duration: 0.6 });
  }

  /** setPads tells how much of the map is covered by panels. */
  setPads(pads: Partial<Pads>): void {
    const next = { left: 0, right: 0, top: 0, bottom: 0, ...pads };
    const same = (Object.keys(next) as (keyof Pads)[]).every((k) => next[k] === this.pads[k]);
    this.pads = next;
    if (!same) this.settle();
  }

  private offset(at: L.LatLng, zoom: number): L.LatLng {
    const shift = new L.Point((this.pads.right - this.pads.left) / 2, (this.pads.bottom - this.pads.top) / 2);
    return this.map.unproject(this.map.project(at, zoom).add(shift), zoom);
  }

  /** setHome is what fit shows by default. */
  setHome(box: Bounds): void {
    this.bounds = box;
    this.settle();
  }

  /** settle fits the home box anew into what is free of the map, unless somebody has moved it. */
  private settle(): void {
    if (this.home) this.fit();
  }

  /** fit shows a box whole; without one, the district's streets. */
  fit(box: Bounds | null = this.bounds, maxZoom = 17): void {
    const { x, y } = this.map.getSize();
    this.home = box === this.bounds;
    if (!box || x === 0 || y === 0) return; // out of the page: fitted when it is put in
    this.fitting = true;
    this.map.fitBounds(
      [
        [box[1], box[0]],
        [box[3], box[2]],
      ],
      {
        paddingTopLeft: [this.pads.left + 16, this.pads.top + 16],
        paddingBottomRight: [this.pads.right + 16, this.pads.bottom + 16],
        maxZoom,
        animate: false,
      },
    );
    this.fitting = false;
  }

  /** show brings a point into sight without changing the zoom more than needed. */
  show(at: LonLat, zoom = 15): void {
    this.home = false;
    const where = new L.LatLng(at[1], at[0]);
    const z = Math.max(this.map.getZoom(), zoom);
    this.map.setView(this.offset(where, z), z);
  }

  zoom(by: number): void {
    this.map.setZoom(this.map.getZoom() + by);
  }

  get zoomLevel(): number {
    return this.map.getZoom();
  }

  onHit(listener: Listener | null): void {
    this.clicked = listener;
  }

  setCursor(cursor: '' | 'crosshair' | 'pointer'): void {
    this.root.style.cursor = cursor;
  }

  private onClick(e: L.LeafletMouseEvent): void {
    this.clicked?.(this.hit(e.latlng));
  }

  /** hitAt tells what is drawn at a place of the window. */
  hitAt(clientX: number, clientY: number): MapHit {
    return this.hit(this.map.mouseEventToLatLng({ clientX, clientY } as MouseEvent));
  }

  /** grab lets the streets that are picked be dragged off the map; it gives back what ends that. */
  grab(start: (e: DragEvent) => void, end: () => void): () => void {
    const near = (clientX: number, clientY: number) => {
      const h = this.stack.scene.highlight;
      if (h?.tone !== 'select') return false;
      const { lng, lat } = this.map.mouseEventToLatLng({ clientX, clientY } as MouseEvent);
      return nearest(h.paths, worldX(lng), worldY(lat), 10 / (256 * 2 ** this.map.getZoom())) >= 0;
    };
    return grabbable(this.root, this.map.dragging, near, start, end);
  }

  private hit(latlng: L.LatLng): MapHit {
    const x = worldX(latlng.lng);
    const y = worldY(latlng.lat);
    const px = 1 / (256 * 2 ** this.map.getZoom());
    const s = this.stack.scene;
    let unit: string | null = null;
    let best = 20 * px;
    if (s.units) {
      for (const d of this.stack.fleet.units.values()) {
        const away = Math.hypot(d.x - x, d.y - y);
        if (away < best) {
          best = away;
          unit = d.mark.id;
        }
      }
    }
    const chip = s.rounds.find((r) => Math.hypot(r.centre.x - x, r.centre.y - y) < 14 * px);
    const round = chip ?? s.rounds.find((r) => nearest(r.work, x, y, 8 * px) >= 0);
    return {
      at: [latlng.lng, latlng.lat],
      unit,
      round: round?.number ?? null,
      chip: chip?.number ?? null,
      cell: s.cells.find((c) => insideRing(c.ring, x, y))?.id ?? null,
      street: s.streets ? nearest(s.streets.paths, x, y, 12 * px) : -1,
    };
  }
}

interface GeoJSON {
  type: string;
  coordinates?: unknown;
  geometry?: GeoJSON;
}

/** ringsOf turns a boundary into Leaflet's latitudes and longitudes. */
function ringsOf(boundary: unknown): L.LatLngTuple[][][] {
  const g = boundary as GeoJSON | null;
  if (!g) return [];
  if (g.geometry) return ringsOf(g.geometry);
  const polygon = (p: number[][][]) => p.map((r) => r.map(([lon, lat]) => [lat, lon] as L.LatLngTuple));
  if (g.type === 'Polygon') return [polygon(g.coordinates as number[][][])];
  if (g.type === 'MultiPolygon') return (g.coordinates as number[][][][]).map(polygon);
  return [];
}

let shared: MapView | null = null;

/** mapView is the one map of the page. */
export function mapView(): MapView {
  shared ??= new MapView();
  return shared;
}
