/** Which lines of a conversation exist on the page, and that what one reads stays in its place. */

import { type Accessor, createComputed, createEffect, createMemo, createSignal, on, onCleanup, onMount } from "solid-js";
import { earlier, extent, following, held, later } from "../../stage/lines";
import type { Stage } from "../../stage/stage";
import { attempt } from "../../state/notices";
import { roving } from "../../ui/roving";

/** This close to the end counts as reading along. */
const AT_END_PX = 60;
/** This close to the edge of what exists, more is made. */
const NEAR_PX = 400;

export function createReading(stage: Stage, visible: Accessor<boolean>, box: () => HTMLElement) {
  // Memos, so that what happens elsewhere on the stage costs nothing here.
  const chats = createMemo(() => stage.state()?.chats ?? []);
  const complete = createMemo(() => stage.state()?.chatsComplete ?? false);
  const [part, setPart] = createSignal(following);
  const follows = () => part().end === null;
  const shown = createMemo(
    () => {
      const { from, to } = extent(chats(), part());
      return chats()
        .slice(from, to)
        .map((line) => line.seq);
    },
    undefined,
    { equals: (a, b) => a.length === b.length && a.every((seq, n) => seq === b[n]) },
  );
  const last = createMemo(() => chats().at(-1)?.seq ?? 0);
  const toEnd = () => box().scrollTo({ top: box().scrollHeight });
  const follow = () => {
    setPart(following);
    toEnd();
  };

  const [loading, setLoading] = createSignal(false);
  async function loadEarlier(): Promise<void> {
    if (loading()) return;
    setLoading(true);
    const loaded = await attempt(stage.olderChats);
    setLoading(false);
    if (loaded && !follows()) setPart(earlier(chats(), part()));
  }
  function scrolled(): void {
    const { scrollTop: above, scrollHeight, clientHeight } = box();
    const below = scrollHeight - above - clientHeight;
    const { from, to } = extent(chats(), part());
    const atEnd = to === chats().length;
    if (atEnd && below < AT_END_PX) setPart((before) => (before.end === null ? before : following));
    else if (follows()) setPart(held(chats(), part()));
    if (above < NEAR_PX && from > 0) setPart(earlier(chats(), part()));
    else if (above < NEAR_PX && !complete()) void loadEarlier();
    else if (below < NEAR_PX && !atEnd) setPart(later(chats(), part()));
  }

  keepPlace(box, { shown, follows, toEnd, others: () => [stage.pending().length, visible()] });
  createEffect(on(last, () => follows() && stage.forgetEarlyChats()));
  return {
    chats,
    shown,
    follows,
    follow,
    loading,
    scrolled,
    someBelow: () => (part().end ?? last()) < last(),
    atBeginning: () => complete() && extent(chats(), part()).from === 0,
  };
}

/** What changes the lines, and what is done then for who reads along. */
interface Lines {
  shown: Accessor<number[]>;
  follows(): boolean;
  toEnd(): void;
  others(): unknown;
}

/** What one reads stays where it is while lines come and go above and below it: its place is taken before they do. */
function keepPlace(box: () => HTMLElement, { shown, follows, toEnd, others }: Lines): void {
  let reading: { row: string; top: number } | null = null;
  const topOf = (line: Element) => line.getBoundingClientRect().top - box().getBoundingClientRect().top;
  function topmost(): { row: string; top: number } | null {
    const lines = [...box().querySelectorAll<HTMLElement>("li[data-row]")];
    const line = lines.find((line) => topOf(line) + line.offsetHeight > 0);
    return line ? { row: line.dataset.row ?? "", top: topOf(line) } : null;
  }
  function stay(): void {
    const line = reading && box().querySelector(`li[data-row="${reading.row}"]`);
    if (reading && line) box().scrollTop += topOf(line) - reading.top;
    reading = null;
  }
  const remember = () => {
    reading = follows() ? null : topmost();
  };
  createComputed(on(shown, remember, { defer: true }));
  createEffect(on([shown, others], () => (follows() ? toEnd() : stay())));
  onMount(() => {
    toEnd();
    const stop = roving(box(), { start: "last" });
    // A line that is edited, a keyboard that comes up: who reads along stays at the end.
    const resized = new ResizeObserver(() => follows() && toEnd());
    for (const part of [box(), ...box().children]) resized.observe(part);
    onCleanup(() => {
      stop();
      resized.disconnect();
    });
  });
}
