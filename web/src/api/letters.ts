// Payloads that could not be read, and what is mailed when to whom.
import { call } from './client';

export interface Letter {
  id: number;
  received: string;
  topic: string;
  client: string;
  code: string;
  reason: string;
  bytes: number;
  payload: string; // escaped by the service
}

export interface Letters {
  total: number;
  letters: Letter[];
}

export interface Replayed {
  letters: number;
  decoded: number;
  fixes: number;
  stored: number;
}

export const letters = (u: string, signal?: AbortSignal) => call<Letters>(`/d/${u}/dead-letters`, { signal });

/** letter is one of them, with more of its payload; the look is audited. */
export const letter = async (u: string, id: number, signal?: AbortSignal): Promise<Letter> =>
  (await call<Letters>(`/d/${u}/dead-letters`, { query: { id: String(id) }, signal })).letters[0];

/** replayLetters reads one, or all of them, anew. */
export const replayLetters = (u: string, id?: number) =>
  call<Replayed>(`/d/${u}/dead-letters/replay`, { body: id === undefined ? {} : { id } });

export const discardLetter = (u: string, id: number) =>
  call<void>(`/d/${u}/dead-letters`, { method: 'DELETE', query: { id: String(id) } });
