import type { HotCell } from '../api/types';
import { t } from '../i18n';
import { num } from '../i18n/format';
import { heatLimits } from './shapes';

/** HeatLegend prints the lower limit of each class under its box. */
export function HeatLegend({
  cells,
  rounds,
  police,
  unit,
}: {
  cells: HotCell[];
  unit?: string; // of what the cells are coloured by
  rounds?: boolean;
  police?: boolean;
}) {
  const limits = heatLimits(cells);
  const digits = (x: number) => (x >= 10 ? 0 : x >= 1 ? 1 : x >= 0.1 ? 2 : 3);
  return (
    <section class="card heat" aria-label={t('heat.title')}>
      <div class="row">
        <strong class="grow">{t('heat.title')}</strong>
        <span class="hint">{unit ?? t('heat.unit')}</span>
      </div>
      <ol>
        {limits.map((l, i) => (
          <li key={l}>
            <i class={`h${i + 1}`} />
            <span class="num">
              {i === 0 ? '0' : num(l, digits(l))}
              {i === 4 ? ` ${t('heat.more')}` : ''}
            </span>
          </li>
        ))}
      </ol>
      {(rounds || police) && (
        <ul class="row wrap keyrow">
          {rounds && (
            <>
              <li>
                <i class="k ln municipal" />
                {t('heat.round')}
              </li>
              <li>
                <i class="k ln transfer" />
                {t('heat.transfer')}
              </li>
            </>
          )}
          {police && (
            <li>
              <i class="k pnp" />
              {t('heat.police')}
            </li>
          )}
        </ul>
      )}
    </section>
  );
}
