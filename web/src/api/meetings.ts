// Sessions at which municipality and police look at a joint review and sign it.
import { call } from './client';
import type { Formula, Review } from './evaluation';

export type Side = 'municipality' | 'police';

interface Stamp {
  by: string;
  name: string;
  at: string;
}

export interface Agreement {
  id: string;
  text: string;
  who: string;
  side?: Side | '';
  due: string; // AAAA-MM-DD
  state: 'open' | 'done' | 'dropped';
  note?: string;
  done_on?: string;
  from?: string; // the session that agreed on it
}

export interface Attendee {
  name: string;
  post: string;
  side?: Side | '';
}

export interface Comment extends Stamp {
  side: Side;
  indicator?: string;
  text: string;
}

export interface Meeting {
  id: string;
  query: { from: string; to: string; sector?: string; shift?: string };
  version: number;
  parent?: string;
  state: 'draft' | 'review' | 'locked';
  figures: Review | null;
  taken: string;
  comments: Comment[];
  agreements: Agreement[];
  attendance: Attendee[];
  looked: Partial<Record<Side, Stamp>>;
  signed: Partial<Record<Side, Stamp & { hash: string }>>;
  locked_at?: string;
  hash?: string;
}

export interface MeetingView {
  session: Meeting;
  sum: string; // of the contents as they are; what one signs, and what changes of lists rest on
  formulas: Formula[];
}

export interface MeetingHead {
  id: string;
  from: string;
  to: string;
  sector?: string;
  shift?: string;
  version: number;
  state: Meeting['state'];
  changed: string;
  agreements: number;
  open: number;
}

export type Step =
  | { step: 'retake' | 'submit' | 'reopen' | 'look' | 'correct' }
  | { step: 'comment'; text: string; indicator?: string }
  | { step: 'agree'; sum: string; agreement: Omit<Agreement, 'id' | 'state'> & Partial<Agreement> }
  | { step: 'unsay'; id: string }
  | { step: 'attend'; sum: string; attendance: Attendee[] }
  | { step: 'sign'; sum: string };

const at = (u: string, id = '') => `/d/${u}/meetings${id && `/${encodeURIComponent(id)}`}`;

export const meetings = (u: string, signal?: AbortSignal): Promise<MeetingHead[]> =>
  call<MeetingHead[]>(at(u), { signal });

export const meeting = (u: string, id: string, signal?: AbortSignal): Promise<MeetingView> =>
  call<MeetingView>(at(u, id), { signal });

export const beginMeeting = (
  u: string,
  q: { from: string; to: string; sector?: string; shift?: string },
): Promise<MeetingView> => call<MeetingView>(at(u), { body: q });

export const stepMeeting = (u: string, id: string, step: Step): Promise<MeetingView> =>
  call<MeetingView>(at(u, id), { body: step });

export const dropMeeting = (u: string, id: string): Promise<void> =>
  call<void>(at(u, id), { method: 'DELETE' });
