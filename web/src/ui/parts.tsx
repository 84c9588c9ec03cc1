// Small pieces that every view uses.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n';
import { Icon, type IconName } from './icons';

/** Bar is a value beside what is possible or expected: the tick. Both are percentages. */
export function Bar({
  value,
  tick,
  kind = '',
}: {
  value: number | null;
  tick?: number | null;
  kind?: '' | 'less' | 'both';
}) {
  const clip = (x: number) => `${Math.max(0, Math.min(100, x))}%`;
  const rest = value !== null && typeof tick === 'number' && tick > value;
  return (
    <div class={`bar ${kind}`} aria-hidden="true">
      {rest && <u style={{ width: clip(tick) }} />}
      {value !== null && <i style={{ width: clip(value) }} />}
      {typeof tick === 'number' && <b style={{ left: clip(tick) }} />}
    </div>
  );
}

interface NoteProps {
  tone?: '' | 'warn' | 'err' | 'ok';
  icon?: IconName;
  title?: string;
  code?: string;
  children?: ComponentChildren;
}

export function Note({ tone = '', icon, title, code, children }: NoteProps) {
  const name = icon ?? (tone === 'warn' || tone === 'err' ? 'warn' : tone === 'ok' ? 'check' : 'info');
  return (
    <div class={`note ${tone}`} role={tone === 'err' ? 'alert' : undefined}>
      <Icon name={name} />
      <div class="grow">
        {title && <strong>{title}</strong>}
        {children}
        {code && <code>{code}</code>}
      </div>
    </div>
  );
}

/** Failure says what failed, what is safe and what to do. */
export function Failure({ error, retry }: { error: string; retry?: () => void }) {
  return (
    <Note tone="err" title={error}>
      {retry && (
        <button type="button" class="btn sm" onClick={retry}>
          {t('retry')}
        </button>
      )}
    </Note>
  );
}

export function Empty({
  icon,
  title,
  children,
}: {
  icon: IconName;
  title: string;
  children?: ComponentChildren;
}) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <strong>{title}</strong>
      {children}
    </div>
  );
}

/** Skeleton rows of the final height; they show only after 400 ms. */
export function Skeleton({ rows = 6, height = 32 }: { rows?: number; height?: number }) {
  return (
    <div class="col pad" aria-busy="true" aria-label={t('loading')} role="status">
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} class="skel" style={{ height: `${height}px` }} />
      ))}
    </div>
  );
}

interface FieldProps {
  label: string;
  hint?: string;
  error?: string;
  children: ComponentChildren;
}

export function Field({ label, hint, error, children }: FieldProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is given as a child
    <label class="field">
      <span>{label}</span>
      {children}
      {hint && !error && <span class="hint">{hint}</span>}
      {error && <span class="err">{error}</span>}
    </label>
  );
}

interface SegProps<T extends string> {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  onChange: (v: T) => void;
}

export function Seg<T extends string>({ label, value, options, onChange }: SegProps<T>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as one control
    <div class="seg" role="group" aria-label={label}>
      {options.map(([v, text]) => (
        <button key={v} type="button" aria-pressed={v === value} onClick={() => onChange(v)}>
          {text}
        </button>
      ))}
    </div>
  );
}

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  footer?: ComponentChildren;
  beside?: boolean; // over the list, so that the map is seen
}

/** Dialog is modal; Esc closes it and the focus goes back to what opened it. */
export function Dialog({ title, onClose, children, footer, beside = false }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const opener = document.activeElement as HTMLElement | null;
    ref.current?.showModal();
    return () => opener?.focus?.();
  }, []);
  return (
    <dialog ref={ref} class={beside ? 'beside' : undefined} onClose={onClose} aria-label={title}>
      <header>
        <h2 class="grow">{title}</h2>
        <button type="button" class="btn quiet icon sm" onClick={onClose} aria-label={t('close')}>
          <Icon name="close" sm />
        </button>
      </header>
      <div class="body scroll">{children}</div>
      {footer && <footer>{footer}</footer>}
    </dialog>
  );
}

/** onSubmit keeps the browser from leaving the page. */
export function submit(f: () => void): (e: Event) => void {
  return (e) => {
    e.preventDefault();
    f();
  };
}
