// The backtest on the district's own incidents: the table of models, which one
// is in use, and whether the intervals hold what they promise.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import * as api from '../api/forecast';
import { t, tk } from '../i18n';
import { dateOf, day, num, pct } from '../i18n/format';
import { can, district } from '../state/session';
import { Choice } from '../ui/fields';
import { useLoad } from '../ui/load';
import { notify } from '../ui/notice';
import { Bar, Dialog, Failure, Note, Skeleton } from '../ui/parts';
import { CalibrationPlot } from './zonas_calibracion';

/** pollEvery is how often a test under way is asked for, in ms. */
const pollEvery = 1000;

export function ModelTest({ onClose }: { onClose: () => void }) {
  const u = district.value?.ubigeo ?? '';
  const load = useLoad((s) => api.backtests(u, s), [u]);
  const error = useSignal('');
  const last = load.data?.tests[0];
  const working = last?.state === 'under_way';
  const may = can('correct');
  useEffect(() => {
    if (!working) return;
    const timer = setTimeout(load.reload, pollEvery);
    return () => clearTimeout(timer);
  }, [working, load.data]);
  const act = async (what: () => Promise<unknown>) => {
    error.value = '';
    try {
      await what();
      load.reload();
    } catch (e) {
      error.value = (e as Error).message;
    }
  };
  const shown = load.data?.tests.find((b) => b.state === 'complete');
  return (
    <Dialog
      title={t('test.title')}
      onClose={onClose}
      footer={
        may && (
          <button
            type="button"
            class="btn pri"
            disabled={working}
            onClick={() => act(() => api.startBacktest(u))}
          >
            {t('test.start')}
          </button>
        )
      }
    >
      <p class="muted">{t('test.why')}</p>
      {load.error && <Failure error={load.error} retry={load.reload} />}
      {error.value && <Failure error={error.value} />}
      {load.loading && !load.data && <Skeleton rows={6} />}
      {working && (
        <div role="status">
          <p>{t('test.working', { n: num(last.done), of: num(last.total) })}</p>
          <Bar value={last.total ? (last.done / last.total) * 100 : 0} />
        </div>
      )}
      {last && (last.state === 'too_few' || last.state === 'broken') && (
        <Note tone="warn">{last.message}</Note>
      )}
      {load.data && (
        <ModelInUse
          use={load.data}
          may={may}
          onPick={(m) => act(() => api.saveModel(u, m).then(() => notify(t('saved'))))}
        />
      )}
      {shown && <Result test={shown} />}
      {load.data && !last && <p class="muted">{t('test.none')}</p>}
    </Dialog>
  );
}

function ModelInUse({
  use,
  may,
  onPick,
}: {
  use: api.Backtests;
  may: boolean;
  onPick: (model: string) => void;
}) {
  if (!may) return <p>{t('test.use', { model: tk('model', use.model || 'usual') })}</p>;
  const options = ['', ...use.models].map((m) => [m, tk('model', m || 'usual')] as const);
  return <Choice label={t('test.model')} value={use.model} options={options} onValue={onPick} />;
}

function Result({ test }: { test: api.Backtest }) {
  const rows = (test.scores ?? []).filter((s) => s.horizon === 'shift');
  const [from, to] = (test.test ?? '').split('..');
  return (
    <>
      <h3>{t('test.result', { n: num(test.incidents), from: day(from), to: day(to) })}</h3>
      {test.chosen && (
        <p>
          <strong>{t('test.chosen', { model: tk('model', test.chosen) })}</strong>
        </p>
      )}
      <div class="scroll">
        <table class="tbl">
          <thead>
            <tr>
              <th scope="col">{t('test.name')}</th>
              {[1, 5, 10, 20].map((n) => (
                <th key={n} scope="col" class="num">
                  {t('test.in', { n })}
                </th>
              ))}
              <th scope="col" class="num">
                {t('test.gain')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((s) => (
              <tr key={s.model} class={s.model === test.chosen ? 'on' : undefined}>
                <th scope="row">
                  {tk('model', s.model)}
                  {s.model === test.chosen && ' ✓'}
                </th>
                {[0, 2, 3, 4].map((i) => (
                  <td key={i} class="num">
                    {pct(s.hr[i] * 100, 1)}
                  </td>
                ))}
                <td class="num">{s.gain === undefined ? '—' : num(s.gain, 3)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="hint">
        {t('test.protocol', {
          fit: (test.fit ?? '').replace('..', ' – '),
          cells: num(test.cells),
          at: dateOf(test.at),
        })}
      </p>
      {test.calibration && <CalibrationPlot calibration={test.calibration} />}
    </>
  );
}
