// Date and shift of a view whose address carries them.
import { t } from '../i18n';
import { addDays, day } from '../i18n/format';
import { district } from '../state/session';
import { shiftDefs } from '../state/shifts';
import { DayField } from '../ui/dayfield';
import { Icon } from '../ui/icons';

export function ShiftPicker({ shift, onChange }: { shift: string; onChange: (shift: string) => void }) {
  const [date, code] = shift.split('/');
  const defs = shiftDefs(district.value?.ubigeo ?? '');
  if (!date || !code) return null;
  const open = (d: string, c: string) => onChange(`${d}/${c}`);
  return (
    <div class="row dates">
      <button
        type="button"
        class="btn quiet icon sm"
        onClick={() => open(addDays(date, -1), code)}
        aria-label={t('plan.dayBefore')}
      >
        <Icon name="left" sm />
      </button>
      <DayField label={t('plan.date')} shown={day(date)} value={date} onDay={(d) => open(d, code)} />
      <button
        type="button"
        class="btn quiet icon sm"
        onClick={() => open(addDays(date, 1), code)}
        aria-label={t('plan.dayAfter')}
      >
        <Icon name="right" sm />
      </button>
      <select
        class="in auto"
        value={code}
        aria-label={t('plan.shift')}
        onChange={(e) => open(date, e.currentTarget.value)}
      >
        {defs.map((s) => (
          <option key={s.code} value={s.code}>
            {s.name} {s.start}–{s.end}
          </option>
        ))}
        {!defs.some((s) => s.code === code) && <option value={code}>{code}</option>}
      </select>
    </div>
  );
}
