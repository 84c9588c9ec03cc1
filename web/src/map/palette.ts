// Colours of everything drawn on a map. They repeat the tokens of the style
// sheet because a canvas cannot read them cheaply.

export interface Palette {
  outside: string;
  inside: string;
  farm: string;
  street: [residential: string, tertiary: string, secondary: string];
  casing: [residential: string, tertiary: string, secondary: string];
  label: string;
  halo: string;
  boundary: string;
  heat: [string, string, string, string, string];
  heatEdge: string;
  acc: string;
  pol: string;
  both: string;
  unc: string;
  unknown: string;
  accTint: string;
  polTint: string;
  bothTint: string;
  text: string;
  plate: string;
  stopped: string;
  transit: string;
  silent: string;
  off: string;
  alert: string;
  onGlyph: string;
  casingLine: string;
  rounds: string[];
  onRound: string;
}

const light: Palette = {
  outside: '#E4E8EB',
  inside: '#F5F5F1',
  farm: '#E9EDDA',
  street: ['#FFFFFF', '#FFFFFF', '#FFFFFF'],
  casing: ['#D5DADF', '#C2C9D0', '#B4BDC5'],
  label: '#4A5663',
  halo: '#FFFFFF',
  boundary: '#4F5B68',
  heat: ['#FFF0CF', '#FBD083', '#EE9F3A', '#C8641A', '#86340B'],
  heatEdge: '#FFFFFF',
  acc: '#0A6E55',
  pol: '#2456C7',
  both: '#7436C8',
  unc: '#A84E0B',
  unknown: '#7B8896',
  accTint: '#8CCDBA',
  polTint: '#DCE6FB',
  bothTint: '#D9C3F7',
  text: '#131A22',
  plate: 'rgb(255 255 255 / 88%)',
  stopped: '#8A5600',
  transit: '#11698A',
  silent: '#5C6875',
  off: '#5C6875',
  alert: '#BE1E2D',
  onGlyph: '#FFFFFF',
  casingLine: '#FFFFFF',
  rounds: [
    '#0A6E55',
    '#C2410C',
    '#6D28D9',
    '#0369A1',
    '#8A6100',
    '#C8105C',
    '#4D7C0F',
    '#1E2A9E',
    '#7F1D2D',
    '#007C8A',
    '#6B4226',
    '#4F6BD8',
    '#B12BC4',
    '#277E38',
    '#4A5A6A',
    '#111827',
  ],
  onRound: '#FFFFFF',
};

const night: Palette = {
  outside: '#0C1117',
  inside: '#111820',
  farm: '#131D1B',
  street: ['#2A3541', '#3B4A5A', '#4A5B6E'],
  casing: ['#111820', '#111820', '#111820'],
  label: '#93A2B2',
  halo: '#0F151C',
  boundary: '#7A8CA0',
  heat: ['#2B2419', '#4A371B', '#7A5320', '#B57A23', '#F2B544'],
  heatEdge: '#F2B544',
  acc: '#3CCBA6',
  pol: '#83ACFF',
  both: '#C6A3FF',
  unc: '#F0A868',
  unknown: '#6E7F91',
  accTint: '#1F5A4B',
  polTint: '#16243F',
  bothTint: '#271E3D',
  text: '#E8EDF2',
  plate: 'rgb(17 23 30 / 88%)',
  stopped: '#F2BE5C',
  transit: '#7FD4EC',
  silent: '#AAB6C3',
  off: '#8A98A7',
  alert: '#C9303A',
  onGlyph: '#05231B',
  casingLine: '#0A0E13',
  rounds: [
    '#3CCBA6',
    '#FF8A4C',
    '#AE7DF9',
    '#4FB8F0',
    '#E8C53A',
    '#FF5C9E',
    '#A6D05A',
    '#8C9BFF',
    '#C98A8A',
    '#6FE3E1',
    '#D6A27C',
    '#B9C8FF',
    '#EE86F2',
    '#6BD879',
    '#9FB0C2',
    '#FFFFFF',
  ],
  onRound: '#0A0E13',
};

export function palette(dark: boolean): Palette {
  return dark ? night : light;
}

/** roundColour is the hue of a round: 1..16, then the same again. */
export function roundColour(hue: number, dark: boolean): string {
  return palette(dark).rounds[(((hue - 1) % 16) + 16) % 16];
}

/** Pairs of hues that a protan, deutan or tritan eye may take for one another, in either theme. */
export const confusable: readonly [number, number][] = [
  [5, 7],
  [9, 11],
  [7, 14],
  [2, 5],
  [2, 6],
  [4, 14],
  [10, 14],
  [8, 13],
  [6, 9],
  [3, 8],
  [1, 4],
  [1, 14],
];

/**
 * hues gives each round a hue 1..16 so that no round shares a confusable pair
 * with the four rounds nearest to it. Centres are in any plane units.
 */
export function hues(centres: readonly { x: number; y: number }[]): number[] {
  const given: number[] = [];
  for (let i = 0; i < centres.length; i++) {
    const near = given
      .map((hue, j) => ({ hue, d: Math.hypot(centres[j].x - centres[i].x, centres[j].y - centres[i].y) }))
      .sort((a, b) => a.d - b.d)
      .slice(0, 4)
      .map((n) => n.hue);
    const used = new Set(given.slice(Math.floor(i / 16) * 16));
    const clash = (h: number) =>
      near.some((n) => n === h || confusable.some(([a, b]) => (a === h && b === n) || (b === h && a === n)));
    const order = Array.from({ length: 16 }, (_, k) => ((i + k) % 16) + 1);
    given.push(order.find((h) => !used.has(h) && !clash(h)) ?? order.find((h) => !used.has(h)) ?? order[0]);
  }
  return given;
}
