// The frame that the lists of the settings share: head, what went wrong, tables.
import type { ComponentChildren } from 'preact';
import { t } from '../../i18n';
import { Icon } from '../../ui/icons';
import type { Loaded } from '../../ui/load';
import { Failure, Skeleton } from '../../ui/parts';

interface PageProps {
  title: string;
  why: string;
  aside?: ComponentChildren; // beside the title: the button that adds, a search
  wrap?: boolean; // the aside may go below the title
  load: Pick<Loaded<unknown>, 'data' | 'error' | 'loading' | 'reload'>;
  error?: string; // of an action
  rows?: number; // of the skeleton while the list is loading
  height?: number;
  children: ComponentChildren;
}

export function SettingsPage({
  title,
  why,
  aside,
  wrap,
  load,
  error = '',
  rows,
  height,
  children,
}: PageProps) {
  const head = (
    <>
      <h2>{title}</h2>
      <p class="muted">{why}</p>
    </>
  );
  const failed = load.error || error;
  return (
    <div class="setbody scroll">
      {aside === undefined ? (
        <header>{head}</header>
      ) : (
        <header class={wrap ? 'row wrap' : 'row'}>
          <div class="grow">{head}</div>
          {aside}
        </header>
      )}
      {failed && <Failure error={failed} retry={load.reload} />}
      {load.loading && !load.data && <Skeleton rows={rows} height={height} />}
      {children}
    </div>
  );
}

export function AddButton({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button type="button" class="btn pri" onClick={onClick}>
      <Icon name="plus" sm />
      {label}
    </button>
  );
}

/** Table is a card of rows; head are its th. */
export function Table({ head, children }: { head: ComponentChildren; children: ComponentChildren }) {
  return (
    <div class="card tablecard scroll">
      <table class="tbl">
        <thead>
          <tr>{head}</tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** ActionsHead heads the column of buttons; only readers of screens hear it. */
export function ActionsHead({ label = t('actions') }: { label?: string }) {
  return (
    <th>
      <span class="sr">{label}</span>
    </th>
  );
}
