/**
 * A list is one stop for the Tab key. Arrows, Home and End go from row to row, left and right through a row's own
 * controls. Rows are the elements with `data-row`, whose value names the row for as long as it lives: the focus belongs
 * to the row and not to its element, so it stays when a row is moved or drawn anew.
 */

export interface RowKeys {
  /** What Enter does with a row; without it, Enter opens the row's menu or presses its first control. */
  enter?(row: HTMLElement): void;
  remove?(row: HTMLElement): void;
  /** Alt and an arrow. */
  shift?(row: HTMLElement, by: 1 | -1): void;
  /** Where Tab comes in if no row was visited and none is the current one. */
  start?: "first" | "last";
  /** For lists of which only a part exists, whose rows have a `data-index`: goes to one of `count` rows. */
  reach?: { count(): number; to(index: number): void };
  /** Which row is the stop now; it must go on existing. */
  onActive?(row: string): void;
}

const CURRENT = '[aria-current]:not([aria-current="false"]), [aria-selected="true"]';
const CONTROLS = "button, a[href], input, summary";

/** Returns how to stop. */
export function roving(list: HTMLElement, keys: RowKeys = {}): () => void {
  let active: string | undefined;
  /** Which row of those that exist the active one is, for when it goes. */
  let place = 0;
  let hasFocus = false;

  const rows = () => [...list.querySelectorAll<HTMLElement>("[data-row]")];

  function stop(all: HTMLElement[]): HTMLElement | undefined {
    const visited = all.find((row) => row.dataset.row === active);
    if (visited) return visited;
    if (hasFocus) return all[Math.min(place, all.length - 1)];
    return all.find((row) => row.matches(CURRENT)) ?? all.at(keys.start === "last" ? -1 : 0);
  }
  function tidy(): void {
    const all = rows();
    const current = stop(all);
    for (const row of all) {
      tabindex(row, row === current ? 0 : -1);
      for (const control of controlsOf(row)) tabindex(control, -1);
    }
    if (!current) return;
    place = all.indexOf(current);
    const lost = document.activeElement === document.body || document.activeElement === null;
    if (hasFocus && lost) current.focus({ preventScroll: true });
  }

  function came(event: FocusEvent): void {
    hasFocus = list.contains(event.target as Node);
    const row = hasFocus ? rowOf(event.target) : null;
    if (!row || row.dataset.row === active) return;
    active = row.dataset.row;
    if (active !== undefined) keys.onActive?.(active);
    tidy();
  }
  const pressedElsewhere = (event: PointerEvent) => {
    if (!list.contains(event.target as Node)) hasFocus = false;
  };

  const act = acts(rows, keys);
  function pressed(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    const row = rowOf(target);
    if (
      !row ||
      event.defaultPrevented ||
      event.ctrlKey ||
      event.metaKey ||
      target.closest(`[popover], input:not([type="checkbox"]), textarea, select`)
    )
      return;
    if (act(event, row)) event.preventDefault();
  }

  const observer = new MutationObserver(tidy);
  observer.observe(list, { childList: true, subtree: true, attributeFilter: ["aria-current", "aria-selected"] });
  list.addEventListener("keydown", pressed);
  document.addEventListener("focusin", came);
  document.addEventListener("pointerdown", pressedElsewhere);
  tidy();
  return () => {
    observer.disconnect();
    list.removeEventListener("keydown", pressed);
    document.removeEventListener("focusin", came);
    document.removeEventListener("pointerdown", pressedElsewhere);
  };
}

const rowOf = (target: EventTarget | null) => (target as HTMLElement | null)?.closest?.<HTMLElement>("[data-row]") ?? null;
const controlsOf = (row: HTMLElement) =>
  [...row.querySelectorAll<HTMLElement>(CONTROLS)].filter((control) => !control.closest("[popover]"));

function tabindex(element: HTMLElement, wanted: 0 | -1): void {
  if (element.getAttribute("tabindex") !== String(wanted)) element.tabIndex = wanted;
}

/** What keys do on a row; true when they did something. */
function acts(rows: () => HTMLElement[], keys: RowKeys): (event: KeyboardEvent, row: HTMLElement) => boolean {
  function go(row: HTMLElement, by: number | "first" | "last"): void {
    if (keys.reach) {
      const end = keys.reach.count() - 1;
      const to = by === "first" ? 0 : by === "last" ? end : Number(row.dataset.index) + by;
      return keys.reach.to(Math.max(0, Math.min(end, to)));
    }
    const all = rows();
    const to = by === "first" ? 0 : by === "last" ? all.length - 1 : all.indexOf(row) + by;
    all[Math.max(0, Math.min(all.length - 1, to))]?.focus();
  }
  /** True when there was somewhere to go. */
  function aside(row: HTMLElement, by: 1 | -1): boolean {
    const stops = [row, ...controlsOf(row).filter((control) => control.checkVisibility?.() ?? true)];
    // Rows without controls stand beside one another as often as below.
    if (stops.length === 1) {
      if (row.matches("a, button")) go(row, by);
      return row.matches("a, button");
    }
    const at = stops.indexOf(document.activeElement as HTMLElement);
    stops[Math.max(0, Math.min(stops.length - 1, at + by))]?.focus();
    return true;
  }
  return (event, row) => {
    const onRow = event.target === row;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp": {
        const by = event.key === "ArrowDown" ? 1 : -1;
        if (!event.altKey) go(row, by);
        else if (keys.shift) keys.shift(row, by);
        return !event.altKey || keys.shift !== undefined;
      }
      case "ArrowRight":
      case "ArrowLeft":
        return !event.altKey && aside(row, event.key === "ArrowRight" ? 1 : -1);
      case "Home":
      case "End":
        go(row, event.key === "Home" ? "first" : "last");
        return true;
      case "Delete":
        if (onRow) keys.remove?.(row);
        return onRow && keys.remove !== undefined;
      case "Enter": {
        // Links and buttons do theirs by themselves.
        if (!onRow || row.matches("a, button")) return false;
        if (keys.enter) keys.enter(row);
        else (row.querySelector<HTMLElement>('[aria-haspopup="menu"]') ?? controlsOf(row)[0])?.click();
        return true;
      }
      default:
        return false;
    }
  };
}
