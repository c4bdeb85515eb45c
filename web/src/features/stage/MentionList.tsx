import { createEffect, createMemo, createSignal, For, on } from "solid-js";
import { text } from "../../i18n/en";
import type { Participant } from "../../protocol";
import { meant } from "../../stage/mentions";
import { Avatar } from "../../ui/Picture";
import type { ListKeys } from "./mentioning";

const SHOWN = 6;

/** Who may be meant by what is written behind an `@`. The focus stays in the field, which tells of the one that is marked. */
export function MentionList(props: {
  people: readonly Participant[];
  beginning: string;
  onChoose(name: string): void;
  /** What a key does while the list is open: true if it did something. */
  handle(keys: ListKeys | null, marked: string | null): void;
}) {
  const found = createMemo(() => meant(props.people, props.beginning, SHOWN));
  const [at, setAt] = createSignal(0);
  createEffect(
    on(
      () => props.beginning,
      () => setAt(0),
      { defer: true },
    ),
  );
  const idOf = (index: number) => `mention-${index}`;

  function pressed(event: KeyboardEvent): boolean {
    const count = found().length;
    if (event.key === "ArrowDown") setAt((at() + 1) % count);
    else if (event.key === "ArrowUp") setAt((at() + count - 1) % count);
    else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") props.onChoose(found()[at()]?.username ?? "");
    else return false;
    return true;
  }
  createEffect(() =>
    found().length > 0 ? props.handle(pressed, idOf(Math.min(at(), found().length - 1))) : props.handle(null, null),
  );

  return (
    <div class="mention-list" id="mentions" role="listbox" aria-label={text.chat.mention} hidden={found().length === 0}>
      <For each={found()}>
        {(who, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus
          <div
            id={idOf(index())}
            role="option"
            aria-selected={index() === at()}
            // A press must not take the focus from the field.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => props.onChoose(who.username)}
          >
            <Avatar name={who.username} url={who.avatar_url} size={24} />
            <span class="cut">{who.username}</span>
          </div>
        )}
      </For>
    </div>
  );
}
