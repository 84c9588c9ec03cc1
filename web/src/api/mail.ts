// The mail server of a district and its reports.
import { call } from './client';

export interface MailServer {
  host: string;
  port: number;
  security: 'tls' | 'starttls';
  username: string;
  has_password: boolean;
  sender: string;
}

export interface MailReport {
  id: string;
  name: string;
  every: 'day' | 'week';
  weekday: number; // 0: Sunday
  clock: string;
  recipients: string[];
  active: boolean;
  last?: { due: string; state: string; attempts: number; error?: string };
}

export interface Mail {
  server?: MailServer;
  reports: MailReport[];
}

export const mail = (u: string, signal?: AbortSignal) => call<Mail>(`/d/${u}/mail`, { signal });

/** saveMailServer keeps the password that is there if none is given. */
export const saveMailServer = (u: string, s: MailServer, password: string) =>
  call<void>(`/d/${u}/mail/server`, {
    method: 'PUT',
    body: {
      host: s.host,
      port: s.port,
      security: s.security,
      username: s.username,
      sender: s.sender,
      ...(password ? { password } : {}),
    },
  });

export const testMail = (u: string, to: string) => call<void>(`/d/${u}/mail/test`, { body: { to } });

const reportPath = (u: string, id: string) => `/d/${u}/mail/reports/${encodeURIComponent(id)}`;

export const saveMailReport = (u: string, { id, last: _, ...body }: MailReport) =>
  call<void>(reportPath(u, id), { method: 'PUT', body });

export const deleteMailReport = (u: string, id: string) =>
  call<void>(reportPath(u, id), { method: 'DELETE' });
