// A stand-in for the service, for work on the page without it. It is not part
// of the product and keeps nothing; what it answers is made up.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { city, random, walks } from './city.mjs';
import { tile } from './mvt.mjs';

const dist = join(dirname(fileURLToPath(import.meta.url)), '../../dist');
const port = Number(process.env.PORT ?? 8090);
const u = '130102';
const { segments, boundary, police, bounds } = city();
const rand = random(11);
const hour = 3_600_000;
const start = Date.now() - 3 * hour;
const shiftAt = (date, code) => {
  const s = Date.parse(
    `${date}T${{ manana: '11', tarde: '19', noche: '27' }[code] === '27' ? '00' : { manana: '11', tarde: '19' }[code]}:00:00Z`,
  );
  const from = code === 'noche' ? Date.parse(`${date}T00:00:00Z`) + 27 * hour : s;
  return {
    id: `${date}/${code}`,
    code,
    name: { manana: 'Mañana', tarde: 'Tarde', noche: 'Noche' }[code],
    start: iso(from),
    end: iso(from + 8 * hour),
    current: false,
  };
};
const iso = (t) => new Date(t).toISOString();
const today = iso(Date.now() - 5 * hour).slice(0, 10);
const shift = {
  id: `${today}/noche`,
  code: 'noche',
  name: 'Noche',
  start: iso(start),
  end: iso(start + 8 * hour),
  current: true,
};

const units = Array.from({ length: 14 }, (_, i) => ({
  id: `${i < 6 ? 'H' : 'C'}0${(i % 6) + 1}${i > 11 ? 'b' : ''}`,
  call_sign: i < 6 ? `Halcón ${i + 1}` : `Cazador ${i - 5}`,
  mode: i < 10 ? 'car' : 'motorcycle',
  plate: `EUA-${100 + i}`,
  integrated: i === 12,
  active: true,
  device: `gps-${i + 1}`,
  shifts: [],
}));
const tours = walks(segments, units.length, bounds);

function planOf(version, state) {
  const rounds = units.map((unit, i) => {
    let t = start + (i % 4) * 120_000;
    const legs = [];
    let metres = 0;
    let stops = 0;
    tours[i].forEach((w, k) => {
      if (w.jump) {
        legs.push({
          kind: 'deadhead',
          name: '',
          start: iso(t),
          end: iso(t + 60_000),
          metres: 200,
          line: w.jump.flat(),
        });
        t += 60_000;
        metres += 200;
      }
      const ms = (w.segment.metres / 5) * 1000;
      legs.push({
        kind: 'service',
        name: w.segment.label,
        start: iso(t),
        end: iso(t + ms),
        metres: w.segment.metres,
        line: w.line.flat(),
      });
      t += ms;
      metres += w.segment.metres;
      if (k % 55 === 54) {
        stops++;
        legs.push({
          kind: 'stop',
          name: w.segment.label,
          start: iso(t),
          end: iso(t + 12 * 60_000),
          metres: 0,
          reason: 'hot',
          point: w.line.at(-1),
        });
        t += 12 * 60_000;
      }
      if (k === 120) {
        legs.push({
          kind: 'break',
          name: '',
          start: iso(t),
          end: iso(t + 45 * 60_000),
          metres: 0,
          point: w.line.at(-1),
        });
        t += 45 * 60_000;
      }
    });
    return {
      number: i + 1,
      unit: unit.id,
      call_sign: unit.call_sign,
      mode: unit.mode,
      base: tours[i][0]?.line[0] ?? [0, 0],
      metres,
      stops,
      legs,
    };
  });
  return {
    head: {
      id: `p${version}`,
      shift: shift.id,
      version,
      state,
      seed: 4471,
      streets: '1',
      simulated: true,
      created_at: iso(start - hour),
      created_by: 'supervisor',
      figures: {
        segments: 6562,
        street_km: 505.5,
        tjoin_floor_km: 110.2,
        deadhead_km: 128.4,
        coverage_pct: 99.2,
        coverage_bound_pct: 99.6,
        risk_coverage_pct: 97.1,
        longest_route_s: 19120,
        lower_bound_s: 18740,
        gap_pct: 2.0,
        police_overlap_pct: 3.1,
        police_overlap_blind_pct: 11.4,
        hot_cells: 28,
        hot_gap_p95_min: 118,
      },
    },
    violations: [{ code: 'overtime', message: 'Halcón 5 excede su turno en 12 min', unit: units[4].id }],
    rounds,
  };
}
const plans = new Map([['p1', planOf(1, 'published')]]);

const hexes = [];
{
  const cx = (bounds[0] + bounds[2]) / 2;
  const cy = (bounds[1] + bounds[3]) / 2;
  for (let i = -9; i <= 9; i++) {
    for (let j = -9; j <= 9; j++) {
      const x = cx + 0.0055 + i * 0.00118 + (j % 2 ? 0.00059 : 0);
      const y = cy - 0.006 + j * 0.00102;
      const e =
        2.6 * Math.exp(-((i - 1) ** 2 + (j + 1) ** 2) / 14) +
        1.4 * Math.exp(-((i + 7) ** 2 + (j - 5) ** 2) / 6);
      if (e < 0.06) continue;
      const ring = Array.from({ length: 7 }, (_, k) => [
        x + 0.00067 * Math.sin((k * Math.PI) / 3),
        y + 0.00067 * Math.cos((k * Math.PI) / 3),
      ]);
      hexes.push({
        id: `${i}.${j}`,
        expected: e,
        share: 0,
        count90: Math.round(e * 9),
        count365: Math.round(e * 31),
        place: segments[(i * 31 + j * 7 + 900) % segments.length].label,
        ring,
      });
    }
  }
  hexes.sort((a, b) => b.expected - a.expected);
  for (const [i, h] of hexes.entries()) h.rank = i + 1;
}

const presence = segments.map((s) => (s.belongs ? 0 : 5));
const incidents = Array.from({ length: 60 }, (_, i) => {
  const s = segments[Math.floor(rand() * segments.length)];
  return {
    key: `k${i}`,
    type: ['Delitos contra el patrimonio', ['Robo', 'Hurto', 'Robo de vehículo'][i % 3], ''],
    at: iso(Date.now() - i * 2.7 * hour),
    point: s.points[0],
    place: s.label,
    origin: ['call', 'camera', 'patrol'][i % 3],
    simulated: true,
    note: '',
  };
});
const corrections = [];
let job = null;
const at = units.map((_, i) => Math.floor(tours[i].length * 0.3));
for (let i = 0; i < units.length; i++)
  for (let k = 0; k < at[i]; k++) presence[segments.indexOf(tours[i][k].segment)] = 1;
for (let k = 0; k < presence.length; k++)
  if (presence[k] !== 5 && rand() < 0.12) presence[k] = presence[k] ? 3 : 2;

function unitView(i) {
  const w = tours[i][at[i] % tours[i].length];
  const p = w.line.at(-1);
  const q = w.line[0];
  const link = i === 4 ? 'stale' : i === 13 ? 'offline' : 'online';
  const motion = i === 3 || i === 7 ? 'stopped' : i === 1 ? 'transit' : 'patrol';
  return {
    ...units[i],
    lon: p[0],
    lat: p[1],
    speed_kmh: motion === 'stopped' ? 0 : 14 + (i % 9),
    course: ((Math.atan2(p[0] - q[0], p[1] - q[1]) * 180) / Math.PI + 360) % 360,
    accuracy_m: 6,
    at: iso(Date.now() - (link === 'online' ? 1000 + i * 300 : 380_000)),
    link,
    link_since: iso(start),
    motion,
    motion_since: iso(Date.now() - 9 * 60_000),
    street: w.segment.label,
    round: i + 1,
    km_planned: 40,
    km_missing: 38 - i,
    stops_planned: 4,
    stops_done: i % 4,
    stop:
      i === 7
        ? { name: 'x', planned: true, minutes: 7, of_minutes: 12 }
        : i === 3
          ? { name: 'x', planned: false, minutes: 9, of_minutes: null }
          : null,
  };
}
function bar() {
  const km = [0, 0, 0, 0, 0, 0];
  for (const [i, s] of segments.entries()) km[presence[i]] += s.metres / 1000;
  const total = km[0] + km[1] + km[2] + km[3] + km[4];
  const s = (x) => ({ km: x, pct: (100 * x) / total });
  return {
    street_km: total,
    serenazgo: s(km[1] + km[3]),
    pnp: s(km[2] + km[3]),
    both: s(km[3]),
    joint: s(km[1] + km[2] + km[3]),
    none: s(km[0]),
    unknown: s(km[4]),
    expected_pct: 31.8,
    planned_pct: 99,
  };
}
const meters = { zones: { done: 24, of: 28, expected: 26 }, stops: { done: 21, of: 34, expected: 22 } };

const clients = new Set();
const send = (event, data) => {
  for (const res of clients)
    res.write(`id: ${Date.now()}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
};
setInterval(() => {
  const changes = [];
  units.forEach((_, i) => {
    if ([3, 4, 7, 13].includes(i)) return;
    at[i] = (at[i] + 1) % tours[i].length;
    const k = segments.indexOf(tours[i][at[i]].segment);
    if (presence[k] !== 0) return;
    presence[k] = 1;
    changes.push([k, 1]);
  });
  send('units', { units: units.map((_, i) => unitView(i)), server_time: iso(Date.now()) });
  send('coverage', { bar: bar(), meters, changes });
}, 2000);

const district = () => ({
  ubigeo: u,
  name: 'El Porvenir',
  province: 'Trujillo',
  time_zone: 'America/Lima',
  simulated: true,
  simulated_kinds: ['incidents', 'police'],
  demo: true,
  role: 'admin',
  server_time: iso(Date.now()),
  clock_rate: 1,
  bounds,
  boundary: { type: 'FeatureCollection', features: [boundary] },
  streets: '1',
  tiles: `/tiles/${u}/1/{z}/{x}/{y}.mvt`,
  street_km: 505.5,
  shift,
  next_shift: shift,
  units: 14,
  bases: [],
});
const sessionBody = {
  username: 'supervisor',
  name: 'Supervisor de turno',
  csrf: 'x',
  districts: [{ ubigeo: u, name: 'El Porvenir', role: 'admin' }],
};

const routes = {
  'GET /public': () => ({
    setup_needed: false,
    demo: true,
    logins: [
      { username: 'supervisor', password: 'x', role: 'supervisor' },
      { username: 'operador', password: 'x', role: 'operator' },
    ],
    map: { name: 'El Porvenir', tiles: district().tiles, bounds },
  }),
  'GET /session': (_q, _b, logged) =>
    logged ? sessionBody : [401, { error: { code: 'unauthorized', message: 'Entre de nuevo.' } }],
  'POST /session': (_q, b) =>
    b.password === 'x'
      ? sessionBody
      : [401, { error: { code: 'unauthorized', message: 'Usuario o contraseña incorrectos.' } }],
  'DELETE /session': () => [204, ''],
  'GET /d': district,
  'GET /d/shifts': () => ['manana', 'tarde', 'noche'].map((c) => shiftAt(today, c)),
  'GET /d/shift-defs': () => [
    { code: 'manana', name: 'Mañana', start: '06:00', end: '14:00' },
    { code: 'tarde', name: 'Tarde', start: '14:00', end: '22:00' },
    { code: 'noche', name: 'Noche', start: '22:00', end: '06:00' },
  ],
  'GET /d/streets/segments': () => ({ version: '1', segments: segments.map(({ points, ...s }) => s) }),
  'GET /d/streets/report': () => ({
    report: {
      belonging_km: 505.5,
      belonging_segments: 6562,
      junctions: 4058,
      unnamed_inside_pct: 44.8,
      one_way_km_pct: 6.2,
      unreachable_km: 0.6,
      components: 3,
      km_by_class: { residential: 390, tertiary: 60, secondary: 40 },
      unreachable: [{ name: 'Calle 12', km: 0.6 }],
    },
    versions: [{ version: '1', source: 'el-porvenir.osm.pbf', imported_at: iso(start), current: true }],
  }),
  'GET /d/corrections': () => corrections,
  'POST /d/corrections': (_q, b) => {
    corrections.push({
      ...b,
      id: `${corrections.length}`,
      created_by: 'supervisor',
      created_at: iso(Date.now()),
    });
    return { correction: b, found: true };
  },
  'GET /d/hotcells': () => ({
    shift: shift.id,
    model: 'mix_shift',
    sample: 6343,
    total: 38.2,
    cells: hexes.slice(0, 60),
  }),
  'GET /d/incidents': () => incidents,
  'POST /d/incidents': (_q, b) => {
    incidents.unshift({ ...b, key: `n${incidents.length}`, simulated: false });
    return [201, incidents[0]];
  },
  'GET /d/police': () => ({ type: 'FeatureCollection', features: police }),
  'GET /d/units': () => units,
  'POST /d/devices': () => ({
    device: 'gps-1',
    username: `${u}/gps-1`,
    password: 'Kq7-fresa-38-luna',
    topic: `serenazgo/${u}/gps-1/pos`,
  }),
  'GET /d/trail': () => ({ unit: 'x', fixes: [] }),
  'GET /d/coverage': () => ({
    shift: shift.id,
    final: false,
    at: iso(Date.now()),
    streets: '1',
    bar: bar(),
    presence,
    cells: [164, 121, 90, 66].map((m, i) => ({
      cell: `89${i}`,
      centre: units[i].lon === null ? bounds[0] : [units[i].lon, units[i].lat],
      municipal_min: 3 * i,
      police_min: i,
      integrated_min: 0,
      visits: i,
      longest_gap_min: m,
    })),
  }),
  'GET /d/compliance': () => ({
    shift: shift.id,
    plan: 'p1',
    version: 2,
    at: iso(Date.now()),
    final: false,
    profile: 'serenazgo-default/1',
    complied: 2,
    tally: { planned_km: 150, done_km: 90, late_km: 12, skipped_km: 18, pending_km: 30, extra_km: 6 },
    missing: { km: 41.5, minutes: 96, stops: 8, cells: 5 },
    units: units.map((x, i) => ({
      unit: x.id,
      call_sign: x.call_sign,
      round: i + 1,
      complied: i % 3 === 0,
      tally: {
        planned_km: 42,
        done_km: 28 - 2 * (i % 5),
        late_km: 2 * (i % 5),
        skipped_km: i % 3 ? 5 : 1,
        pending_km: i % 3 ? 9 : 13,
        extra_km: 1.4,
      },
      first_km: 38,
      stops_planned: 6,
      stops_done: i % 7,
      minutes_planned: 72,
      minutes_done: 12 * (i % 7),
      silent_min: i % 4 ? 0 : 17,
      missing: { km: i % 3 ? 12.4 : 1.2, minutes: 24, stops: 2, cells: i % 3 },
      legs: [
        {
          seq: 3,
          kind: 'service',
          name: 'Av. Sánchez Carrión',
          segment: 'a',
          km: 3.1,
          start: iso(start),
          status: 'skipped',
          reason: 'alert',
        },
        {
          seq: 9,
          kind: 'service',
          name: 'Jr. Atahualpa',
          segment: 'b',
          km: 1.9,
          start: iso(start),
          status: 'skipped',
          reason: 'no_signal',
        },
      ],
      stops: [
        {
          seq: 12,
          name: 'Mercado La Unión',
          start: iso(start + hour),
          planned_min: 12,
          status: 'done',
          arrived: iso(start + hour),
          left: iso(start + 1.2 * hour),
          minutes: 12,
        },
        {
          seq: 40,
          name: 'Parque central',
          start: iso(start + 2 * hour),
          planned_min: 14,
          status: 'skipped',
          reason: 'in_part',
          minutes: 4,
        },
        {
          seq: 0,
          name: '',
          planned_min: 0,
          status: 'done',
          arrived: iso(start + hour),
          left: iso(start + 1.3 * hour),
          minutes: 18,
        },
      ],
      extra: [],
    })),
  }),
  'GET /d/plans': () => [...plans.values()].map((p) => p.head).reverse(),
  'POST /d/plans': (_q, b) => {
    job = {
      id: 'j1',
      state: 'running',
      shift: b.shift,
      elapsed_s: 0,
      seconds: 6,
      best: 26000,
      bound: 18740,
      history: [],
      phase: 'Mejorando rondas',
    };
    const timer = setInterval(() => {
      job.elapsed_s++;
      job.best = 18740 + 7000 * Math.exp(-job.elapsed_s / 2);
      job.history.push({ t: job.elapsed_s, best: job.best });
      if (job.elapsed_s >= 6) {
        clearInterval(timer);
        const v = plans.size + 1;
        plans.set(`p${v}`, planOf(v, 'draft'));
        job = { ...job, state: 'done', plan: `p${v}` };
      }
      send('job', job);
    }, 1000);
    return [202, job];
  },
  'GET /d/jobs': () => job,
  'GET /d/users': () => [
    { username: 'supervisor', name: 'Supervisor de turno', role: 'supervisor', disabled: false },
    { username: 'operador', name: 'Operador CECOM 2', role: 'operator', disabled: false },
  ],
  'GET /d/audit': () =>
    Array.from({ length: 30 }, (_, i) => ({
      at: iso(Date.now() - i * hour),
      username: 'supervisor',
      action: ['login', 'plan.approve', 'unit.trail'][i % 3],
      subject: i % 3 ? 'C07' : '',
      remote: '10.0.0.5',
    })),
};

function tileOf(z, x, y) {
  const n = 2 ** z;
  const px = (lon) => (lon / 360 + 0.5) * n - x;
  const py = (lat) => {
    const s = Math.sin((lat * Math.PI) / 180);
    return (0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)) * n - y;
  };
  const features = [];
  for (const s of segments) {
    const pts = s.points.map(([lon, lat]) => [Math.round(px(lon) * 4096), Math.round(py(lat) * 4096)]);
    if (pts.some(([a, b]) => a > -400 && a < 4496 && b > -400 && b < 4496))
      features.push({ props: { class: s.class, name: s.name ?? '' }, points: pts });
  }
  return tile('streets', features);
}

const types = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.html': 'text/html; charset=utf-8',
};
createServer(async (req, res) => {
  const url = new URL(req.url, 'http://x');
  const t = /^\/tiles\/\d+\/\d+\/(\d+)\/(\d+)\/(\d+)\.mvt$/.exec(url.pathname);
  if (t) return res.end(tileOf(+t[1], +t[2], +t[3]));
  if (!url.pathname.startsWith('/api/v1/')) {
    const file = extname(url.pathname) ? url.pathname : '/index.html';
    try {
      const body = await readFile(join(dist, file));
      res.setHeader('Content-Type', types[extname(file)] ?? 'application/octet-stream');
      if (file === '/index.html')
        res.setHeader('Content-Security-Policy', "default-src 'self'; img-src 'self' data: blob: https:");
      return res.end(body);
    } catch {
      res.statusCode = 404;
      return res.end();
    }
  }
  const path = url.pathname.slice(7);
  if (path === `/d/${u}/live`) {
    res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
    clients.add(res);
    res.on('close', () => clients.delete(res));
    const data = {
      server_time: iso(Date.now()),
      shift,
      streets: '1',
      units: units.map((_, i) => unitView(i)),
      bar: bar(),
      meters,
      presence,
    };
    return res.write(`id: 1\nevent: snapshot\ndata: ${JSON.stringify(data)}\n\n`);
  }
  let body = '';
  for await (const chunk of req) body += chunk;
  const m = /^\/d\/\d{6}(?:\/([a-z-]+))?(?:\/([^/]+))?(?:\/([a-z-]+))?$/.exec(path);
  let answer;
  if (m?.[1] === 'plans' && m[2]) {
    const p = plans.get(m[2]);
    if (m[3] === 'approve') p.head.state = 'approved';
    if (m[3] === 'publish') p.head.state = 'published';
    answer = m[3] ? p.head : p;
  } else if (m?.[1] === 'units' && m[3] === 'trail') answer = routes['GET /d/trail']();
  else if (m?.[1] === 'streets') answer = routes[`${req.method} /d/streets/${m[2]}`]?.();
  else {
    const name = `${req.method} ${m ? `/d${m[1] ? `/${m[1]}` : ''}` : path}`;
    let parsed = {};
    try {
      parsed = JSON.parse(body || '{}');
    } catch {
      // a form: its content does not matter here
    }
    answer = routes[name]?.(url.searchParams, parsed, /dev=1/.test(req.headers.cookie ?? ''));
    if (path === '/session' && req.method !== 'GET') {
      const open = req.method === 'POST' && parsed.password === 'x';
      res.setHeader('Set-Cookie', `dev=${open ? 1 : 0}; Path=/; SameSite=Strict`);
    }
  }
  const [status, out] =
    Array.isArray(answer) && typeof answer[0] === 'number'
      ? answer
      : answer === undefined
        ? [404, { error: { code: 'not_found', message: 'No existe.' } }]
        : [200, answer];
  res.writeHead(status, { 'Content-Type': 'application/json' });
  res.end(status === 204 ? undefined : JSON.stringify(out));
}).listen(port, () => console.log(`http://localhost:${port}`));
