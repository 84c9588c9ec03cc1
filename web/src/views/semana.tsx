// The week of incidents: hour by weekday.
import { t, tk } from '../i18n';
import { num } from '../i18n/format';

/** blockOf adds two hours; it is hidden as soon as one of them is. */
export function blockOf(first: number | null, second: number | null): number | null {
  return first === null || second === null ? null : first + second;
}

/** Days in the order of a Peruvian calendar, by their number (Sunday = 0). */
const days = [1, 2, 3, 4, 5, 6, 0];
/** Hours are shown in blocks of two, so that one square fits a finger's width of screen. */
const blocks = Array.from({ length: 12 }, (_, i) => i * 2);

/**
 * WeekMatrix is hour × weekday, five classes of equal width with their scale. An
 * hour too few to be told is null; a block with such an hour is not told either.
 */
export function WeekMatrix({ week }: { week: readonly (readonly (number | null)[])[] }) {
  const at = (d: number, h: number) => blockOf(week[d]?.[h] ?? null, week[d]?.[h + 1] ?? null);
  const squares = days.flatMap((d) => blocks.map((h) => at(d, h)));
  const most = Math.max(0, ...squares.filter((n) => n !== null));
  const level = (n: number) => (n <= 0 || most <= 0 ? 0 : Math.max(1, Math.ceil((n / most) * 5)));
  return (
    <>
      <table class="week">
        <thead>
          <tr>
            <th scope="col">
              <span class="sr">{t('zone.day')}</span>
            </th>
            {blocks.map((h) => (
              <th key={h} scope="col">
                {h % 6 === 0 ? h : <span class="sr">{h}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {days.map((d) => (
            <tr key={d}>
              <th scope="row">{tk('weekday', String(d))}</th>
              {blocks.map((h) => {
                const n = at(d, h);
                const when = { day: tk('weekday', String(d)), from: h, to: h + 2 };
                if (n === null)
                  return (
                    <td key={h} title={t('zone.squareHidden', when)} class="hid">
                      –<span class="sr"> {t('zone.hidden')}</span>
                    </td>
                  );
                const shown = num(n, n % 1 ? 1 : 0);
                return (
                  <td key={h} title={t('zone.square', { ...when, n: shown })} class={`w${level(n)}`}>
                    <span class="sr">{shown}</span>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {most > 0 && (
        <p class="hint row">
          <span>{t('zone.scale')}</span> <i class="k w0" /> 0 <i class="k w1" /> {'>'} 0 <i class="k w5" />{' '}
          {num(most, most % 1 ? 1 : 0)}
        </p>
      )}
      {squares.includes(null) && <p class="hint">{t('zone.hiddenKey')}</p>}
    </>
  );
}
