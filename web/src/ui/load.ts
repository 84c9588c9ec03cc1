// Loading of one thing for a view: its data, its error, and loading again.
import { useCallback, useEffect, useState } from 'preact/hooks';

export interface Loaded<T> {
  data: T | null;
  error: string;
  loading: boolean;
  reload: () => void;
}

/** useLoad keeps the old data while new data comes. deps must name all that get depends on. */
export function useLoad<T>(get: (signal: AbortSignal) => Promise<T>, deps: readonly unknown[]): Loaded<T> {
  const [state, set] = useState<{ data: T | null; error: string; loading: boolean }>({
    data: null,
    error: '',
    loading: true,
  });
  const [turn, again] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    set((s) => ({ ...s, loading: true, error: '' }));
    get(stop.signal).then(
      (data) => {
        if (!stop.signal.aborted) set({ data, error: '', loading: false });
      },
      (e: Error) => {
        if (!stop.signal.aborted) set((s) => ({ ...s, error: e.message, loading: false }));
      },
    );
    return () => stop.abort();
  }, [...deps, turn]);
  return { ...state, reload: useCallback(() => again((n) => n + 1), []) };
}
