// The edits of a plan: each is a version of its own at the service; undo and
// redo copy a version back. The stacks live as long as the page.
import { signal } from '@preact/signals';
import { APIError } from '../api/client';
import * as api from '../api/plan_change';
import type { Plan } from '../api/types';
import { t } from '../i18n';
import { notify } from '../ui/notice';

interface Turn {
  shift: string;
  undo: string[]; // ids of versions, the latest last
  redo: string[];
}

const turns = signal<Turn>({ shift: '', undo: [], redo: [] });

/** lastChange is what the last edit did, until it is put away. */
export const lastChange = signal<{ words: string; change: api.Change } | null>(null);

/** edited is the plan as an edit left it, so that it need not be read again. */
export const edited = signal<Plan | null>(null);

/** gone is the version that was put back last: until the page has read what is there now, nothing can be taken back. */
const gone = signal('');

export const editing = signal(false);
export const editError = signal('');

export function canUndo(p: Plan | null): boolean {
  return p !== null && p.id !== gone.value && (undoTarget(p) !== '' || p.parent !== '');
}

function undoTarget(p: Plan): string {
  return turns.value.shift === p.shift ? (turns.value.undo[turns.value.undo.length - 1] ?? '') : '';
}

export function canRedo(p: Plan | null): boolean {
  return p !== null && p.id !== gone.value && turns.value.shift === p.shift && turns.value.redo.length > 0;
}

/** run does one thing at a time and keeps what went wrong. */
async function run(f: () => Promise<void>): Promise<boolean> {
  if (editing.value) return false;
  editing.value = true;
  editError.value = '';
  try {
    await f();
    return true;
  } catch (e) {
    editError.value =
      e instanceof APIError && e.status === 409 ? `${e.message}` : (e as Error).message || t('error.unknown');
    return false;
  } finally {
    editing.value = false;
  }
}

/** edit changes a plan; words say what was done. */
export function edit(u: string, p: Plan, edits: api.Edit[], words: string): Promise<boolean> {
  return run(async () => {
    const c = await api.editPlan(u, p.id, edits);
    took(p, c, words);
  });
}

/** took shows what became of a plan. */
export function took(p: Plan, c: api.Change, words: string): void {
  const stack = turns.value.shift === p.shift ? turns.value.undo : [];
  turns.value = { shift: p.shift, undo: [...stack, p.id], redo: [] };
  const now = api.merged(p, c);
  c.plan = now;
  edited.value = now;
  lastChange.value = { words, change: c };
}

/** undo goes back to the version before; done is called with the new version's number. */
export function undo(u: string, p: Plan, done: () => void): Promise<boolean> {
  return run(async () => {
    const id = undoTarget(p) || p.parent;
    if (!id) return;
    await api.restorePlan(u, id, p.id);
    gone.value = p.id;
    const own = turns.value.shift === p.shift;
    turns.value = {
      shift: p.shift,
      undo: own ? turns.value.undo.slice(0, -1) : [],
      redo: [...(own ? turns.value.redo : []), p.id],
    };
    lastChange.value = null;
    notify(t('edit.undone'));
    done();
  });
}

export function redo(u: string, p: Plan, done: () => void): Promise<boolean> {
  return run(async () => {
    const id = turns.value.redo[turns.value.redo.length - 1];
    if (!id) return;
    await api.restorePlan(u, id, p.id);
    gone.value = p.id;
    turns.value = { shift: p.shift, undo: [...turns.value.undo, p.id], redo: turns.value.redo.slice(0, -1) };
    lastChange.value = null;
    notify(t('edit.redone'));
    done();
  });
}

/** undoTo makes the newest version a copy of an older one. */
export function undoTo(u: string, id: string, newest: string): Promise<boolean> {
  return run(async () => {
    await api.restorePlan(u, id, newest);
    edited.value = null;
    lastChange.value = null;
  });
}
