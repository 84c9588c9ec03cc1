// Which layers the live map shows; kept in the address, so that a link shows the same.
import type { Signal } from '@preact/signals';
import { type Key, t } from '../i18n';
import { prefs, setPrefs } from '../state/prefs';
import { place, setQuery } from '../state/router';
import { Icon } from '../ui/icons';

export const layerNames = ['unidades', 'rastros', 'zonas', 'pnp', 'rondas', 'cobertura'] as const;
export type LayerName = (typeof layerNames)[number];
const first: LayerName[] = ['unidades', 'rastros', 'zonas', 'pnp'];

const words: Record<LayerName, [Key, Key]> = {
  unidades: ['layer.units', 'layer.unitsWhy'],
  rastros: ['layer.trails', 'layer.trailsWhy'],
  zonas: ['layer.cells', 'layer.cellsWhy'],
  pnp: ['layer.police', 'layer.policeWhy'],
  rondas: ['layer.rounds', 'layer.roundsWhy'],
  cobertura: ['layer.coverage', 'layer.coverageWhy'],
};

export function shownLayers(): ReadonlySet<LayerName> {
  const asked = place.value.query.get('capas');
  const list = asked !== null ? asked.split(',') : (prefs.value.layers ?? first);
  return new Set(layerNames.filter((n) => list.includes(n)));
}

function toggle(name: LayerName, on: boolean): void {
  const now = new Set(shownLayers());
  if (on) now.add(name);
  else now.delete(name);
  const list = layerNames.filter((n) => now.has(n));
  setQuery({ capas: list.join(',') || 'ninguna' });
  setPrefs({ layers: list });
}

export function LayerPanel({ open, layers }: { open: Signal<boolean>; layers: ReadonlySet<LayerName> }) {
  return (
    <div class="layers">
      <button
        type="button"
        class="btn mapbtn"
        aria-expanded={open.value}
        aria-controls="capas"
        onClick={() => {
          open.value = !open.value;
        }}
        title={`${t('layer.title')} (L)`}
      >
        <Icon name="layers" />
        {t('layer.title')}
        <span class="count num">{layers.size}</span>
      </button>
      {open.value && (
        <fieldset id="capas" class="card menu">
          <legend class="sr">{t('layer.title')}</legend>
          {layerNames.map((n) => (
            <label class="check two" key={n}>
              <input
                type="checkbox"
                checked={layers.has(n)}
                onChange={(e) => toggle(n, e.currentTarget.checked)}
              />
              <span>
                {t(words[n][0])}
                <small class="hint">{t(words[n][1])}</small>
              </span>
            </label>
          ))}
        </fieldset>
      )}
    </div>
  );
}
