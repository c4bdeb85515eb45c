import { createSignal, For, Show } from "solid-js";
import { choosing as say } from "../../i18n/choosing";
import { text } from "../../i18n/en";
import { api, type LibrarySong, type Playlist } from "../../net/client";
import { likeSong } from "../../state/likes";
import { attempt, toast } from "../../state/notices";
import { stage } from "../../state/session";
import { confirm } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { Menu, MenuItem } from "../../ui/Menu";
import type { Choosing } from "./choosing";
import { mayErase } from "./SongRow";
import "../../styles/choosing.css";

/** What can be done with all chosen songs at once; one after the other, so that a server is not flooded. */
export function ChosenBar(props: {
  choosing: Choosing<LibrarySong>;
  playlists: readonly Playlist[];
  onLiked(song: LibrarySong): void;
  onErased(id: number): void;
}) {
  const [busy, setBusy] = createSignal(false);
  const chosen = () => props.choosing.chosen();
  const canQueue = () => stage()?.state()?.you.can.includes("queue_add") ?? false;

  /** Does it for each, and says so of those for which it was done. */
  async function each(songs: readonly LibrarySong[], act: (song: LibrarySong) => Promise<unknown>, done: (n: number) => string) {
    setBusy(true);
    let count = 0;
    await attempt(async () => {
      for (const song of songs) {
        await act(song);
        count += 1;
      }
    });
    setBusy(false);
    if (count > 0) toast(done(count));
    if (count === songs.length) props.choosing.none();
  }
  const queue = () => each(chosen(), async ({ id }) => stage()?.add(id), say.queued);
  const addTo = (list: Playlist) => {
    const add = ({ id }: LibrarySong) =>
      api.POST("/api/v1/playlists/{id}/songs", { params: { path: { id: list.id } }, body: { song_id: id } });
    return each(chosen(), add, (n) => say.added(n, list.name));
  };
  const like = () => {
    const one = async (song: LibrarySong) => {
      await likeSong(song.id, true);
      props.onLiked({ ...song, liked: true });
    };
    return each(
      chosen().filter(({ liked }) => !liked),
      one,
      say.liked,
    );
  };
  async function erase(): Promise<void> {
    const mine = chosen().filter(mayErase);
    if (!(await confirm(say.erase, say.eraseSure(mine.length, chosen().length - mine.length), text.common.delete))) return;
    const one = async ({ id }: LibrarySong) => {
      await api.DELETE("/api/v1/songs/{id}", { params: { path: { id } } });
      props.onErased(id);
    };
    await each(mine, one, say.erased);
  }

  const none = () => busy() || chosen().length === 0;
  return (
    <div class="chosen-bar" role="toolbar" aria-label={say.bar}>
      <span class="num" role="status">
        {say.count(chosen().length)}
      </span>
      <button
        type="button"
        class="btn plain"
        onClick={() => (chosen().length > 0 ? props.choosing.none() : props.choosing.all())}
      >
        {chosen().length > 0 ? say.none : say.all}
      </button>
      <span class="grow" />
      <Show when={canQueue()}>
        <button type="button" class="btn" disabled={none()} onClick={queue}>
          <Icon name="queue" />
          {say.queue}
        </button>
      </Show>
      <button type="button" class="btn icon-only" aria-label={say.like} title={say.like} disabled={none()} onClick={like}>
        <Icon name="heart" />
      </button>
      <Show when={props.playlists.length > 0 && !none()}>
        <Menu label={say.playlist} icon="list">
          <For each={props.playlists}>{(list) => <MenuItem onSelect={() => addTo(list)}>{list.name}</MenuItem>}</For>
        </Menu>
      </Show>
      <button
        type="button"
        class="btn icon-only"
        aria-label={say.erase}
        title={say.erase}
        disabled={busy() || !chosen().some(mayErase)}
        onClick={erase}
      >
        <Icon name="trash" />
      </button>
    </div>
  );
}
