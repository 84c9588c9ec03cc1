// A page to read: the head bar, and below it a column that scrolls.
import type { ComponentChildren } from 'preact';

export function Reading({ head, children }: { head: ComponentChildren; children: ComponentChildren }) {
  return (
    <main class="reading">
      <header class="pagehead">{head}</header>
      <div class="scroll body">
        <div class="col">{children}</div>
      </div>
    </main>
  );
}
