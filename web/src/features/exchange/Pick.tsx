import { For, onCleanup, onMount, Show } from "solid-js";
import { text } from "../../i18n/en";
import { exchange as say } from "../../i18n/exchange";
import { api, told } from "../../net/client";
import { Trouble } from "../../shell/Trouble";
import { createFetched } from "../../state/fetched";
import { SearchBox } from "../../ui/parts";
import { roving } from "../../ui/roving";
import { createSearch } from "../../ui/search";
import type { Waiting } from "./unresolved";

const SEARCH_PAUSE_MS = 150;
const SHOWN = 25;

export interface Picked {
  id: number;
  title: string;
  artist: string;
  album?: string | null;
}

/** Songs for an entry that was not found: what comes near it, or what is searched for. */
export function Pick(props: { entry: Waiting; onPick(song: Picked): void; onBack(): void }) {
  const { typed, setTyped, wanted: q } = createSearch(SEARCH_PAUSE_MS);
  const found = createFetched(q, async (wanted): Promise<readonly Picked[]> => {
    if (!wanted) return props.entry.proposed;
    return (await told(api.GET("/api/v1/songs", { params: { query: { q: wanted, limit: SHOWN } } }))).items;
  });
  const words = () => (q() ? text.addSongs.songs : say.near);
  let box!: HTMLDivElement;
  let results!: HTMLUListElement;
  onMount(() => box.querySelector("input")?.focus());
  const onSearch = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    results.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  };
  return (
    <div class="stack tight">
      <p class="entry-said">{props.entry.said}</p>
      <div class="row">
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the field within it */}
        <div class="grow" ref={box} onKeyDown={onSearch}>
          <SearchBox label={say.search} value={typed()} onInput={setTyped} />
        </div>
        <button type="button" class="btn" onClick={props.onBack}>
          {say.back}
        </button>
      </div>
      <Trouble of={found} />
      <ul
        aria-label={words()}
        ref={(el) => {
          results = el;
          onCleanup(roving(el, { enter: (row) => row.querySelector<HTMLElement>("button")?.click() }));
        }}
      >
        <For
          each={found.value() ?? []}
          fallback={
            <Show when={q() && !found.loading() && !found.error()}>
              <li class="soft">{say.noMatch(q())}</li>
            </Show>
          }
        >
          {(song) => (
            <li class="pick" data-row={song.id} aria-label={text.queue.row(song.title, song.artist)}>
              <span class="grow">
                <span class="line cut">{song.title}</span>
                <span class="line cut soft small">{[song.artist, song.album].filter(Boolean).join(" · ")}</span>
              </span>
              <button
                type="button"
                class="btn"
                aria-label={say.use(song.title, song.artist)}
                onClick={() => props.onPick({ id: song.id, title: song.title, artist: song.artist })}
              >
                {say.useIt}
              </button>
            </li>
          )}
        </For>
      </ul>
    </div>
  );
}
