import { createEffect, createSignal, For, on, Show } from "solid-js";
import type { ChatLine } from "../../protocol";
import type { Room } from "../../stage/room";
import { text } from "../../text";
import { Icon } from "../../ui/Icon";

/** `MAX_CHAT_CHARS` of the protocol, in Unicode scalar values. */
const MOST_CHARS = 4_000;
const MOST_HEIGHT_PX = 160;
const EMOJI = ["❤️", "😍", "😂", "😮", "😢", "♫"] as const;

/** What is typed on a stage but not sent survives looking elsewhere. */
const drafts = new Map<number, string>();

export function Composer(props: {
  room: Room;
  replyTo: ChatLine | null;
  editing: ChatLine | null;
  onCancel(): void;
  onEditLast(): void;
  onSubmit(words: string): void;
}) {
  let input!: HTMLTextAreaElement;
  const [words, setWords] = createSignal(drafts.get(props.room.id) ?? "");
  const over = () => [...words()].length - MOST_CHARS;

  createEffect(() => {
    input.value = words();
    if (!props.editing) drafts.set(props.room.id, words());
    input.style.setProperty("height", "auto");
    input.style.setProperty("height", `${Math.min(MOST_HEIGHT_PX, input.scrollHeight + 2)}px`);
  });
  createEffect(
    on(
      () => [props.editing, props.replyTo] as const,
      ([edited, answered], before) => {
        if (edited) setWords(edited.text);
        else if (before?.[0]) setWords(drafts.get(props.room.id) ?? "");
        if (edited || answered) input.focus();
      },
      { defer: true },
    ),
  );

  function send(event?: Event): void {
    event?.preventDefault();
    const said = words().trim();
    if (!said || over() > 0) return;
    // Emptied first, because an edit that ends brings the draft back.
    if (!props.editing) {
      setWords("");
      drafts.delete(props.room.id);
    }
    props.onSubmit(said);
  }
  function pressed(event: KeyboardEvent): void {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) send(event);
    else if (event.key === "Escape") props.editing || props.replyTo ? props.onCancel() : input.blur();
    else if (event.key === "ArrowUp" && words() === "") {
      event.preventDefault();
      props.onEditLast();
    }
  }

  return (
    <form class="composer" onSubmit={send}>
      <Show when={props.editing ?? props.replyTo}>
        {(about) => (
          <p class="about small">
            <Icon name={props.editing ? "edit" : "reply"} size={16} />
            <span class="cut grow">{props.editing ? text.chat.editing : text.chat.replyingTo(about().from.username)}</span>
            <button type="button" class="btn icon-only" aria-label={text.common.cancel} onClick={props.onCancel}>
              <Icon name="close" size={16} />
            </button>
          </p>
        )}
      </Show>
      <div class="emoji" role="group" aria-label={text.stage.wave}>
        <For each={EMOJI}>
          {(emoji) => (
            <button type="button" aria-label={text.stage.react(emoji)} onClick={() => props.room.react(emoji)}>
              {emoji}
            </button>
          )}
        </For>
      </div>
      <div class="entry">
        <textarea
          ref={input}
          id="say"
          class="input"
          rows={1}
          aria-label={text.chat.placeholder}
          placeholder={text.chat.placeholder}
          onInput={() => {
            setWords(input.value);
            props.room.typing();
          }}
          onKeyDown={pressed}
        />
        <button type="submit" class="btn primary icon-only" aria-label={text.chat.send} disabled={!words().trim() || over() > 0}>
          <Icon name="send" />
        </button>
      </div>
      <Show when={over() > 0}>
        <p class="wrong small" role="alert">
          {text.chat.tooLong(over())}
        </p>
      </Show>
    </form>
  );
}
