// How much harm an incident of each class stands for: the weight that follows
// from the Penal Code beside the district's own.
import { useSignal } from '@preact/signals';
import * as api from '../api/forecast';
import { t } from '../i18n';
import { num } from '../i18n/format';
import { can, district } from '../state/session';
import { useLoad } from '../ui/load';
import { notify } from '../ui/notice';
import { Dialog, Failure, Skeleton } from '../ui/parts';

export function HarmWeights({ onClose }: { onClose: (saved: boolean) => void }) {
  const u = district.value?.ubigeo ?? '';
  const load = useLoad((s) => api.harm(u, s), [u]);
  const own = useSignal<Record<string, string>>({}); // as typed, by class
  const error = useSignal('');
  const busy = useSignal(false);
  const may = can('correct');
  const table = load.data;
  const typed = (k: api.HarmKind) => own.value[k.code] ?? (k.own ? String(k.weight) : '');
  const wrong = (text: string) => {
    const n = Number(text.replace(',', '.'));
    return text.trim() !== '' && table !== null && !(n >= table.least && n <= table.most);
  };
  const save = async () => {
    if (!table) return;
    const weights: Record<string, number> = {};
    for (const k of table.kinds) {
      const text = typed(k).trim();
      if (text) weights[k.code] = Number(text.replace(',', '.'));
    }
    busy.value = true;
    error.value = '';
    try {
      await api.saveHarm(u, weights);
      notify(t('saved'));
      onClose(true);
    } catch (e) {
      error.value = (e as Error).message;
    } finally {
      busy.value = false;
    }
  };
  const bad = table?.kinds.some((k) => wrong(typed(k))) ?? false;
  return (
    <Dialog
      title={t('weights.title')}
      onClose={() => onClose(false)}
      footer={
        may && (
          <button type="button" class="btn pri" disabled={busy.value || bad || !table} onClick={save}>
            {t('save')}
          </button>
        )
      }
    >
      <p class="muted">{t('weights.why', { least: num(table?.least ?? 1), most: num(table?.most ?? 30) })}</p>
      {load.error && <Failure error={load.error} retry={load.reload} />}
      {error.value && <Failure error={error.value} />}
      {!table && !load.error && <Skeleton rows={8} />}
      {table && (
        <div class="scroll">
          <table class="tbl weights">
            <thead>
              <tr>
                <th scope="col">{t('weights.class')}</th>
                <th scope="col">{t('weights.article')}</th>
                <th scope="col" class="num">
                  {t('weights.usual')}
                </th>
                <th scope="col" class="num">
                  {t('weights.own')}
                </th>
              </tr>
            </thead>
            <tbody>
              {table.kinds.map((k) => (
                <tr key={k.code}>
                  <td>
                    {k.levels[2]}
                    <span class="hint under">
                      {k.levels[0]} › {k.levels[1]}
                      {k.sensitive && ` · ${t('weights.sensitive')}`}
                    </span>
                  </td>
                  <td>
                    {k.article
                      ? t('weights.penal', { n: k.article, months: num(k.months) })
                      : t('weights.none')}
                  </td>
                  <td class="num">{num(k.usual, k.usual % 1 ? 1 : 0)}</td>
                  <td class="num">
                    {may ? (
                      <input
                        class="weight num"
                        inputMode="decimal"
                        aria-label={t('weights.of', { name: k.levels[2] })}
                        aria-invalid={wrong(typed(k))}
                        placeholder={num(k.usual, k.usual % 1 ? 1 : 0)}
                        value={typed(k)}
                        onInput={(e) => {
                          own.value = { ...own.value, [k.code]: e.currentTarget.value };
                        }}
                      />
                    ) : (
                      num(k.weight, k.weight % 1 ? 1 : 0)
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Dialog>
  );
}
