import { For, Show } from "solid-js";
import { chatSearch as say } from "../../i18n/chat-search";
import { api, told } from "../../net/client";
import { Trouble } from "../../shell/Trouble";
import { createFetched } from "../../state/fetched";
import { Dialog } from "../../ui/Dialog";
import { dayOf, timeOfDay } from "../../ui/format";
import { Avatar } from "../../ui/Picture";
import { SearchBox } from "../../ui/parts";
import { createSearch } from "../../ui/search";
import { isToday } from "../../ui/today";

const SEARCH_PAUSE_MS = 200;
const SHOWN = 100;

/** What was said in a stage, by a part of it; the latest first. */
export function ChatSearch(props: { stage: number; onClose(): void }) {
  const { typed, setTyped, wanted } = createSearch(SEARCH_PAUSE_MS);
  const found = createFetched(wanted, async (q) => {
    if (!q) return null;
    const params = { path: { id: props.stage }, query: { q, limit: SHOWN } };
    return (await told(api.GET("/api/v1/stages/{id}/chats", { params }))).items.toReversed();
  });
  return (
    <Dialog title={say.title} onClose={props.onClose}>
      <SearchBox autofocus label={say.box} value={typed()} onInput={setTyped} />
      <Trouble of={found} />
      <p class="soft small" role="status">
        {found.value() ? (found.value()?.length ? say.found(found.value()?.length ?? 0, SHOWN) : say.none(wanted())) : ""}
      </p>
      <Show when={found.value()?.length}>
        <ol class="chat-found" aria-label={say.title}>
          <For each={found.value()}>
            {(line) => (
              <li class="person tall">
                <Avatar name={line.from.username} url={line.from.avatar_url} size={32} />
                <span class="grow">
                  <span class="line soft small">
                    {line.from.username} · {isToday(line.at_us) ? "" : `${dayOf(line.at_us)}, `}
                    {timeOfDay(line.at_us)}
                  </span>
                  <span class="line">{line.text}</span>
                </span>
              </li>
            )}
          </For>
        </ol>
      </Show>
    </Dialog>
  );
}
