// A day of the calendar, shown as the page writes days and not as the browser does.

interface Props {
  label: string;
  shown: string; // the day in words
  value: string; // AAAA-MM-DD
  named?: boolean; // the label is to be seen, too
  onDay: (day: string) => void;
}

export function DayField({ label, shown, value, named = false, onDay }: Props) {
  return (
    <label class={named ? 'datefield named' : 'datefield'}>
      <span class={named ? 'lab' : 'sr'}>{label}</span>
      <span aria-hidden="true">{shown}</span>
      <input
        type="date"
        value={value}
        onChange={(e) => e.currentTarget.value && onDay(e.currentTarget.value)}
      />
    </label>
  );
}
