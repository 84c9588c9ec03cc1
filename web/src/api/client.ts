// Calls to the service. Errors carry the service's Spanish sentence when it
// gives one, and otherwise one of ours that says what is safe.
import { t } from '../i18n';

let csrf = '';
export function setCSRF(token: string): void {
  csrf = token;
}

export class APIError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly code = '',
    readonly details: readonly string[] = [], // what is wrong, a line each
  ) {
    super(message);
  }
}

/** whenLoggedOut is called when the service says that the session is over. */
let onLoggedOut: () => void = () => {};
export function whenLoggedOut(f: () => void): void {
  onLoggedOut = f;
}

interface ErrorBody {
  message?: string;
  error?: string | { message?: string; code?: string; details?: string[] };
  code?: string;
  kind?: string;
  detail?: string;
}

export async function failure(res: Response): Promise<APIError> {
  let body: ErrorBody = {};
  try {
    body = (await res.json()) as ErrorBody;
  } catch {
    // Not JSON: a proxy in between, say. The status still tells something.
  }
  const inner = typeof body.error === 'object' ? body.error : undefined;
  const said =
    body.message ?? inner?.message ?? body.detail ?? (typeof body.error === 'string' ? body.error : '');
  const code = body.code ?? body.kind ?? inner?.code ?? '';
  if (said) return new APIError(said, res.status, code, inner?.details ?? []);
  if (res.status === 403) return new APIError(t('error.forbidden'), 403, code);
  if (res.status === 404) return new APIError(t('error.notFound'), 404, code);
  if (res.status === 429) return new APIError(t('error.tooMany'), 429, code);
  return new APIError(t('error.server', { status: res.status }), res.status, code);
}

export interface CallOptions {
  method?: string;
  body?: unknown;
  form?: FormData;
  query?: Record<string, string | number | boolean | null | undefined>;
  signal?: AbortSignal;
  quiet?: boolean; // a 401 is an answer here, not the end of the session
}

/** call makes one request below /api/v1 and reads its JSON answer. */
export async function call<T>(path: string, o: CallOptions = {}): Promise<T> {
  const q = new URLSearchParams();
  for (const [k, v] of Object.entries(o.query ?? {})) {
    if (v !== null && v !== undefined && v !== '') q.set(k, String(v));
  }
  const method = o.method ?? (o.body !== undefined || o.form ? 'POST' : 'GET');
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (o.body !== undefined) headers['Content-Type'] = 'application/json';
  if (method !== 'GET') headers['X-CSRF-Token'] = csrf;
  let res: Response;
  try {
    res = await fetch(`/api/v1${path}${q.size ? `?${q}` : ''}`, {
      method,
      headers,
      credentials: 'same-origin',
      body: o.form ?? (o.body !== undefined ? JSON.stringify(o.body) : undefined),
      signal: o.signal,
    });
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e;
    throw new APIError(method === 'GET' ? t('error.offline') : t('error.offlineWrite'), 0, 'offline');
  }
  if (res.status === 401 && !o.quiet) {
    onLoggedOut();
    throw new APIError(t('error.session'), 401, 'session');
  }
  if (!res.ok) throw await failure(res);
  if (res.status === 204) return undefined as T;
  const text = await res.text();
  return (text ? JSON.parse(text) : undefined) as T;
}
