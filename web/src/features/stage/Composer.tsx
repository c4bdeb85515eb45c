import { createEffect, createSignal, For, on, onCleanup, Show } from "solid-js";
import { text } from "../../i18n/en";
import type { ChatLine } from "../../protocol";
import { keepDraft, keptDraft } from "../../stage/kept";
import type { Stage } from "../../stage/stage";
import { timeOfDay } from "../../ui/format";
import { Icon } from "../../ui/Icon";
import { later } from "../../ui/later";
import { roving } from "../../ui/roving";
import { createMentioning } from "./mentioning";

const MentionList = later(() => import("./MentionList").then((of) => of.MentionList));

/** `MAX_CHAT_CHARS` of the protocol, in Unicode scalar values. */
const MOST_CHARS = 4_000;
const MOST_HEIGHT_PX = 160;
const EMOJI = ["❤️", "😍", "😂", "😮", "😢", "♫"] as const;

/** Keys that belong to an input method. Safari says that it has ended before the Enter that ends it, but for the old code. */
const composes = (event: KeyboardEvent) => event.isComposing || event.keyCode === 229;

/** A line that is edited; one that was just sent gets its number yet. */
export interface EditedLine {
  readonly text: string;
  readonly seq: number | Promise<number>;
}

export function Composer(props: {
  stage: Stage;
  replyTo: ChatLine | null;
  editing: EditedLine | null;
  onCancel(): void;
  onEditLast(): void;
  /** True when the words have arrived where they are safe; until then they stay in the field. */
  onSubmit(words: string): Promise<boolean>;
}) {
  let input!: HTMLTextAreaElement;
  const [words, setWords] = createSignal(keptDraft(props.stage.id, props.stage.me.id));
  const [busy, setBusy] = createSignal(false);
  const over = () => [...words()].length - MOST_CHARS;

  createEffect(() => {
    input.value = words();
    if (!props.editing) keepDraft(props.stage.id, props.stage.me.id, words());
    input.style.setProperty("height", "auto");
    input.style.setProperty("height", `${Math.min(MOST_HEIGHT_PX, input.scrollHeight + 2)}px`);
  });
  createEffect(
    on(
      () => [props.editing, props.replyTo] as const,
      ([edited, answered], before) => {
        if (edited) setWords(edited.text);
        else if (before?.[0]) setWords(keptDraft(props.stage.id, props.stage.me.id));
        if (edited || answered) input.focus();
      },
      { defer: true },
    ),
  );

  const mentioning = createMentioning(() => input, setWords);

  async function send(event: Event): Promise<void> {
    event.preventDefault();
    const said = words().trim();
    if (!said || over() > 0 || busy()) return;
    // An edit that ends brings the draft back by itself.
    const isNew = !props.editing;
    setBusy(true);
    if ((await props.onSubmit(said)) && isNew) setWords("");
    setBusy(false);
  }
  function pressed(event: KeyboardEvent): void {
    if (composes(event)) return;
    if (mentioning.takes(event)) return event.preventDefault();
    if (event.key === "Enter" && !event.shiftKey) void send(event);
    else if (event.key === "Escape") props.editing || props.replyTo ? props.onCancel() : input.blur();
    else if (event.key === "ArrowUp" && words() === "") {
      event.preventDefault();
      props.onEditLast();
    }
  }

  return (
    <form class="composer" onSubmit={send} hidden={!props.stage.state()?.you.can.includes("chat")}>
      <About editing={props.editing !== null} replyTo={props.replyTo} onCancel={props.onCancel} />
      <Reactions stage={props.stage} />
      <Show when={mentioning.beginning() !== null}>
        <MentionList
          people={props.stage.state()?.participants ?? []}
          beginning={mentioning.beginning() ?? ""}
          onChoose={mentioning.complete}
          handle={mentioning.handle}
        />
      </Show>
      <div class="entry">
        <textarea
          ref={input}
          id="say"
          class="input"
          rows={1}
          aria-label={text.chat.placeholder}
          placeholder={text.chat.placeholder}
          aria-controls={mentioning.marked() ? "mentions" : undefined}
          aria-activedescendant={mentioning.marked() ?? undefined}
          onInput={() => {
            setWords(input.value);
            mentioning.look();
            props.stage.typing();
          }}
          onClick={mentioning.look}
          onBlur={mentioning.forget}
          onKeyDown={pressed}
        />
        <button type="submit" class="btn primary icon-only" aria-label={text.chat.send} disabled={!words().trim() || over() > 0}>
          <Icon name="send" />
        </button>
      </div>
      <Notes stage={props.stage} over={over()} />
    </form>
  );
}

function Reactions(props: { stage: Stage }) {
  return (
    <div class="emoji" role="toolbar" aria-label={text.stage.wave} ref={(el) => onCleanup(roving(el))}>
      <For each={EMOJI}>
        {(emoji) => (
          <button type="button" data-row={emoji} aria-label={text.stage.react(emoji)} onClick={() => props.stage.react(emoji)}>
            {emoji}
          </button>
        )}
      </For>
    </div>
  );
}

/** What the words will be, if they are no line of their own. */
function About(props: { editing: boolean; replyTo: ChatLine | null; onCancel(): void }) {
  return (
    <Show when={props.editing ? text.chat.editing : props.replyTo && text.chat.replyingTo(props.replyTo.from.username)}>
      {(about) => (
        <p class="about small">
          <Icon name={props.editing ? "edit" : "reply"} size={16} />
          <span class="cut grow">{about()}</span>
          <button type="button" class="btn icon-only" aria-label={text.common.cancel} onClick={props.onCancel}>
            <Icon name="close" size={16} />
          </button>
        </p>
      )}
    </Show>
  );
}

/** What stands in the way of what is written. */
function Notes(props: { stage: Stage; over: number }) {
  const muted = () => props.stage.state()?.participants.find(({ id }) => id === props.stage.me.id)?.muted;
  return (
    <>
      <Show when={muted()}>
        {(mute) => (
          <p class="soft small muted-note" role="status">
            {text.chat.muted(mute().until_us ? timeOfDay(mute().until_us ?? 0) : null)}
          </p>
        )}
      </Show>
      <Show when={props.over > 0}>
        <p class="wrong small" role="alert">
          {text.chat.tooLong(props.over)}
        </p>
      </Show>
    </>
  );
}
