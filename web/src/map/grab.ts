// Taking what is picked from the map: pressing on it begins a drag of the page
// instead of moving the map.

/**
 * grabbable lets what lies at some places of the map be dragged away; near tells
 * whether there is anything to take. It gives back what ends that.
 */
export function grabbable(
  root: HTMLElement,
  pan: { enable(): void; disable(): void },
  near: (x: number, y: number) => boolean,
  start: (e: DragEvent) => void,
  end: () => void,
): () => void {
  let held = false;
  const hold = (on: boolean) => {
    if (held === on) return;
    held = on;
    root.draggable = on;
    if (on) pan.disable();
    else pan.enable();
  };
  const press = (e: MouseEvent) => {
    if (e.button === 0 && near(e.clientX, e.clientY)) hold(true);
  };
  const release = () => hold(false);
  const move = (e: MouseEvent) => root.classList.toggle('takeable', near(e.clientX, e.clientY));
  const begin = (e: DragEvent) => {
    if (held) start(e);
  };
  const finish = () => {
    hold(false);
    end();
  };
  root.addEventListener('mousedown', press, true); // before the map takes it for moving
  root.addEventListener('mousemove', move);
  addEventListener('mouseup', release);
  root.addEventListener('dragstart', begin);
  root.addEventListener('dragend', finish);
  return () => {
    hold(false);
    root.classList.remove('takeable');
    root.removeEventListener('mousedown', press, true);
    root.removeEventListener('mousemove', move);
    removeEventListener('mouseup', release);
    root.removeEventListener('dragstart', begin);
    root.removeEventListener('dragend', finish);
  };
}
