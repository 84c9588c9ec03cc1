// Short messages at the foot of the page, read out politely.
import { signal } from '@preact/signals';
import { Icon } from './icons';

interface Notice {
  id: number;
  text: string;
}

const notices = signal<Notice[]>([]);
let last = 0;

export function notify(text: string): void {
  const id = ++last;
  notices.value = [...notices.value.slice(-2), { id, text }];
  setTimeout(() => {
    notices.value = notices.value.filter((n) => n.id !== id);
  }, 5000);
}

export function Notices() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {notices.value.map((n) => (
        <div class="toast" key={n.id}>
          <Icon name="check" sm />
          {n.text}
        </div>
      ))}
    </div>
  );
}
