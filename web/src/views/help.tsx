// The keys that exist, by place.
import { type Key, t } from '../i18n';
import { Dialog } from '../ui/parts';

const groups: readonly [Key, readonly [string, Key][]][] = [
  [
    'help.everywhere',
    [
      ['/', 'help.search'],
      ['g v · g p · g o · g z · g b · g a', 'help.go'],
      ['t', 'help.theme'],
      ['?', 'help.this'],
      ['Esc', 'help.close'],
      ['Ctrl Alt N', 'help.newIncident'],
    ],
  ],
  [
    'nav.live',
    [
      ['j k', 'help.unit'],
      ['Enter', 'help.follow'],
      ['f', 'help.fit'],
      ['l', 'help.layers'],
      ['r', 'help.resort'],
      ['← → · Shift ← →', 'help.replay'],
      ['Espacio', 'help.play'],
      ['0', 'help.back'],
    ],
  ],
  [
    'nav.plan',
    [
      ['j k', 'help.round'],
      ['f', 'help.fit'],
      ['b', 'help.lock'],
      ['m', 'help.move'],
      ['Supr', 'help.takeOut'],
      ['Alt ↑ · Alt ↓', 'help.reorder'],
      ['Ctrl Z · Ctrl Shift Z', 'help.undo'],
      ['Ctrl Enter', 'help.approve'],
    ],
  ],
  ['nav.incidents', [['Ctrl Enter', 'help.save']]],
];

export function Help({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t('help.title')} onClose={onClose}>
      {groups.map(([title, keys]) => (
        <section key={title}>
          <h3>{t(title)}</h3>
          <dl class="keys">
            {keys.map(([k, what]) => (
              <div key={k}>
                <dt>
                  {k.split(' · ').map((x) => (
                    <kbd class="kbd" key={x}>
                      {x}
                    </kbd>
                  ))}
                </dt>
                <dd>{t(what)}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <p class="hint">{t('help.off')}</p>
    </Dialog>
  );
}
