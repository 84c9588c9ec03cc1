import { t, tk } from '../i18n';
import { Glyph } from '../ui/glyph';
import type { LayerName } from './vivo_layers';

const states = ['patrol', 'stopped', 'transit', 'silent', 'offline'] as const;

/** Legend names every sign that the shown layers can draw. */
export function Legend({ layers }: { layers: ReadonlySet<LayerName> }) {
  const cover = layers.has('cobertura');
  return (
    <ul class="legend wide" aria-label={t('legend')}>
      {layers.has('unidades') &&
        states.map((s) => (
          <li key={s}>
            <Glyph state={s} size={16} />
            {tk('state', s)}
          </li>
        ))}
      {layers.has('zonas') && (
        <li>
          <i class="k cell" />
          {t('layer.cells')}
        </li>
      )}
      {layers.has('pnp') && (
        <li>
          <i class="k pnp" />
          PNP
        </li>
      )}
      {layers.has('rondas') && (
        <li>
          <i class="k tour" />
          {t('layer.rounds')}
        </li>
      )}
      {cover && <CoverageKey />}
    </ul>
  );
}

export function CoverageKey() {
  return (
    <>
      <li>
        <i class="k ln municipal" />
        {t('force.municipal')}
      </li>
      <li>
        <i class="k ln police" />
        {t('force.police')}
      </li>
      <li>
        <i class="k ln both" />
        {t('force.both')}
      </li>
      <li>
        <i class="k ln none" />
        {t('force.none')}
      </li>
    </>
  );
}
