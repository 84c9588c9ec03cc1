// Which shift and version is shown, the steps, and the one primary button.
import type { PlanBrief } from '../api/endpoints';
import { t, tk } from '../i18n';
import { addDays, day } from '../i18n/format';
import { go, setQuery } from '../state/router';
import { district } from '../state/session';
import { shiftDefs } from '../state/shifts';
import { Icon, type IconName } from '../ui/icons';

interface Props {
  shift: string;
  versions: PlanBrief[];
  plan: PlanBrief | null;
  onApprove: (() => void) | null;
  undo: (() => void) | null; // null: nothing to undo
  redo: (() => void) | null;
  editable: boolean;
  busy: boolean;
  onReplan: (() => void) | null;
  comparing: boolean;
  onCompare: (() => void) | null;
}

export function PlanHeader(props: Props) {
  const { shift, versions, plan, onApprove, undo, redo, editable, busy, onReplan, comparing, onCompare } =
    props;
  const [date, code] = shift.split('/');
  const defs = shiftDefs(district.value?.ubigeo ?? '');
  const open = (d: string, c: string) => go(`/plan/${d}/${c}`);
  return (
    <header class="pagehead">
      <h1>{t('plan.title')}</h1>
      <div class="row dates">
        <button
          type="button"
          class="btn quiet icon sm"
          onClick={() => open(addDays(date, -1), code)}
          aria-label={t('plan.dayBefore')}
        >
          <Icon name="left" sm />
        </button>
        <label class="datefield">
          <span class="sr">{t('plan.date')}</span>
          <span aria-hidden="true">{day(date)}</span>
          <input
            type="date"
            value={date}
            onChange={(e) => e.currentTarget.value && open(e.currentTarget.value, code)}
          />
        </label>
        <button
          type="button"
          class="btn quiet icon sm"
          onClick={() => open(addDays(date, 1), code)}
          aria-label={t('plan.dayAfter')}
        >
          <Icon name="right" sm />
        </button>
        <select
          class="in auto"
          value={code}
          aria-label={t('plan.shift')}
          onChange={(e) => open(date, e.currentTarget.value)}
        >
          {defs.map((s) => (
            <option key={s.code} value={s.code}>
              {s.name} {s.start}–{s.end}
            </option>
          ))}
          {!defs.some((s) => s.code === code) && <option value={code}>{code}</option>}
        </select>
      </div>
      {versions.length > 0 && plan && (
        <select
          class="in auto versions"
          aria-label={t('plan.version')}
          value={String(plan.version)}
          onChange={(e) => setQuery({ v: e.currentTarget.value, r: null })}
        >
          {versions.map((v) => (
            <option key={v.id} value={String(v.version)}>
              {t('plan.versionState', { n: v.version, state: tk('planState', v.state).toLowerCase() })}
            </option>
          ))}
        </select>
      )}
      {onCompare && (
        <button type="button" class="btn sm" aria-pressed={comparing} onClick={onCompare}>
          {t('compare.button')}
        </button>
      )}
      <Steps state={plan?.state ?? ''} />
      <div class="grow" />
      {editable && (
        <div class="row undo">
          <button
            type="button"
            class="btn quiet icon"
            disabled={!undo || busy}
            onClick={() => undo?.()}
            aria-label={t('edit.undo')}
            title={`${t('edit.undo')} (Ctrl Z)`}
          >
            <Icon name="undo" />
          </button>
          <button
            type="button"
            class="btn quiet icon"
            disabled={!redo || busy}
            onClick={() => redo?.()}
            aria-label={t('edit.redo')}
            title={`${t('edit.redo')} (Ctrl Shift Z)`}
          >
            <Icon name="redo" />
          </button>
        </div>
      )}
      {onReplan && (
        <button type="button" class="btn" onClick={onReplan}>
          {t('replan.button')}
        </button>
      )}
      {plan && !onApprove && plan.state === 'published' && (
        <span class="chip ok xwide">
          <Icon name="check" sm />
          {t('plan.published')}
        </span>
      )}
      {onApprove && (
        <button type="button" class="btn pri" onClick={onApprove}>
          {plan?.state === 'approved' ? t('plan.publish') : t('plan.approve')}{' '}
          <kbd class="kbd wide">Ctrl ↵</kbd>
        </button>
      )}
    </header>
  );
}

/** Steps tell where in the work the plan is. */
function Steps({ state }: { state: string }) {
  const done = { '': 0, draft: 1, approved: 2, published: 3, superseded: 3 }[state] ?? 0;
  const steps: [string, IconName][] = [
    [t('step.generate'), 'check'],
    [t('step.review'), 'check'],
    [t('step.approve'), 'check'],
  ];
  return (
    <ol class="steps xwide" aria-label={t('step.label')}>
      {steps.map(([name, icon], i) => (
        <li
          key={name}
          class={i < done ? 'done' : i === done ? 'now' : ''}
          aria-current={i === done ? 'step' : undefined}
        >
          <i>{i < done ? <Icon name={icon} sm /> : i + 1}</i>
          <span class="name">{name}</span>
        </li>
      ))}
    </ol>
  );
}
