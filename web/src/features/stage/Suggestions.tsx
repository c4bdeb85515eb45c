import { createMemo, For, onCleanup, Show } from "solid-js";
import { text } from "../../i18n/en";
import type { Suggestion } from "../../protocol";
import type { Stage } from "../../stage/stage";
import { attempt } from "../../state/notices";
import { Icon } from "../../ui/Icon";
import { Cover } from "../../ui/Picture";
import { roving } from "../../ui/roving";

/** What people wish for, above the queue; whoever may decide about it does so here. */
export function Suggestions(props: { stage: Stage }) {
  const items = createMemo(() => props.stage.state()?.suggestions ?? []);
  const accepts = createMemo(() => props.stage.state()?.you.can.includes("accept") ?? false);
  return (
    <Show when={items().length > 0}>
      <section class="wishes" aria-label={text.suggestions.title}>
        <h3 class="small">
          {text.suggestions.title} <span class="soft num">{items().length}</span>
        </h3>
        <ul aria-label={text.suggestions.title} ref={(el) => onCleanup(roving(el))}>
          <For each={items()}>{(item) => <Wish stage={props.stage} item={item} accepts={accepts()} />}</For>
        </ul>
      </section>
    </Show>
  );
}

function Wish(props: { stage: Stage; item: Suggestion; accepts: boolean }) {
  const { song, by, entry } = props.item;
  const own = by.id === props.stage.me.id;
  return (
    <li class="pick" data-row={entry} aria-label={text.suggestions.row(song.title, song.artist, by.username)}>
      <Cover url={song.cover_url} name={song.title} />
      <span class="grow">
        <span class="line cut">{song.title}</span>
        <span class="line cut soft small">
          {song.artist} · {by.username}
        </span>
      </span>
      <Show when={props.accepts}>
        <button
          type="button"
          class="btn icon-only"
          aria-label={text.suggestions.accept(song.title)}
          title={text.suggestions.acceptShort}
          onClick={() => attempt(() => props.stage.accept(entry))}
        >
          <Icon name="check" />
        </button>
      </Show>
      <Show when={props.accepts || own}>
        <button
          type="button"
          class="btn icon-only"
          aria-label={own ? text.suggestions.takeBack(song.title) : text.suggestions.decline(song.title)}
          title={own ? text.suggestions.takeBackShort : text.suggestions.declineShort}
          onClick={() => attempt(() => props.stage.decline(entry))}
        >
          <Icon name="close" />
        </button>
      </Show>
    </li>
  );
}
