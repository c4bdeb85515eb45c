/** Which of a list's rows are seen, all of one height: what is beside a page of rows is arithmetic. */

import { type Accessor, createSignal, onCleanup, onMount } from "solid-js";

/** Rows beyond the edges of what is seen that exist all the same. */
const OVERSCAN = 8;

interface Options {
  list(): HTMLElement;
  rowPx: number;
  /** What the list scrolls with; the page without one. */
  scroller(): HTMLElement | undefined;
  /** The list or the page has moved. */
  moved(): void;
}

export interface Seen {
  view: Accessor<{ from: number; to: number }>;
  isSeen(index: number): boolean;
  /** Scrolls until a row is seen. */
  reveal(index: number): void;
}

export function createSeen({ list, rowPx, scroller, moved }: Options): Seen {
  const [view, setView] = createSignal({ from: 0, to: 40 }, { equals: (a, b) => a.from === b.from && a.to === b.to });

  /** In pixels from the list's top. */
  function edges(): { top: number; bottom: number } {
    const above = list().getBoundingClientRect().top;
    const frame = scroller()?.getBoundingClientRect() ?? { top: 0, bottom: innerHeight };
    return { top: frame.top - above, bottom: frame.bottom - above };
  }
  function measure(): void {
    const { top, bottom } = edges();
    setView({
      from: Math.max(0, Math.floor(top / rowPx) - OVERSCAN),
      to: Math.max(0, Math.ceil(bottom / rowPx) + OVERSCAN),
    });
    moved();
  }
  function isSeen(index: number): boolean {
    const { top, bottom } = edges();
    return index * rowPx >= top && (index + 1) * rowPx <= bottom;
  }
  function reveal(index: number): void {
    const { top, bottom } = edges();
    const [above, below] = [index * rowPx - top, (index + 1) * rowPx - bottom];
    const by = above < 0 ? above : Math.max(0, Math.min(below, above));
    (scroller() ?? document.documentElement).scrollTop += by;
    measure();
  }
  onMount(() => {
    const scrolls = scroller() ?? globalThis;
    const resized = new ResizeObserver(measure);
    scrolls.addEventListener("scroll", measure, { passive: true });
    resized.observe(scroller() ?? document.documentElement);
    onCleanup(() => {
      scrolls.removeEventListener("scroll", measure);
      resized.disconnect();
    });
    measure();
  });
  return { view, isSeen, reveal };
}
