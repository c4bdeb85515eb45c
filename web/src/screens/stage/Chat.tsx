import { createEffect, createSignal, For, on, onMount, Show } from "solid-js";
import { attempt } from "../../app/notices";
import type { ChatLine } from "../../protocol";
import type { Room } from "../../stage/room";
import { text } from "../../text";
import { dayOf, sameDay } from "../../ui/format";
import { Icon } from "../../ui/Icon";
import { Empty } from "../../ui/parts";
import { Composer } from "./Composer";
import { PendingLine, SaidLine } from "./Line";

/** Lines of one person within this time stand together under one name. */
const TOGETHER_US = 5 * 60 * 1_000_000;
/** This close to the end counts as reading along. */
const AT_END_PX = 60;
const NEAR_TOP_PX = 200;

export function Chat(props: { room: Room; visible: boolean }) {
  let scroller!: HTMLDivElement;
  const [replyTo, setReplyTo] = createSignal<ChatLine | null>(null);
  const [editing, setEditing] = createSignal<ChatLine | null>(null);
  const [following, setFollowing] = createSignal(true);
  const [loading, setLoading] = createSignal(false);
  const chats = () => props.room.state()?.chats ?? [];
  const typing = () =>
    (props.room.state()?.typing ?? []).filter((user) => user.id !== props.room.me.id).map((user) => user.username);

  const toEnd = () => scroller.scrollTo({ top: scroller.scrollHeight });
  onMount(toEnd);
  createEffect(on([() => chats().at(-1)?.seq, () => props.room.pending().length, () => props.visible], () => following() && toEnd()));

  async function scrolled(): Promise<void> {
    setFollowing(scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < AT_END_PX);
    if (scroller.scrollTop > NEAR_TOP_PX || loading() || props.room.state()?.chatsComplete) return;
    setLoading(true);
    const fromEnd = scroller.scrollHeight - scroller.scrollTop;
    await attempt(props.room.olderChats);
    // What one reads stays where it is while lines grow above it.
    scroller.scrollTop = scroller.scrollHeight - fromEnd;
    setLoading(false);
  }

  function startsGroup(line: ChatLine, before: ChatLine | undefined): boolean {
    return !before || before.from.id !== line.from.id || line.at_us - before.at_us > TOGETHER_US || line.reply_to !== undefined;
  }
  const byNumber = (seq: number) => chats().find((line) => line.seq === seq);

  function submit(words: string): void {
    const edited = editing();
    if (edited) void attempt(() => props.room.edit(edited.seq, words));
    else props.room.say(words, replyTo()?.seq ?? null);
    setEditing(null);
    setReplyTo(null);
    setFollowing(true);
  }
  function editLast(): void {
    const mine = chats().findLast((line) => line.from.id === props.room.me.id && !line.deleted);
    if (mine) setEditing(mine);
  }

  return (
    <section class="chat panel" id="chat-panel" aria-label={text.chat.title}>
      <div class="scroll lines" ref={scroller} onScroll={scrolled}>
        <Show when={chats().length > 0 || props.room.pending().length > 0} fallback={<Empty icon="chat" title={text.chat.emptyTitle} text={text.chat.emptyText} />}>
          <Show when={loading()}>
            <p class="soft small note">{text.chat.older}</p>
          </Show>
          <Show when={props.room.state()?.chatsComplete}>
            <p class="soft small note">{text.chat.beginning}</p>
          </Show>
          <ol role="log" aria-live="polite" aria-relevant="additions">
            <For each={chats()}>
              {(line, index) => {
                const before = () => chats()[index() - 1];
                return (
                  <>
                    <Show when={!before() || !sameDay(before()?.at_us ?? 0, line.at_us)}>
                      <li class="day soft small">{sameDay(line.at_us, Date.now() * 1000) ? text.chat.today : dayOf(line.at_us)}</li>
                    </Show>
                    <SaidLine
                      room={props.room}
                      line={line}
                      head={startsGroup(line, before())}
                      answered={line.reply_to === undefined ? undefined : byNumber(line.reply_to)}
                      onReply={() => setReplyTo(line)}
                      onEdit={() => setEditing(line)}
                    />
                  </>
                );
              }}
            </For>
            <For each={props.room.pending()}>{(line) => <PendingLine room={props.room} line={line} />}</For>
          </ol>
        </Show>
      </div>
      <Show when={!following()}>
        <button type="button" class="btn to-end" onClick={toEnd}>
          <Icon name="down" size={16} />
          {text.chat.newBelow}
        </button>
      </Show>
      <p class="typing soft small cut">{typing().length > 0 ? text.chat.typing(typing()) : ""}</p>
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
