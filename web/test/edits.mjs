// How long a supervisor waits for an answer to a change of the plan: on a running
// service whose shift has a plan,
//   SERENAZGO_URL=http://127.0.0.1:8080 node test/edits.mjs [changes] [seed]
// prints one JSON object: the milliseconds from request to whole answer, of
// changes that are only tried (what hovering over a round asks for) and of some
// that are saved, each taken back at once.
import { base, login } from './e2e/support/browser.mjs';

const changes = Number(process.argv[2] ?? 200);
let state = Number(process.argv[3] ?? 1) >>> 0;
/** below draws a number under n; the same seed draws the same changes. */
const below = (n) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * n);
};
const one = (list) => list[below(list.length)];

const headers = { 'Content-Type': 'application/json' };
/** ask calls the API; a refusal is an answer like another. */
async function ask(path, body) {
  const begun = performance.now();
  const r = await fetch(`${base}/api/v1${path}`, {
    method: body ? 'POST' : 'GET',
    headers,
    body: body && JSON.stringify(body),
  });
  const text = await r.text();
  const ms = performance.now() - begun;
  const answer = text ? JSON.parse(text) : null;
  if (!r.ok && r.status !== 422 && r.status !== 400 && r.status !== 409)
    throw new Error(`${path}: ${r.status} ${text}`);
  return { ok: r.ok, ms, answer, bytes: text.length, cookies: r.headers.getSetCookie() };
}

const entered = await ask('/session', await login('supervisor'));
headers.Cookie = entered.cookies.map((c) => c.split(';')[0]).join('; ');
headers['X-CSRF-Token'] = entered.answer.csrf;
const d = `/d/${entered.answer.districts[0].ubigeo}`;
const shift = (await ask(d)).answer.shift.id;
const [newest] = (await ask(`${d}/plans?shift=${shift}`)).answer;
if (!newest) throw new Error(`shift ${shift} has no plan yet: make one first`);
const plan = (await ask(`${d}/plans/${newest.id}`)).answer;

/** change draws what somebody might do by hand. */
function change() {
  const r = one(plan.rounds);
  const others = plan.rounds.filter((o) => o !== r);
  const streets = r.legs.filter((l) => l.kind === 'service').flatMap((l) => l.segments);
  const stops = r.legs.filter((l) => l.kind === 'stop').map((l) => l.seq);
  const k = below(streets.length);
  const few = streets.slice(k, k + 1 + below(4));
  const kinds = [
    { op: 'move_street', segments: few, to: one(others).unit },
    { op: 'drop_street', segments: few },
    { op: 'forbid', unit: r.unit, segments: few },
  ];
  if (stops.length > 1) {
    const i = 1 + below(stops.length - 1);
    kinds.push({ op: 'move_stop', unit: r.unit, stop: stops[i], to: one(others).unit });
    kinds.push({ op: 'retime_stop', unit: r.unit, stop: stops[i], before: stops[below(i)] });
    kinds.push({ op: 'drop_stop', unit: r.unit, stop: stops[i] });
  }
  return one(kinds);
}

const figures = (all) => {
  const ms = all.map((a) => a.ms).sort((a, b) => a - b);
  const at = (p) => Number(ms[Math.max(0, Math.ceil(p * ms.length) - 1)].toFixed(1));
  return { n: ms.length, p50_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99), max_ms: at(1) };
};

const path = `${d}/plans/${plan.head.id}/edits`;
const first = await ask(path, { edits: [change()], dry_run: true, brief: true });
const tried = [];
const byOp = {};
let refused = 0;
for (let i = 0; i < changes; i++) {
  const e = change();
  const a = await ask(path, { edits: [e], dry_run: true, brief: true });
  if (!a.ok) {
    refused++;
    continue;
  }
  tried.push(a);
  byOp[e.op] ??= [];
  byOp[e.op].push(a);
}
const saved = [];
let head = plan.head.id;
for (let i = 0; i < Math.ceil(changes / 10); i++) {
  const a = await ask(`${d}/plans/${head}/edits`, { edits: [change()] });
  if (!a.ok) continue;
  saved.push(a);
  const made = a.answer.head.id;
  head = (await ask(`${d}/plans/${head}/restore`, { newest: made })).answer.id;
}
console.log(
  JSON.stringify({
    rounds: plan.rounds.length,
    legs: plan.rounds.reduce((n, r) => n + r.legs.length, 0),
    refused,
    first_ms: Number(first.ms.toFixed(1)), // opens the plan where nobody has yet
    tried: figures(tried),
    tried_in_service_p95_ms: figures(tried.map((a) => ({ ms: a.answer.took_ms }))).p95_ms,
    p95_ms_by_op: Object.fromEntries(Object.entries(byOp).map(([op, a]) => [op, figures(a).p95_ms])),
    saved: figures(saved),
    saved_kb: Math.round(saved.reduce((n, a) => n + a.bytes, 0) / saved.length / 1024),
  }),
);
