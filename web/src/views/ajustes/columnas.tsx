// How a table of incidents is read: which column says what. It is guessed, shown
// with some of what each column holds, and kept for the next file of the source.
import type { Table } from '../../api/imports';
import { t, tk } from '../../i18n';
import { Note } from '../../ui/parts';

/** The roles that are asked for, in the order in which a person thinks of them. */
const roles = [
  'at',
  'hour',
  'until',
  'lat',
  'lon',
  'address',
  'block',
  'cross',
  'type1',
  'type2',
  'type3',
  'origin',
  'known',
  'assigned',
  'arrived',
  'outcome',
  'id',
] as const;

/** Choice is what a person said, beside what was guessed. */
export interface Choice {
  columns: Record<string, string>; // role → column; '' = none
  dates: string; // '' = as found out
  clock: string; // '' = as found out
}

export const noChoice: Choice = { columns: {}, dates: '', clock: '' };

/** mappingOf writes a whole reading, so that what is kept is what was seen. */
export function mappingOf(table: Table | null, c: Choice): string {
  if (!table || (Object.keys(c.columns).length === 0 && !c.dates && !c.clock)) return '';
  const columns: Record<string, string> = {};
  for (const r of roles) columns[r] = c.columns[r] ?? table.columns[r] ?? '';
  // What was kept and is not changed stays.
  const dates = c.dates || (table.kept ? table.dates : '');
  const clock = c.clock || (table.kept && table.zoned ? table.clock : '');
  return JSON.stringify({ columns, ...(dates && { dates }), ...(clock && { clock }) });
}

interface Props {
  table: Table;
  choice: Choice;
  busy: boolean;
  onChoose: (c: Choice) => void;
}

export function Columns({ table, choice, busy, onChoose }: Props) {
  const samples = new Map(table.header.map((h) => [h.name.trim(), h.samples]));
  const lacking = table.missing.length > 0;
  const said = mappingOf(table, choice) !== ''; // who says one thing may have another to say
  return (
    <details class="colmap" open={lacking || table.guessed.length > 0 || said}>
      <summary>{t(table.kept ? 'data.columnsKept' : 'data.columns')}</summary>
      {lacking && (
        <Note tone="warn" title={t('data.columnsMissing')}>
          <p>{t('data.columnsWhy')}</p>
        </Note>
      )}
      <table class="tbl small">
        <thead>
          <tr>
            <th>{t('data.datum')}</th>
            <th>{t('data.column')}</th>
            <th>{t('data.sample')}</th>
          </tr>
        </thead>
        <tbody>
          {roles.map((r) => {
            const column = choice.columns[r] ?? table.columns[r] ?? '';
            const need = table.missing.includes(r) && !column;
            return (
              <tr key={r}>
                <td>
                  <label for={`col-${r}`}>{tk('role', r)}</label>
                  {need && <span class="err"> {t('data.needed')}</span>}
                </td>
                <td>
                  <select
                    id={`col-${r}`}
                    class="in"
                    disabled={busy}
                    value={column}
                    onChange={(e) =>
                      onChoose({ ...choice, columns: { ...choice.columns, [r]: e.currentTarget.value } })
                    }
                  >
                    <option value="">{t('data.noColumn')}</option>
                    {table.header
                      .filter((h) => h.name.trim())
                      .map((h) => (
                        <option key={h.name} value={h.name.trim()}>
                          {h.name.trim()}
                        </option>
                      ))}
                  </select>
                </td>
                <td class="muted wraps">{(samples.get(column) ?? []).slice(0, 2).join(' · ')}</td>
              </tr>
            );
          })}
          <tr>
            <td>
              <label for="col-dates">{t('data.dates')}</label>
            </td>
            <td>
              <select
                id="col-dates"
                class="in"
                disabled={busy}
                value={choice.dates || table.dates}
                onChange={(e) => onChoose({ ...choice, dates: e.currentTarget.value })}
              >
                {['dmy', 'mdy', 'ymd'].map((o) => (
                  <option key={o} value={o}>
                    {tk('data.order', o)}
                  </option>
                ))}
              </select>
            </td>
            <td />
          </tr>
          {table.zoned && (
            <tr>
              <td>
                <label for="col-clock">{t('data.clock')}</label>
              </td>
              <td>
                <select
                  id="col-clock"
                  class="in"
                  disabled={busy}
                  value={choice.clock || table.clock}
                  onChange={(e) => onChoose({ ...choice, clock: e.currentTarget.value })}
                >
                  {['instant', 'local'].map((o) => (
                    <option key={o} value={o}>
                      {tk('data.clockRule', o)}
                    </option>
                  ))}
                </select>
              </td>
              <td />
            </tr>
          )}
        </tbody>
      </table>
    </details>
  );
}
