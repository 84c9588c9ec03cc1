// Whether forecasts come true in number: what was expected of cells in 28 days
// against what came, and how the counts lie in their intervals.
import type { Calibration } from '../api/forecast';
import { t } from '../i18n';
import { num, pct } from '../i18n/format';

const size = 220; // of the plot's square
const edge = 34; // left and below, for the numbers

export function CalibrationPlot({ calibration: k }: { calibration: Calibration }) {
  const most = Math.max(0.001, ...k.bins.flatMap((b) => [b.expected, b.observed])) * 1.05;
  const x = (v: number) => edge + (v / most) * size;
  const y = (v: number) => size - (v / most) * size + 8;
  const digits = most >= 10 ? 0 : most >= 1 ? 1 : 2;
  return (
    <>
      <h3>{t('cal.title')}</h3>
      <p>
        {t('cal.verdict', { inside: pct(k.inside * 100, 1), n: num(k.counts), pit: pct(k.pit * 100, 1) })}
        {k.sectors
          ? ` ${t('cal.sectors', { inside: pct((k.sector_inside ?? 0) * 100, 1), n: num(k.sectors) })}`
          : ''}
      </p>
      <svg
        class="calplot"
        viewBox={`0 0 ${size + edge + 8} ${size + 44}`}
        role="img"
        aria-label={t('cal.plot')}
      >
        <rect x={edge} y="8" width={size} height={size} class="frame" />
        <line x1={x(0)} y1={y(0)} x2={x(most)} y2={y(most)} class="ideal" />
        <polyline points={k.bins.map((b) => `${x(b.expected)},${y(b.observed)}`).join(' ')} class="came" />
        {k.bins.map((b) => (
          <circle key={b.expected} cx={x(b.expected)} cy={y(b.observed)} r="4" class="came" />
        ))}
        <text x={edge - 4} y={y(0)} class="end">
          0
        </text>
        <text x={edge - 4} y={y(most) + 10} class="end">
          {num(most, digits)}
        </text>
        <text x={x(most)} y={size + 22} class="end">
          {num(most, digits)}
        </text>
        <text x={edge + size / 2} y={size + 38} class="mid">
          {t('cal.expected')}
        </text>
        <text x={-size / 2 - 8} y="12" class="mid" transform="rotate(-90)">
          {t('cal.observed')}
        </text>
      </svg>
      <details>
        <summary>{t('cal.table')}</summary>
        <table class="tbl">
          <thead>
            <tr>
              <th scope="col" class="num">
                {t('cal.expected')}
              </th>
              <th scope="col" class="num">
                {t('cal.observed')}
              </th>
              <th scope="col" class="num">
                {t('cal.counts')}
              </th>
            </tr>
          </thead>
          <tbody>
            {k.bins.map((b) => (
              <tr key={b.expected}>
                <td class="num">{num(b.expected, 3)}</td>
                <td class="num">{num(b.observed, 3)}</td>
                <td class="num">{num(b.counts)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p class="hint">{t('cal.formula')}</p>
      </details>
    </>
  );
}
