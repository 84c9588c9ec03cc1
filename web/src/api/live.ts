// The live channel: snapshot, then changes. The browser resends Last-Event-ID
// by itself; when it gives up, we try again with growing pauses, and the
// service answers with a new snapshot.

export interface LiveEvent {
  type: string;
  data: unknown;
  id: string;
}

export interface Source {
  onopen: ((e: Event) => void) | null;
  onerror: ((e: Event) => void) | null;
  readyState: number;
  addEventListener(type: string, f: (e: MessageEvent) => void): void;
  close(): void;
}

export interface LiveOptions {
  url: string;
  types: readonly string[];
  onEvent: (e: LiveEvent) => void;
  onState: (open: boolean) => void;
  open?: (url: string) => Source;
  later?: (f: () => void, ms: number) => unknown;
  random?: () => number;
}

const closed = 2; // EventSource.CLOSED

/** pause is how long to wait before try n (0, 1, …): 0.5 s doubling to 15 s, and up to a fifth more by chance. */
export function pause(n: number, random = 0): number {
  return Math.min(15_000, 500 * 2 ** Math.min(n, 6)) * (1 + random / 5);
}

/** follow keeps a live channel open until the function it gives back is called. */
export function follow(o: LiveOptions): () => void {
  const open =
    o.open ?? ((url: string) => new EventSource(url, { withCredentials: true }) as unknown as Source);
  const later = o.later ?? ((f: () => void, ms: number) => setTimeout(f, ms));
  let tries = 0;
  let stopped = false;
  let source: Source;

  const start = () => {
    if (stopped) return;
    source = open(o.url);
    source.onopen = () => {
      tries = 0;
      o.onState(true);
    };
    source.onerror = () => {
      o.onState(false);
      if (stopped || source.readyState !== closed) return;
      source.close();
      later(start, pause(tries++, (o.random ?? Math.random)()));
    };
    for (const type of o.types) {
      source.addEventListener(type, (e) => {
        if (stopped) return;
        let data: unknown;
        try {
          data = JSON.parse(e.data as string);
        } catch {
          return; // half a message of a connection that broke
        }
        o.onEvent({ type, data, id: e.lastEventId });
      });
    }
  };
  start();
  return () => {
    stopped = true;
    source.close();
  };
}
