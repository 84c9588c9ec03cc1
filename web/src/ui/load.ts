// Loading of one thing for a view: its data, its error, and loading again.
import { useCallback, useEffect, useState } from 'preact/hooks';

export interface Loaded<T> {
  data: T | null;
  error: string;
  loading: boolean;
  reload: () => void;
}

interface State<T> {
  of: string;
  data: T | null;
  error: string;
  loading: boolean;
}

/**
 * useLoad keeps the old data while new data comes, unless that is of something
 * else. deps must name all that get depends on.
 */
export function useLoad<T>(
  get: (signal: AbortSignal) => Promise<T>,
  deps: readonly unknown[],
  of = '',
): Loaded<T> {
  const nothing: State<T> = { of, data: null, error: '', loading: true };
  const [state, set] = useState(nothing);
  const [turn, again] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    set((s) => (s.of === of ? { ...s, loading: true, error: '' } : nothing));
    get(stop.signal).then(
      (data) => {
        if (!stop.signal.aborted) set({ of, data, error: '', loading: false });
      },
      (e: Error) => {
        if (!stop.signal.aborted) set((s) => ({ ...s, error: e.message, loading: false }));
      },
    );
    return () => stop.abort();
  }, [...deps, of, turn]);
  const { data, error, loading } = state.of === of ? state : nothing;
  return { data, error, loading, reload: useCallback(() => again((n) => n + 1), []) };
}
