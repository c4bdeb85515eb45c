import { type Accessor, createEffect, createMemo, createRenderEffect, createSignal, For, type JSX, onCleanup, onMount, untrack } from "solid-js";
import { createLifting } from "./lifting";
import { type RowKeys, roving } from "./roving";

/** Rows beyond the edges of what is seen that exist all the same. */
const OVERSCAN = 8;

/** What every row's element gets by `{...slot}`. */
export type Slot = JSX.HTMLAttributes<HTMLLIElement>;

/** How to go to a row from outside. */
export interface RowsHandle {
  /** Scrolls until a row is seen. */
  reveal(index: number): void;
  isSeen(index: number): boolean;
}

/**
 * A list of rows of one height, of which only those exist that are seen, so that 50,000 cost as much as 50. It scrolls
 * with `scroller` or, without one, with the page. Rows that are not known yet (`null`) are drawn `blank`; `onShow` tells
 * which ones are seen. The row with the focus and the one that is dragged exist wherever they are.
 */
export function Rows<T>(props: {
  items: readonly (T | null)[];
  keyOf(item: T): number;
  rowPx: number;
  label: string;
  id?: string;
  describedBy?: string;
  scroller?: HTMLElement | undefined;
  /** How rows are dragged to other places. */
  drag?: { may: boolean; drop(item: T, to: number): void };
  keys?: RowKeys;
  handle?(handle: RowsHandle): void;
  onShow?(from: number, to: number): void;
  row(item: Accessor<T>, index: Accessor<number>, slot: Slot): JSX.Element;
  blank?(slot: Slot): JSX.Element;
}) {
  let list!: HTMLOListElement;
  const [view, setView] = createSignal({ from: 0, to: 40 }, { equals: (a, b) => a.from === b.from && a.to === b.to });
  const [active, setActive] = createSignal<number | null>(null);

  /** In pixels from the list's top. */
  function seen(): { top: number; bottom: number } {
    const above = list.getBoundingClientRect().top;
    const frame = props.scroller?.getBoundingClientRect() ?? { top: 0, bottom: innerHeight };
    return { top: frame.top - above, bottom: frame.bottom - above };
  }
  function measure(): void {
    const { top, bottom } = seen();
    setView({
      from: Math.max(0, Math.floor(top / props.rowPx) - OVERSCAN),
      to: Math.max(0, Math.ceil(bottom / props.rowPx) + OVERSCAN),
    });
    lifting.follow();
  }
  onMount(() => {
    const scrolls = props.scroller ?? globalThis;
    const resized = new ResizeObserver(measure);
    scrolls.addEventListener("scroll", measure, { passive: true });
    resized.observe(props.scroller ?? document.documentElement);
    const stop = roving(list, {
      ...props.keys,
      reach: { count: () => props.items.length, to },
      onActive: (row) => setActive(Number(row)),
    });
    onCleanup(() => {
      scrolls.removeEventListener("scroll", measure);
      resized.disconnect();
      stop();
    });
    measure();
    props.handle?.({ reveal, isSeen });
  });
  createEffect(() => {
    // Also when other items have taken the place of those that were seen: they may not be known.
    const { items } = props;
    const [from, to] = [view().from, Math.min(view().to, items.length)];
    untrack(() => props.onShow?.(from, to));
  });

  // Rows that are not known yet are called by their place.
  const keyAt = (index: number) => {
    const item = props.items[index];
    return item == null ? -1 - index : props.keyOf(item);
  };
  const indexOf = (key: number) => (key < 0 ? -1 - key : props.items.findIndex((item) => item != null && props.keyOf(item) === key));
  const lifting = createLifting({
    list: () => list,
    rowPx: props.rowPx,
    count: () => props.items.length,
    keyAt,
    indexOf,
    may: () => props.drag?.may ?? false,
    drop(index, to) {
      const item = props.items[index];
      if (item != null) props.drag?.drop(item, to);
    },
  });
  const shown = createMemo(() => {
    const { from, to } = view();
    const end = Math.min(to, props.items.length);
    const found = new Map<number, number>();
    for (let index = Math.min(from, end); index < end; index++) found.set(keyAt(index), index);
    for (const key of [active(), lifting.lifted()]) {
      const index = key === null || found.has(key) ? -1 : indexOf(key);
      if (key !== null && index >= 0 && index < props.items.length) found.set(keyAt(index), index);
    }
    return new Map([...found].toSorted((a, b) => a[1] - b[1]));
  });
  const keys = createMemo(() => [...shown().keys()]);

  function isSeen(index: number): boolean {
    const { top, bottom } = seen();
    return index * props.rowPx >= top && (index + 1) * props.rowPx <= bottom;
  }
  function reveal(index: number): void {
    const { top, bottom } = seen();
    const [above, below] = [index * props.rowPx - top, (index + 1) * props.rowPx - bottom];
    const by = above < 0 ? above : Math.max(0, Math.min(below, above));
    (props.scroller ?? document.documentElement).scrollTop += by;
    measure();
  }
  function to(index: number): void {
    setActive(keyAt(index));
    reveal(index);
    list.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true });
  }

  function slotOf(index: Accessor<number>, key: number): Slot {
    const isLifted = () => lifting.lifted() === key;
    return {
      ref: (el: HTMLElement) =>
        createRenderEffect(() => el.style.setProperty("top", `${isLifted() ? lifting.topPx() : index() * props.rowPx}px`)),
      "data-row": key,
      // The list's one stop is made from it; a row that has just been made can have the focus at once.
      tabindex: -1,
      get "data-index"() {
        return index();
      },
      get "data-lifted"() {
        return isLifted() ? "" : undefined;
      },
      /** Where what is dragged would come to stand. */
      get "data-drop"() {
        return lifting.mark()?.row === key ? lifting.mark()?.side : undefined;
      },
      get "aria-posinset"() {
        return index() + 1;
      },
      get "aria-setsize"() {
        return props.items.length;
      },
    } as Slot;
  }
  return (
    <ol
      ref={(el) => {
        list = el;
        createRenderEffect(() => el.style.setProperty("height", `${props.items.length * props.rowPx}px`));
      }}
      id={props.id}
      class="rows"
      classList={{ draggable: props.drag?.may ?? false }}
      aria-label={props.label}
      aria-describedby={props.describedBy}
    >
      <For each={keys()}>
        {(key) => {
          const index = createMemo<number>((before) => shown().get(key) ?? before, 0);
          if (key < 0) return props.blank?.(slotOf(index, key));
          const item = createMemo<T | null>((before) => {
            const found = props.items[index()];
            return found != null && props.keyOf(found) === key ? found : before;
          }, null);
          return props.row(item as Accessor<T>, index, slotOf(index, key));
        }}
      </For>
    </ol>
  );
}
