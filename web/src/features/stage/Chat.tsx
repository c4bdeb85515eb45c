import { createComputed, createEffect, createMemo, createSignal, For, on, onCleanup, onMount, Show } from "solid-js";
import { attempt } from "../../state/notices";
import type { ChatLine } from "../../protocol";
import { earlier, extent, following, held, later } from "../../stage/lines";
import type { Room } from "../../stage/room";
import { text } from "../../i18n/en";
import { Icon } from "../../ui/Icon";
import { Empty } from "../../ui/parts";
import { roving } from "../../ui/roving";
import { Composer, type EditedLine } from "./Composer";
import { PendingLine, SaidLine } from "./Line";

/** This close to the end counts as reading along. */
const AT_END_PX = 60;
/** This close to the edge of what exists, more is made. */
const NEAR_PX = 400;

export function Chat(props: { room: Room; visible: boolean }) {
  let scroller!: HTMLDivElement;
  const [replyTo, setReplyTo] = createSignal<ChatLine | null>(null);
  const [editing, setEditing] = createSignal<EditedLine | null>(null);
  // Memos, so that what happens elsewhere on the stage costs nothing here.
  const chats = createMemo(() => props.room.state()?.chats ?? []);
  const complete = createMemo(() => props.room.state()?.chatsComplete ?? false);
  const typing = createMemo(() => {
    const others = (props.room.state()?.typing ?? []).filter((user) => user.id !== props.room.me.id);
    return others.length > 0 ? text.chat.typing(others.map((user) => user.username)) : "";
  });

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
  const someBelow = () => (part().end ?? last()) < last();
  const isEmpty = () => chats().length === 0 && props.room.pending().length === 0;

  const toEnd = () => scroller.scrollTo({ top: scroller.scrollHeight });
  const follow = () => {
    setPart(following);
    toEnd();
  };
  // What one reads stays where it is while lines come and go above and below it: its place is taken before they do.
  let reading: { row: string; top: number } | null = null;
  createComputed(on(shown, () => (reading = follows() ? null : topmost()), { defer: true }));
  createEffect(on([shown, () => props.room.pending().length, () => props.visible], () => (follows() ? toEnd() : stay())));
  const topOf = (line: Element) => line.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  function topmost(): { row: string; top: number } | null {
    const lines = [...scroller.querySelectorAll<HTMLElement>("li[data-row]")];
    const line = lines.find((line) => topOf(line) + line.offsetHeight > 0);
    return line ? { row: line.dataset.row ?? "", top: topOf(line) } : null;
  }
  function stay(): void {
    const line = reading && scroller.querySelector(`li[data-row="${reading.row}"]`);
    if (reading && line) scroller.scrollTop += topOf(line) - reading.top;
    reading = null;
  }

  const [loading, setLoading] = createSignal(false);
  function scrolled(): void {
    const above = scroller.scrollTop;
    const below = scroller.scrollHeight - above - scroller.clientHeight;
    const { from, to } = extent(chats(), part());
    const atEnd = to === chats().length;
    if (atEnd && below < AT_END_PX) setPart((before) => (before.end === null ? before : following));
    else if (follows()) setPart(held(chats(), part()));
    if (above < NEAR_PX && from > 0) setPart(earlier(chats(), part()));
    else if (above < NEAR_PX && !complete()) void loadEarlier();
    else if (below < NEAR_PX && !atEnd) setPart(later(chats(), part()));
  }
  async function loadEarlier(): Promise<void> {
    if (loading()) return;
    setLoading(true);
    const loaded = await attempt(props.room.olderChats);
    setLoading(false);
    if (loaded && !follows()) setPart(earlier(chats(), part()));
  }
  createEffect(on(last, () => follows() && props.room.forgetEarlyChats()));

  onMount(() => {
    toEnd();
    const stop = roving(scroller, { start: "last" });
    // A line that is edited, a keyboard that comes up: who reads along stays at the end.
    const resized = new ResizeObserver(() => follows() && toEnd());
    for (const box of [scroller, ...scroller.children]) resized.observe(box);
    onCleanup(() => {
      stop();
      resized.disconnect();
    });
  });

  async function submit(words: string): Promise<boolean> {
    const edited = editing();
    const done = await attempt(async () => {
      if (edited) await props.room.edit(await edited.seq, words);
      else props.room.say(words, replyTo()?.seq ?? null);
    });
    if (done && editing() === edited) {
      setEditing(null);
      setReplyTo(null);
      if (!edited) follow();
    }
    return done;
  }
  function editLast(): void {
    // The last line may be on its way still: the edit follows it.
    const sent = props.room.pending().findLast((line) => line.status !== "failed");
    if (sent) {
      const seq = props.room.arrival(sent);
      // If it does not arrive, it says so itself.
      seq.catch(() => undefined);
      setEditing({ text: sent.text, seq });
      return;
    }
    const mine = chats().findLast((line) => line.from.id === props.room.me.id && !line.deleted);
    if (mine) setEditing(mine);
  }

  return (
    <section class="chat panel" id="chat-panel" aria-label={text.chat.title}>
      <div class="scroll lines" ref={scroller} onScroll={scrolled}>
        <div class="all-lines">
          <Show when={isEmpty()}>
            <Empty icon="chat" level="h3" title={text.chat.emptyTitle} text={text.chat.emptyText} />
          </Show>
          <p class="soft small note">
            {loading() ? text.chat.older : complete() && extent(chats(), part()).from === 0 && !isEmpty() ? text.chat.beginning : ""}
          </p>
          {/* While one reads what was said before, lines come in that are not news. */}
          <div role="log" aria-label={text.chat.title} aria-live={follows() ? "polite" : "off"} aria-relevant="additions">
            <ol>
              <For each={shown()}>
                {(seq) => <SaidLine room={props.room} chats={chats()} seq={seq} onReply={setReplyTo} onEdit={setEditing} />}
              </For>
              <Show when={!someBelow()}>
                <For each={props.room.pending()}>{(line) => <PendingLine room={props.room} line={line} />}</For>
              </Show>
            </ol>
          </div>
        </div>
      </div>
      <div class="at-end">
        <Show when={!follows()}>
          <button type="button" class="btn to-end" onClick={follow}>
            <Icon name="down" size={16} />
            {someBelow() ? text.chat.newBelow : text.chat.toEnd}
          </button>
        </Show>
      </div>
      <p class="typing soft small cut">{typing()}</p>
      <Composer
        room={props.room}
        replyTo={replyTo()}
        editing={editing()}
        onCancel={() => {
          setReplyTo(null);
          setEditing(null);
        }}
        onEditLast={editLast}
        onSubmit={submit}
      />
    </section>
  );
}
