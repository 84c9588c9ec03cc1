// The sign of a unit's state beside its word: the same shapes as on the map.
import type { UnitState } from '../map/scene';

const shapes: Record<UnitState, preact.JSX.Element> = {
  patrol: (
    <>
      <circle cx="14" cy="14" r="12" class="fill" />
      <path d="M9.500 18.500 19.500 8.500 16 20l-2.200-4.200Z" class="on" />
    </>
  ),
  stopped: (
    <>
      <rect x="3" y="3" width="22" height="22" rx="5" class="fill" />
      <path d="M10 9h3v10h-3ZM15.500 9h3v10h-3Z" class="on" />
    </>
  ),
  planned_stop: (
    <>
      <rect x="3" y="3" width="22" height="22" rx="5" class="fill" />
      <path d="M10 9h3v10h-3ZM15.500 9h3v10h-3Z" class="on" />
    </>
  ),
  transit: (
    <>
      <circle cx="14" cy="14" r="11" class="line" />
      <path d="m9.500 15 4.500-4.500 4.500 4.500M9.500 19.500 14 15l4.500 4.500" class="line" />
    </>
  ),
  silent: (
    <>
      <circle cx="14" cy="14" r="11" class="line" stroke-dasharray="4 3.200" />
      <path
        d="M11.300 11.500a2.700 2.700 0 1 1 3.900 2.400c-.8.400-1.200.9-1.200 1.700M14 19h0"
        class="line"
      />
    </>
  ),
  offline: (
    <>
      <circle cx="14" cy="14" r="11" class="line" />
      <path d="m7 21 14-14" class="line" />
    </>
  ),
  alert: (
    <>
      <path d="M14 2 27 25H1Z" class="fill" />
      <path d="M14 10v7M14 21h0" class="mark" />
    </>
  ),
};

export function Glyph({ state, size = 28 }: { state: UnitState; size?: number }) {
  return (
    <svg
      class={`glyph ${state}`}
      width={size}
      height={size}
      viewBox="0 0 28 28"
      aria-hidden="true"
      focusable="false"
    >
      {shapes[state]}
    </svg>
  );
}
