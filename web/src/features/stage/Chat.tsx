import { type Accessor, createMemo, createSignal, For, Show } from "solid-js";
import { text } from "../../i18n/en";
import type { ChatLine } from "../../protocol";
import type { Stage } from "../../stage/stage";
import { attempt } from "../../state/notices";
import { Icon } from "../../ui/Icon";
import { Empty } from "../../ui/parts";
import { Composer, type EditedLine } from "./Composer";
import { PendingLine, SaidLine } from "./Line";
import { createReading } from "./reading";

export function Chat(props: { stage: Stage; visible: boolean }) {
  let scroller!: HTMLDivElement;
  const { stage } = props;
  const reading = createReading(
    stage,
    () => props.visible,
    () => scroller,
  );
  const { chats, follows, someBelow } = reading;
  const saying = createSaying(stage, chats, reading.follow);
  const typing = createMemo(() => {
    const others = (stage.state()?.typing ?? []).filter((user) => user.id !== stage.me.id);
    return others.length > 0 ? text.chat.typing(others.map((user) => user.username)) : "";
  });
  const isEmpty = () => chats().length === 0 && stage.pending().length === 0;

  return (
    <section class="chat panel" id="chat-panel" aria-label={text.chat.title}>
      <div class="scroll lines" ref={scroller} onScroll={reading.scrolled}>
        <div class="all-lines">
          <Show when={isEmpty()}>
            <Empty icon="chat" level="h3" title={text.chat.emptyTitle} text={text.chat.emptyText} />
          </Show>
          <p class="soft small note">
            {reading.loading() ? text.chat.older : reading.atBeginning() && !isEmpty() ? text.chat.beginning : ""}
          </p>
          {/* While one reads what was said before, lines come in that are not news. */}
          <div role="log" aria-label={text.chat.title} aria-live={follows() ? "polite" : "off"} aria-relevant="additions">
            <ol>
              <For each={reading.shown()}>
                {(seq) => (
                  <SaidLine
                    stage={props.stage}
                    chats={chats()}
                    seq={seq}
                    onReply={saying.setReplyTo}
                    onEdit={saying.setEditing}
                  />
                )}
              </For>
              <Show when={!someBelow()}>
                <For each={props.stage.pending()}>{(line) => <PendingLine stage={props.stage} line={line} />}</For>
              </Show>
            </ol>
          </div>
        </div>
      </div>
      <div class="at-end">
        <Show when={!follows()}>
          <button type="button" class="btn to-end" onClick={reading.follow}>
            <Icon name="down" size={16} />
            {someBelow() ? text.chat.newBelow : text.chat.toEnd}
          </button>
        </Show>
      </div>
      <p class="typing soft small cut">{typing()}</p>
      <Composer
        stage={props.stage}
        replyTo={saying.replyTo()}
        editing={saying.editing()}
        onCancel={saying.cancel}
        onEditLast={saying.editLast}
        onSubmit={saying.submit}
      />
    </section>
  );
}

/** What is being written: a line of one's own, an answer, or other words for what was said. */
function createSaying(stage: Stage, chats: Accessor<readonly ChatLine[]>, follow: () => void) {
  const [replyTo, setReplyTo] = createSignal<ChatLine | null>(null);
  const [editing, setEditing] = createSignal<EditedLine | null>(null);
  function cancel(): void {
    setReplyTo(null);
    setEditing(null);
  }
  async function submit(words: string): Promise<boolean> {
    const edited = editing();
    const done = await attempt(async () => {
      if (edited) await stage.edit(await edited.seq, words);
      else stage.say(words, replyTo()?.seq ?? null);
    });
    if (done && editing() === edited) {
      cancel();
      if (!edited) follow();
    }
    return done;
  }
  function editLast(): void {
    // The last line may be on its way still: the edit follows it.
    const sent = stage.pending().findLast((line) => line.status !== "failed");
    if (sent) {
      const seq = stage.arrival(sent);
      // If it does not arrive, it says so itself.
      seq.catch(() => undefined);
      setEditing({ text: sent.text, seq });
      return;
    }
    const mine = chats().findLast((line) => line.from.id === stage.me.id && !line.deleted);
    if (mine) setEditing(mine);
  }
  return { replyTo, setReplyTo, editing, setEditing, cancel, submit, editLast };
}
