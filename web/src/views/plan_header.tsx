// Which shift and version is shown, the steps, and the one primary button.
import type { PlanBrief } from '../api/endpoints';
import { t, tk } from '../i18n';
import { go, setQuery } from '../state/router';
import { Icon, type IconName } from '../ui/icons';
import { ShiftPicker } from './shift_picker';

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
  return (
    <header class="pagehead">
      <h1>{t('plan.title')}</h1>
      <ShiftPicker shift={shift} onChange={(to) => go(`/plan/${to}`)} />
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
