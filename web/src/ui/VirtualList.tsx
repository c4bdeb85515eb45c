import { createMemo, createRenderEffect, createSignal, For, type JSX, onCleanup, onMount } from "solid-js";

const OVERSCAN = 8;

/**
 * Rows of one height, of which only those near the window exist, so that 50,000 cost as much as 50. Scrolls with the
 * page. `onNearEnd` is called when the last rows come close.
 */
export function VirtualList<T>(props: {
  items: readonly T[];
  rowPx: number;
  label: string;
  onNearEnd?(): void;
  children(item: T, index: () => number): JSX.Element;
}) {
  let box!: HTMLDivElement;
  const [view, setView] = createSignal({ from: 0, to: 40 }, { equals: (a, b) => a.from === b.from && a.to === b.to });

  function measure(): void {
    const top = -box.getBoundingClientRect().top;
    const from = Math.max(0, Math.floor(top / props.rowPx) - OVERSCAN);
    const to = Math.ceil((top + innerHeight) / props.rowPx) + OVERSCAN;
    setView({ from, to });
    if (to >= props.items.length) props.onNearEnd?.();
  }
  onMount(() => {
    measure();
    addEventListener("scroll", measure, { passive: true });
    addEventListener("resize", measure);
  });
  onCleanup(() => {
    removeEventListener("scroll", measure);
    removeEventListener("resize", measure);
  });

  const shown = createMemo(() => props.items.slice(view().from, view().to));
  return (
    <div
      ref={(el) => {
        box = el;
        el.style.setProperty("position", "relative");
        createRenderEffect(() => el.style.setProperty("height", `${props.items.length * props.rowPx}px`));
      }}
      role="list"
      aria-label={props.label}
    >
      <div
        ref={(el) => {
          createRenderEffect(() => el.style.setProperty("transform", `translateY(${view().from * props.rowPx}px)`));
        }}
      >
        <For each={shown()}>{(item, index) => props.children(item, () => view().from + index())}</For>
      </div>
    </div>
  );
}
