// The five steps in the header: where one is, what is done, what is missing.
import { t } from '../i18n';
import { doneOf, pathOf, type Standing, type Step, stepsOf } from '../state/plan_step';
import { place } from '../state/router';
import { role } from '../state/session';
import { Icon } from '../ui/icons';

export function Steps({ shift, at, standing }: { shift: string; at: Step; standing: Standing }) {
  const open = stepsOf(role.value);
  const done = doneOf(standing);
  // Reviewing and signing are of one version: the way between them keeps it.
  const version = place.value.query.get('v');
  const ofVersion = (s: Step) => s === 'revisar' || s === 'aprobar';
  if (open.length < 2) return null;
  return (
    <nav class="steps" aria-label={t('step.label')}>
      <ol>
        {open.map((s, i) => {
          const state = s === at ? 'now' : done[s] ? 'done' : '';
          return (
            <li key={s}>
              <a
                href={pathOf(shift, s, ofVersion(s) && ofVersion(at) ? version : null)}
                class={`${state} ${done[s] ? 'ready' : ''}`}
                aria-current={s === at ? 'step' : undefined}
                title={t(`step.why.${s}`)}
              >
                <i aria-hidden="true">{done[s] ? <Icon name="check" sm /> : i + 1}</i>
                <span class="name">{t(`step.${s}`)}</span>
                <span class="sr">{done[s] ? t('step.done') : t('step.open')}</span>
              </a>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
