import { createResource, createSignal, For, onCleanup, Show } from "solid-js";
import { text } from "../../i18n/en";
import { api, type LibrarySong, type Playlist, told } from "../../net/client";
import { Trouble } from "../../shell/Trouble";
import { bringsBy } from "../../stage/roles";
import type { Stage } from "../../stage/stage";
import { createFetched } from "../../state/fetched";
import { attempt, toast } from "../../state/notices";
import { Dialog } from "../../ui/Dialog";
import { clock } from "../../ui/format";
import { Icon } from "../../ui/Icon";
import { Cover } from "../../ui/Picture";
import { SearchBox } from "../../ui/parts";
import { roving } from "../../ui/roving";
import { createSearch } from "../../ui/search";
import { UploadButton } from "../uploads/UploadButton";
import { arrived } from "../uploads/uploads";

const SEARCH_PAUSE_MS = 150;

/** Songs and playlists of the library, to queue, to suggest or to attach to the stage. */
export function AddSongs(props: { stage: Stage; onClose(): void }) {
  const { typed, setTyped, wanted: q } = createSearch(SEARCH_PAUSE_MS);
  const songs = createFetched(
    () => ({ q: q(), fresh: arrived() }),
    (wanted) => told(api.GET("/api/v1/songs", { params: { query: { q: wanted.q, limit: 100 } } })),
  );
  const [playlists] = createResource(() =>
    told(api.GET("/api/v1/playlists", { params: { query: { limit: 100 } } })).catch(() => null),
  );
  const { suggests, added, add, addAll, attached, attach } = createPicks(props.stage);
  const manages = () => props.stage.state()?.you.can.includes("manage") ?? false;
  const shownLists = () =>
    (q() || suggests() ? [] : (playlists()?.items ?? [])).toSorted((a, b) => Number(attached(b.id)) - Number(attached(a.id)));

  let results!: HTMLUListElement;
  const onSearch = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    results.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  };

  return (
    <Dialog title={suggests() ? text.suggestions.suggest : text.addSongs.title} onClose={props.onClose}>
      <div class="row">
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the field within it */}
        <div class="grow" onKeyDown={onSearch}>
          <SearchBox autofocus label={text.addSongs.search} value={typed()} onInput={setTyped} />
        </div>
        <Show when={!props.stage.state()?.you.guest}>
          <UploadButton />
        </Show>
      </div>
      <Show when={shownLists().length > 0}>
        <section class="stack tight">
          <h3>{text.addSongs.playlists}</h3>
          <ul aria-label={text.addSongs.playlists} ref={(el) => onCleanup(roving(el))}>
            <For each={shownLists()}>
              {(playlist) => (
                <li class="pick" data-row={playlist.id} aria-label={playlist.name}>
                  <Cover url={playlist.cover_url} name={playlist.name} />
                  <span class="grow">
                    <span class="line cut">{playlist.name}</span>
                    <span class="line cut soft small">
                      {text.playlist.songs(playlist.songs_count)} · {playlist.owner.username}
                    </span>
                  </span>
                  <Show when={manages()}>
                    <button
                      type="button"
                      class="btn icon-only"
                      aria-label={`${text.addSongs.attach}: ${playlist.name}`}
                      title={attached(playlist.id) ? text.addSongs.detach : text.addSongs.attach}
                      aria-pressed={attached(playlist.id)}
                      onClick={() => attach(playlist.id)}
                    >
                      <Icon name="link" />
                    </button>
                  </Show>
                  <button
                    type="button"
                    class="btn"
                    aria-label={`${text.addSongs.queueAll}: ${playlist.name}`}
                    onClick={() => addAll(playlist)}
                  >
                    {text.addSongs.queueAll}
                  </button>
                </li>
              )}
            </For>
          </ul>
        </section>
      </Show>
      <section class="stack tight">
        <h3>{text.addSongs.songs}</h3>
        <Trouble of={songs} />
        <ul
          aria-label={text.addSongs.songs}
          ref={(el) => {
            results = el;
            onCleanup(roving(el, { enter: (row) => row.querySelector<HTMLElement>("button")?.click() }));
          }}
        >
          <For
            each={songs.value()?.items ?? []}
            fallback={
              <Show when={!songs.error()}>
                <li class="soft">
                  {songs.loading() ? text.common.loading : q() ? text.addSongs.noMatch(q()) : text.addSongs.none}
                </li>
              </Show>
            }
          >
            {(song) => (
              <li class="pick" data-row={song.id} aria-label={text.queue.row(song.title, song.artist)}>
                <Cover url={song.cover_url} name={song.title} />
                <span class="grow">
                  <span class="line cut">{song.title}</span>
                  <span class="line cut soft small">{song.artist}</span>
                </span>
                <span class="soft small num">{clock(song.duration_us)}</span>
                <button
                  type="button"
                  class="btn icon-only"
                  aria-label={`${suggests() ? text.suggestions.suggestOne : text.common.add}: ${song.title}`}
                  aria-pressed={added().has(song.id)}
                  onClick={() => add(song)}
                >
                  <Icon name={added().has(song.id) ? "check" : "add"} />
                </button>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Dialog>
  );
}

/** What one does with what was found. */
function createPicks(stage: Stage) {
  const attached = (id: number) => stage.state()?.stage.playlists.includes(id) ?? false;
  const [added, setAdded] = createSignal<ReadonlySet<number>>(new Set());

  const suggests = () => bringsBy(stage.state()?.you.can) === "suggest";
  const add = (song: LibrarySong) =>
    attempt(async () => {
      await (suggests() ? stage.suggest(song.id) : stage.add(song.id));
      setAdded((before) => new Set(before).add(song.id));
    });
  const addAll = (playlist: Playlist) =>
    attempt(async () => {
      await stage.addPlaylist(playlist.id);
      toast(text.queue.playlistAdded(playlist.name));
    });
  const attach = (id: number) => {
    const path = { id: stage.id, playlist_id: id };
    const call = attached(id) ? api.DELETE : api.PUT;
    return attempt(() => call("/api/v1/stages/{id}/playlists/{playlist_id}", { params: { path } }));
  };
  return { suggests, added, add, addAll, attached, attach };
}
