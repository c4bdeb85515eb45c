import { createResource, createSignal, For, onCleanup, Show } from "solid-js";
import { text } from "../../i18n/en";
import { api, told } from "../../net/client";
import { navigate } from "../../routes";
import { toast } from "../../state/notices";
import { me } from "../../state/session";
import { Icon } from "../../ui/Icon";
import { later } from "../../ui/later";
import { Cover } from "../../ui/Picture";
import { roving } from "../../ui/roving";
import { ofGenre } from "./genre";

const Import = later(() => import("../exchange/Import").then((of) => of.Import));
const PlaylistForm = later(() => import("../playlist/PlaylistForm").then((of) => of.PlaylistForm));

const SHOWN = 200;
/** The genres with most songs stand here; the others are found by their songs. */
const GENRES = 12;

/** What stands beside the songs. */
export function createShelf() {
  const query = { limit: SHOWN };
  const [playlists, { refetch }] = createResource(() =>
    told(api.GET("/api/v1/playlists", { params: { query } })).catch(() => null),
  );
  const [artists] = createResource(() => told(api.GET("/api/v1/me/artists", { params: { query } })).catch(() => null));
  const [genres] = createResource(() =>
    told(api.GET("/api/v1/genres", { params: { query: { limit: GENRES } } })).catch(() => null),
  );
  const mine = () => (playlists()?.items ?? []).filter((list) => list.owner.id === me()?.id);
  return { playlists, artists, genres, mine, again: () => void refetch() };
}

/** Playlists and the artists that one follows, with the ways to make a playlist. */
export function Shelf(props: {
  shelf: ReturnType<typeof createShelf>;
  liked: boolean;
  genre: string;
  onLiked(liked: boolean): void;
  onGenre(): void;
}) {
  const [making, setMaking] = createSignal(false);
  const [importing, setImporting] = createSignal(false);
  return (
    <>
      <aside class="shelf" aria-label={text.library.playlists}>
        <nav aria-label={text.library.title}>
          <button type="button" aria-pressed={!props.liked && !props.genre} onClick={() => props.onLiked(false)}>
            <Icon name="music" />
            {text.library.allSongs}
          </button>
          <button type="button" aria-pressed={props.liked} onClick={() => props.onLiked(true)}>
            <Icon name="heart" />
            {text.library.liked}
          </button>
        </nav>
        <header class="row spread">
          <h2>{text.library.playlists}</h2>
          <span class="row tight">
            <button
              type="button"
              class="btn icon-only"
              aria-label={text.library.importPlaylist}
              title={text.library.importPlaylist}
              onClick={() => setImporting(true)}
            >
              <Icon name="upload" />
            </button>
            <button
              type="button"
              class="btn icon-only"
              aria-label={text.library.newPlaylist}
              title={text.library.newPlaylist}
              onClick={() => setMaking(true)}
            >
              <Icon name="add" />
            </button>
          </span>
        </header>
        <Show
          when={props.shelf.playlists()?.items.length}
          fallback={props.shelf.playlists() && <p class="soft small">{text.library.noPlaylists}</p>}
        >
          <nav aria-label={text.library.playlists} ref={(el) => onCleanup(roving(el))}>
            <For each={props.shelf.playlists()?.items}>
              {(list) => (
                <a href={`/playlists/${list.id}`} data-row={list.id}>
                  <Cover url={list.cover_url} name={list.name} />
                  <span class="grow">
                    <span class="line cut">{list.name}</span>
                    <span class="line cut soft small">{text.playlist.songs(list.songs_count)}</span>
                  </span>
                </a>
              )}
            </For>
          </nav>
        </Show>
        <Show when={props.shelf.artists()?.items.length}>
          <header class="row spread">
            <h2>{text.artist.followed}</h2>
          </header>
          <nav aria-label={text.artist.followed} ref={(el) => onCleanup(roving(el))}>
            <For each={props.shelf.artists()?.items}>
              {(artist) => (
                <a href={`/artists/${artist.id}`} data-row={artist.id}>
                  <Icon name="people" />
                  <span class="line cut">{artist.name}</span>
                </a>
              )}
            </For>
          </nav>
        </Show>
        <Show when={props.shelf.genres()?.items.length}>
          <header class="row spread">
            <h2>{text.library.genres}</h2>
          </header>
          <nav aria-label={text.library.genres} ref={(el) => onCleanup(roving(el))}>
            <For each={props.shelf.genres()?.items}>
              {(genre) => (
                <a
                  href={ofGenre(genre.name)}
                  data-row={genre.name}
                  aria-current={genre.name === props.genre ? "page" : undefined}
                  onClick={() => props.onGenre()}
                >
                  <span class="line cut grow">{genre.name}</span>
                  <span class="soft small num">{genre.songs_count}</span>
                </a>
              )}
            </For>
          </nav>
        </Show>
      </aside>
      <Show when={importing()}>
        <Import onClose={() => setImporting(false)} onMade={props.shelf.again} />
      </Show>
      <Show when={making()}>
        <PlaylistForm
          onClose={() => setMaking(false)}
          onDone={(list) => {
            toast(list.name);
            navigate(`/playlists/${list.id}`);
          }}
        />
      </Show>
    </>
  );
}
