// What a map shows. A view describes its scene; the canvases draw it.
import type { LonLat, Path } from './geo';
import type { Shown, TrackMark } from './paint_tracks';

export interface Cell {
  id: string;
  ring: Path;
  level: number; // 0..4, class of expected events
  rank: number;
}

export interface Police {
  kind: 'round' | 'sector' | 'post';
  name: string;
  trust: number; // 0..1
  paths: Path[];
  at: { x: number; y: number } | null; // of a post
}

export interface RoundStop {
  x: number;
  y: number;
  label: string;
}

export interface Round {
  number: number;
  hue: number;
  work: Path[]; // streets that this round visits first
  again: Path[]; // repeats and the rest of the shift
  transfer: Path[];
  stops: RoundStop[];
  centre: { x: number; y: number };
}

/** Presence of a street, as the server's codes. */
export const presence = { none: 0, municipal: 1, police: 2, both: 3, unknown: 4, outside: 5 } as const;

export interface Streets {
  ids: string[];
  names: string[]; // as mapped; empty for a street without a name
  labels: string[]; // what to call it in a sentence, never empty
  classes: string[];
  metres: number[];
  belongs: boolean[];
  paths: Path[];
}

export interface Pin {
  at: LonLat;
  kind: 'incident' | 'draft' | 'base' | 'correction';
  label?: string;
  strong?: boolean;
}

export interface Highlight {
  paths: Path[];
  tone: 'select' | 'warn';
}

export interface Scene {
  boundary: Path[];
  cells: Cell[];
  cellStyle: 'fill' | 'outline';
  selectedCell: string;
  police: Police[];
  rounds: Round[];
  selectedRound: number; // 0: none
  roundStyle: 'colour' | 'neutral';
  streets: Streets | null;
  states: Uint8Array | null; // presence of each street; null: not shown
  trails: boolean;
  tracks: Shown[]; // of a period, above the trails
  trackMarks: TrackMark[];
  units: boolean;
  pins: Pin[];
  highlight: Highlight | null;
  draft: LonLat[]; // line being drawn
}

export const emptyScene: Scene = {
  boundary: [],
  cells: [],
  cellStyle: 'fill',
  selectedCell: '',
  police: [],
  rounds: [],
  selectedRound: 0,
  roundStyle: 'colour',
  streets: null,
  states: null,
  trails: false,
  tracks: [],
  trackMarks: [],
  units: false,
  pins: [],
  highlight: null,
  draft: [],
};

export type UnitState = 'patrol' | 'stopped' | 'planned_stop' | 'transit' | 'silent' | 'offline' | 'alert';

export interface UnitMark {
  id: string;
  label: string;
  lon: number;
  lat: number;
  heading: number | null; // degrees from north
  state: UnitState;
  at: number; // ms, of the fix
}
