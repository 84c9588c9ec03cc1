// What happened to units on a day, and what each of them did.
import { useSignal } from '@preact/signals';
import * as dev from '../../api/devices';
import { t, tk } from '../../i18n';
import { addDays, clock, fromLocalInput, km, kmh, localInput, num, span } from '../../i18n/format';
import { district } from '../../state/session';
import { useLoad } from '../../ui/load';
import { Empty, Field } from '../../ui/parts';
import { SettingsPage, Table } from './marco';

/** dayStart is the local hour at which a unit's day begins. */
const dayStart = 'T06:00';

function today(): string {
  return localInput(Date.now() - 6 * 3_600_000).slice(0, 10);
}

function value(e: dev.UnitEvent): string {
  if (e.value === null) return '';
  if (e.kind === 'overspeed') return kmh(e.value * 3.6);
  if (e.kind === 'low_battery') return `${num(e.value * 100)} %`;
  return span(e.value);
}

function place(e: dev.UnitEvent): string {
  return e.kind === 'silence' || e.kind === 'alarm' ? tk(`ev.${e.kind}`, e.place) : e.place;
}

export function Events() {
  const u = district.value?.ubigeo ?? '';
  const date = useSignal(today());
  const load = useLoad(
    async (s) => {
      const from = fromLocalInput(date.value + dayStart) ?? new Date();
      const to = fromLocalInput(addDays(date.value, 1) + dayStart) ?? new Date();
      const [events, days] = await Promise.all([
        dev.events(u, from, to, '', s),
        dev.days(u, date.value, date.value, s),
      ]);
      return { events, days };
    },
    [u, date.value],
  );
  const events = load.data?.events ?? [];
  const days = load.data?.days ?? [];
  return (
    <SettingsPage
      title={t('set.events')}
      why={t('ev.why')}
      aside={
        <Field label={t('ev.date')}>
          <input
            class="in"
            type="date"
            value={date.value}
            max={today()}
            onChange={(e) => {
              if (e.currentTarget.value) date.value = e.currentTarget.value;
            }}
          />
        </Field>
      }
      wrap
      load={load}
    >
      {load.data && events.length + days.length === 0 && <Empty icon="list" title={t('ev.empty')} />}
      {days.length > 0 && (
        <Table
          head={
            <>
              <th>{t('ev.unit')}</th>
              <th class="r">{t('ev.distance')}</th>
              <th class="r">{t('ev.moving')}</th>
              <th class="r">{t('ev.idle')}</th>
              <th class="r">{t('ev.stopped')}</th>
              <th class="r">{t('ev.engine')}</th>
              <th class="r">{t('ev.trips')}</th>
              <th class="r">{t('ev.stops')}</th>
            </>
          }
        >
          {days.map((d) => (
            <tr key={d.unit}>
              <td>{d.unit}</td>
              <td class="num r">
                {km(d.metres)}
                {d.told && d.told.odometer > 0 && (
                  <div class="muted">
                    {t('ev.odometer', { km: km(d.told.metres), at: km(d.told.odometer) })}
                  </div>
                )}
              </td>
              <td class="num r">{span(d.moving)}</td>
              <td class="num r">{span(d.idle)}</td>
              <td class="num r">{span(d.stopped)}</td>
              <td class="num r">
                {d.engine ? span(d.engine) : '—'}
                {d.told && d.told.hours > 0 && (
                  <div class="muted">
                    {t('ev.hours', { ran: span(d.told.engine), at: num(d.told.hours / 3600) })}
                  </div>
                )}
              </td>
              <td class="num r">{num(d.trips)}</td>
              <td class="num r">{num(d.stops)}</td>
            </tr>
          ))}
        </Table>
      )}
      {events.length > 0 && (
        <Table
          head={
            <>
              <th>{t('ev.at')}</th>
              <th>{t('ev.unit')}</th>
              <th>{t('ev.what')}</th>
              <th>{t('ev.where')}</th>
              <th class="r">{t('ev.value')}</th>
              <th class="r">{t('ev.lasted')}</th>
            </>
          }
        >
          {events.map((e) => (
            <tr key={`${e.unit}${e.kind}${e.place}${e.start}`}>
              <td class="num">{clock(e.start, true)}</td>
              <td>{e.unit}</td>
              <td>{tk('ev.kind', e.kind)}</td>
              <td>{place(e)}</td>
              <td class="num r">{value(e)}</td>
              <td class="num r">{e.end ? span((e.end - e.start) / 1000) : ''}</td>
            </tr>
          ))}
        </Table>
      )}
    </SettingsPage>
  );
}
