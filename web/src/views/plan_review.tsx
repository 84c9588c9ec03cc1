// Step 4: the verdict, the figures, the rounds, and what the last change did.
import type { PlanBrief } from '../api/endpoints';
import type { Comparison } from '../api/plan_change';
import type { Plan } from '../api/types';
import { t, tk } from '../i18n';
import type { Round } from '../map/scene';
import { editError, editing, lastChange } from '../state/plan_edit';
import { setQuery } from '../state/router';
import { can } from '../state/session';
import { Failure, Note } from '../ui/parts';
import { ChangeCard } from './plan_change';
import { ComparePanel } from './plan_compare';
import { PlanFigures } from './plan_figures';
import { Strip } from './plan_generate';
import { lockedRounds } from './plan_pick';
import { Rounds } from './plan_rounds';
import { PlanVerdict } from './plan_verdict';

interface Props {
  shift: string;
  plan: Plan;
  versions: readonly PlanBrief[];
  latest: boolean; // the newest version is shown
  noPolice: boolean;
  shapes: Round[];
  chosen: number;
  onChoose: (n: number) => void;
  drop: { onto: (unit: string) => void; over: (unit: string) => void } | null;
  dropName: string;
  onUndo: (() => void) | undefined;
  onRestore: () => void;
  onReplan: (() => void) | null; // null: the shift is not going on
  compare: { data: Comparison | null; error: string; show: (segment: string) => void } | null;
  onCompare: (() => void) | null; // null: there is nothing to compare with
}

export function ReviewStep(props: Props) {
  const { shift, plan, versions, latest, onCompare, onReplan, compare } = props;
  const own = lastChange.value && lastChange.value.change.plan.shift === shift ? lastChange.value : null;
  return (
    <>
      <div class="reviewbar row">
        <select
          class="in auto versions"
          aria-label={t('plan.version')}
          value={String(plan.version)}
          onChange={(e) => setQuery({ v: e.currentTarget.value, r: null })}
        >
          {!versions.some((v) => v.version === plan.version) && (
            <option value={String(plan.version)}>{word(plan)}</option>
          )}
          {versions.map((v) => (
            <option key={v.id} value={String(v.version)}>
              {word(v)}
            </option>
          ))}
        </select>
        <div class="grow" />
        {onCompare && (
          <button type="button" class="btn sm" aria-pressed={compare !== null} onClick={onCompare}>
            {t('compare.button')}
          </button>
        )}
        {onReplan && (
          <button type="button" class="btn sm" onClick={onReplan}>
            {t('replan.button')}
          </button>
        )}
      </div>
      {own && (
        <ChangeCard
          plan={plan}
          words={own.words}
          change={own.change}
          onUndo={props.onUndo}
          onClose={() => {
            lastChange.value = null;
          }}
        />
      )}
      {editError.value && (
        <div class="pad">
          <Failure error={editError.value} />
        </div>
      )}
      {!latest && can('plan') && (
        <div class="pad">
          <Note title={t('edit.readOnly')}>
            <button type="button" class="btn sm" disabled={editing.value} onClick={props.onRestore}>
              {t('edit.restoreThis')}
            </button>
          </Note>
        </div>
      )}
      {compare ? (
        <ComparePanel
          comparison={compare.data}
          error={compare.error}
          onClose={() => setQuery({ comparar: null })}
          onShow={compare.show}
        />
      ) : (
        <>
          <PlanVerdict plan={plan} noPolice={props.noPolice} />
          <PlanFigures plan={plan} />
          {can('plan') && latest && <Strip shift={shift} plan={plan} locked={lockedRounds(plan)} />}
          <Rounds
            plan={plan}
            shapes={props.shapes}
            chosen={props.chosen}
            onChoose={props.onChoose}
            drop={props.drop}
            dropName={props.dropName}
            changed={lastChange.value?.change.units ?? []}
          />
        </>
      )}
    </>
  );
}

const word = (v: { version: number; state: string }) =>
  t('plan.versionState', { n: v.version, state: tk('planState', v.state).toLowerCase() });
