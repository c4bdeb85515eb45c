import { createEffect, createMemo, createSignal, For, on, Show } from "solid-js";
import { choosing as sayChoosing } from "../../i18n/choosing";
import { text } from "../../i18n/en";
import { api, type LibrarySong, told } from "../../net/client";
import { navigate, query } from "../../routes";
import { explain } from "../../state/errors";
import { likeSong } from "../../state/likes";
import { attempt } from "../../state/notices";
import { confirm } from "../../ui/Dialog";
import { Empty, SearchBox } from "../../ui/parts";
import { Rows } from "../../ui/Rows";
import { createSearch } from "../../ui/search";
import { UploadButton } from "../uploads/UploadButton";
import { arrived } from "../uploads/uploads";
import { ChosenBar } from "./ChosenBar";
import { createChoosing } from "./choosing";
import { GENRE } from "./genre";
import { createListening } from "./listening";
import { createShelf, Shelf } from "./Shelf";
import { mayErase, SONG_ROW_PX, SongHead, SongRow } from "./SongRow";

const SEARCH_PAUSE_MS = 150;
const PAGE = 200;

/** What of the library is shown. */
interface Wanted {
  liked: boolean;
  q: string;
  genre: string;
  sort: Order;
}
type Order = keyof typeof text.library.orders;
const alike = (a: Wanted | null, b: Wanted) => a?.liked === b.liked && a.q === b.q && a.genre === b.genre && a.sort === b.sort;

export function LibraryScreen() {
  const { typed, setTyped, wanted: q } = createSearch(SEARCH_PAUSE_MS);
  const [liked, setLiked] = createSignal(false);
  const [sort, setSort] = createSignal<Order>("new");
  const genre = () => query().get(GENRE) ?? "";
  const songs = pagedSongs(createMemo(() => ({ liked: liked(), q: q(), genre: genre(), sort: sort() }), null, { equals: alike }));
  const shelf = createShelf();
  const choosing = createChoosing(songs.items);
  const listening = createListening();
  async function like(song: LibrarySong): Promise<void> {
    if (await attempt(() => likeSong(song.id, !song.liked))) songs.replace({ ...song, liked: !song.liked });
  }
  async function erase(song: LibrarySong): Promise<void> {
    const { deleteSong, deleteSure } = text.library;
    if (!(await confirm(deleteSong, deleteSure(song.title), text.common.delete))) return;
    if (await attempt(() => api.DELETE("/api/v1/songs/{id}", { params: { path: { id: song.id } } }))) songs.take(song.id);
  }

  /** All songs or those that I like, of every genre. */
  function choose(isLiked: boolean): void {
    setLiked(isLiked);
    if (genre()) navigate("/library");
  }
  const title = () => (liked() ? text.library.liked : genre() || text.library.title);
  const none = () => (liked() ? text.library.noLikes : text.library.noMatch(q() || genre()));

  return (
    <div class="page library">
      <Shelf shelf={shelf} liked={liked()} genre={genre()} onLiked={choose} onGenre={() => setLiked(false)} />
      <section class="grow" aria-label={text.library.allSongs}>
        <header class="page-head">
          <h1>{title()}</h1>
          <div class="row lobby-tools">
            <Show when={!liked()}>
              <SearchBox label={text.library.search} value={typed()} onInput={setTyped} />
              <OrderChoice order={sort()} onChange={setSort} />
            </Show>
            <UploadButton />
            <Show when={songs.items().length > 1}>
              <button
                type="button"
                class="btn"
                aria-pressed={choosing.active()}
                onClick={() => choosing.start(!choosing.active())}
              >
                {choosing.active() ? sayChoosing.stop : sayChoosing.start}
              </button>
            </Show>
          </div>
        </header>
        <Show when={songs.error()}>
          <p class="wrong" role="alert">
            {explain(songs.error())}
          </p>
        </Show>
        <Show
          when={songs.items().length > 0}
          fallback={
            <Show when={songs.loaded()}>
              <Show when={!q() && !liked() && !genre()} fallback={<Empty icon="search" level="h2" title={none()} />}>
                <Empty icon="music" level="h2" title={text.library.emptyTitle} text={text.library.emptyText} />
              </Show>
            </Show>
          }
        >
          <Show when={choosing.active()}>
            <ChosenBar choosing={choosing} playlists={shelf.mine()} onLiked={songs.replace} onErased={songs.take} />
          </Show>
          <SongHead />
          <Rows
            items={songs.items()}
            keyOf={(song: LibrarySong) => song.id}
            rowPx={SONG_ROW_PX}
            label={text.library.allSongs}
            onShow={(_, to) => to >= songs.items().length && songs.more()}
            keys={{
              remove: (row) => {
                const song = songs.items()[Number(row.dataset.index)];
                if (song && mayErase(song)) void erase(song);
              },
            }}
            row={(song, _, slot) => (
              <SongRow
                song={song()}
                slot={slot}
                playlists={shelf.mine()}
                listening={listening}
                chosen={choosing.active() ? choosing.has(song().id) : undefined}
                onChoose={(wanted, far) => choosing.choose(song().id, wanted, far)}
                onLike={() => like(song())}
                onErase={() => erase(song())}
              />
            )}
          />
        </Show>
      </section>
    </div>
  );
}

function OrderChoice(props: { order: Order; onChange(order: Order): void }) {
  return (
    <select
      class="input order"
      aria-label={text.library.order}
      onChange={(event) => props.onChange(event.currentTarget.value as Order)}
    >
      <For each={Object.entries(text.library.orders)}>
        {([order, name]) => (
          <option value={order} selected={order === props.order}>
            {name}
          </option>
        )}
      </For>
    </select>
  );
}

/** A list that grows page by page as it is scrolled, and starts anew when the question or the library changes. */
function pagedSongs(wanted: () => Wanted) {
  const [items, setItems] = createSignal<readonly LibrarySong[]>([]);
  const [loaded, setLoaded] = createSignal(false);
  const [error, setError] = createSignal<unknown>(null);
  let cursor: string | null = null;
  let run = 0;
  let busy = false;

  async function load(fresh: boolean): Promise<void> {
    const mine = fresh ? ++run : run;
    busy = true;
    try {
      const { liked, q, genre, sort } = wanted();
      const piece = { limit: PAGE, after: (!fresh && cursor) || undefined };
      const page = await told(
        liked
          ? api.GET("/api/v1/me/likes", { params: { query: piece } })
          : api.GET("/api/v1/songs", { params: { query: { ...piece, q, genre, sort } } }),
      );
      // An older question's answer may come after a newer one's.
      if (mine !== run) return;
      cursor = page.next ?? null;
      setItems((before) => (fresh ? page.items : [...before, ...page.items]));
      setError(null);
    } catch (failure) {
      if (mine === run) setError(failure);
    } finally {
      if (mine === run) {
        busy = false;
        setLoaded(true);
      }
    }
  }
  createEffect(on([wanted, arrived], () => void load(true)));
  return {
    items,
    loaded,
    error,
    more: () => void (cursor && !busy && load(false)),
    replace: (song: LibrarySong) => setItems((all) => all.map((other) => (other.id === song.id ? song : other))),
    take: (id: number) => setItems((all) => all.filter((song) => song.id !== id)),
  };
}
