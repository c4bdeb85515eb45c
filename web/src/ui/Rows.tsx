import {
  type Accessor,
  createEffect,
  createMemo,
  createRenderEffect,
  createSignal,
  For,
  type JSX,
  onCleanup,
  onMount,
  untrack,
} from "solid-js";
import { createLifting, type Lifting } from "./lifting";
import { type RowKeys, roving } from "./roving";
import { createSeen, type Seen } from "./seen";

/** What every row's element gets by `{...slot}`. */
export type Slot = JSX.HTMLAttributes<HTMLLIElement>;

/** How to go to a row from outside. */
export type RowsHandle = Pick<Seen, "reveal" | "isSeen">;

interface RowsProps<T> {
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
}

/**
 * A list of rows of one height, of which only those exist that are seen, so that 50,000 cost as much as 50. It scrolls
 * with `scroller` or, without one, with the page. Rows that are not known yet (`null`) are drawn `blank`; `onShow` tells
 * which ones are seen. The row with the focus and the one that is dragged exist wherever they are.
 */
export function Rows<T>(props: RowsProps<T>) {
  let list!: HTMLOListElement;
  const [active, setActive] = createSignal<number | null>(null);

  const places = createPlaces(props);
  const lifting = createLifting({
    ...places,
    list: () => list,
    rowPx: props.rowPx,
    count: () => props.items.length,
    may: () => props.drag?.may ?? false,
    drop(index, to) {
      const item = props.items[index];
      if (item != null) props.drag?.drop(item, to);
    },
  });
  const { view, isSeen, reveal } = createSeen({
    list: () => list,
    rowPx: props.rowPx,
    scroller: () => props.scroller,
    moved: lifting.follow,
  });
  onMount(() => {
    const reach = { count: () => props.items.length, to };
    onCleanup(roving(list, { ...props.keys, reach, onActive: (row) => setActive(Number(row)) }));
    props.handle?.({ reveal, isSeen });
  });
  createEffect(() => {
    // Also when other items have taken the place of those that were seen: they may not be known.
    const { items } = props;
    const [from, to] = [view().from, Math.min(view().to, items.length)];
    untrack(() => props.onShow?.(from, to));
  });

  const { keyAt, indexOf } = places;
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

  function to(index: number): void {
    setActive(keyAt(index));
    reveal(index);
    list.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll: true });
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
          const slot = slotOf({ index, key, rowPx: props.rowPx, total: () => props.items.length, lifting });
          if (key < 0) return props.blank?.(slot);
          const item = createMemo<T | null>((before) => {
            const found = props.items[index()];
            return found != null && props.keyOf(found) === key ? found : before;
          }, null);
          return props.row(item as Accessor<T>, index, slot);
        }}
      </For>
    </ol>
  );
}

/** What rows are called, so that they outlast a change of their place; those that are not known yet by their place. */
function createPlaces<T>(props: Pick<RowsProps<T>, "items" | "keyOf">) {
  const keyAt = (index: number) => {
    const item = props.items[index];
    return item == null ? -1 - index : props.keyOf(item);
  };
  const indexOf = (key: number) =>
    key < 0 ? -1 - key : props.items.findIndex((item) => item != null && props.keyOf(item) === key);
  return { keyAt, indexOf };
}

interface Place {
  index: Accessor<number>;
  key: number;
  rowPx: number;
  total: Accessor<number>;
  lifting: Lifting;
}

function slotOf({ index, key, rowPx, total, lifting }: Place): Slot {
  const isLifted = () => lifting.lifted() === key;
  return {
    ref: (el: HTMLElement) =>
      createRenderEffect(() => el.style.setProperty("top", `${isLifted() ? lifting.topPx() : index() * rowPx}px`)),
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
      return total();
    },
  } as Slot;
}
