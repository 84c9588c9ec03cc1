// What of a plan goes on paper: the rol de patrullaje and the hojas de ruta.
import { paperURL } from '../api/papers';
import type { Plan } from '../api/types';
import { t } from '../i18n';
import { district } from '../state/session';

/** PrintLinks open the papers of a plan's shift. */
export function PrintLinks({ plan }: { plan: Plan }) {
  const u = district.value?.ubigeo ?? '';
  const of = { plan: plan.id };
  return (
    <p class="row wrap printlinks">
      <span class="hint">{t('print.title')}</span>
      <a class="btn sm" href={paperURL(u, 'roster', plan.shift, of)} target="_blank" rel="noopener">
        {t('print.roster')}
      </a>
      <a class="btn sm" href={paperURL(u, 'route', plan.shift, of)} target="_blank" rel="noopener">
        {t('print.routes')}
      </a>
      <a class="btn sm" href={paperURL(u, 'route', plan.shift, { ...of, format: 'xlsx' })} download>
        {t('print.xlsx')}
      </a>
    </p>
  );
}
