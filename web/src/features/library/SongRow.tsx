import { createSignal, For, Show } from "solid-js";
import { choosing as sayChoosing } from "../../i18n/choosing";
import { text } from "../../i18n/en";
import { api, type LibrarySong, type Playlist } from "../../net/client";
import { navigate } from "../../routes";
import { bring, brings } from "../../state/bringing";
import { attempt, toast } from "../../state/notices";
import { me, stage } from "../../state/session";
import { clock } from "../../ui/format";
import { Icon } from "../../ui/Icon";
import { later } from "../../ui/later";
import { Menu, MenuItem } from "../../ui/Menu";
import { Cover } from "../../ui/Picture";
import type { Slot } from "../../ui/Rows";
import type { Listening } from "./listening";

const CommentsDialog = later(() => import("../comments/Comments").then((of) => of.CommentsDialog));

/** `.song-row` in library.css has this height. */
export const SONG_ROW_PX = 56;

export const mayErase = (song: LibrarySong) => song.uploader.id === me()?.id;

export function SongHead() {
  const { columns } = text.library;
  return (
    <div class="song-row song-head soft small" aria-hidden="true">
      <span />
      <span>{columns.title}</span>
      <span class="album">{columns.album}</span>
      <span />
      <span class="time">{columns.time}</span>
      <span />
    </div>
  );
}

/** Its cover, which a press plays for oneself; without an account it is a picture. */
function Heard(props: { song: LibrarySong; listening: Listening }) {
  const heard = () => props.listening.isHeard(props.song);
  return (
    <Show when={me()} fallback={<Cover url={props.song.cover_url} name={props.song.title} />}>
      <button
        type="button"
        class="heard"
        aria-label={heard() ? text.library.stop(props.song.title) : text.library.listen(props.song.title)}
        aria-pressed={heard()}
        onClick={() => props.listening.toggle(props.song)}
      >
        <Cover url={props.song.cover_url} name={props.song.title} />
        <Icon name={heard() ? "pause" : "play"} size={20} />
      </button>
    </Show>
  );
}

export function SongRow(props: {
  song: LibrarySong;
  slot: Slot;
  playlists: Playlist[];
  /** How it is heard here. */
  listening: Listening;
  /** Whether it is one of several; undefined while one does not choose. */
  chosen?: boolean | undefined;
  onLike(): void;
  onErase?(): void;
  /** `far`: all from the one before to this one. */
  onChoose?(wanted: boolean, far: boolean): void;
}) {
  const [talking, setTalking] = createSignal(false);
  /** Where the song after the one that plays stands. */
  const next = () => {
    const state = stage()?.state();
    return (state?.queue.items.findIndex((item) => item !== null && item.entry === state.timeline.entry) ?? -1) + 1;
  };
  /** A queue that puts itself in order takes no places. */
  const mayPlayNext = () => {
    const state = stage()?.state();
    return state?.you.can.includes("queue_edit") && state.stage.order === "added";
  };
  const playNext = () =>
    attempt(async () => {
      await stage()?.add(props.song.id, next());
      toast(text.queue.added(props.song.title));
    });
  const addTo = (list: Playlist) =>
    attempt(async () => {
      await api.POST("/api/v1/playlists/{id}/songs", { params: { path: { id: list.id } }, body: { song_id: props.song.id } });
      toast(text.library.addedTo(list.name));
    });
  return (
    <li {...props.slot} class="song-row" aria-label={text.queue.row(props.song.title, props.song.artist)}>
      <Show when={props.chosen !== undefined} fallback={<Heard song={props.song} listening={props.listening} />}>
        <label class="choose">
          <input
            type="checkbox"
            aria-label={sayChoosing.one(props.song.title)}
            checked={props.chosen}
            onClick={(event) => props.onChoose?.(event.currentTarget.checked, event.shiftKey)}
          />
        </label>
      </Show>
      <span class="grow">
        <span class="line cut">{props.song.title}</span>
        <span class="line cut soft small" role={props.listening.failed(props.song) ? "alert" : undefined}>
          {props.listening.failed(props.song) ? text.library.cantPlay : props.song.artist}
        </span>
      </span>
      <span class="album cut soft small">{props.song.album}</span>
      <button
        type="button"
        class="btn icon-only like"
        aria-label={`${props.song.liked ? text.stage.unlike : text.stage.like}: ${props.song.title}`}
        aria-pressed={props.song.liked}
        onClick={props.onLike}
      >
        <Icon name="heart" filled={props.song.liked} size={18} />
      </button>
      <span class="time soft small num">{clock(props.song.duration_us)}</span>
      <Menu label={text.library.songActions(props.song.title)}>
        <Show when={brings()}>
          <MenuItem icon="queue" onSelect={() => bring(props.song)}>
            {brings() === "suggest" ? text.suggestions.toStage : text.library.addToQueue}
          </MenuItem>
          <Show when={mayPlayNext()}>
            <MenuItem icon="next" onSelect={playNext}>
              {text.library.playNext}
            </MenuItem>
          </Show>
          <hr />
        </Show>
        <MenuItem icon="music" onSelect={() => navigate(`/songs/${props.song.id}`)}>
          {text.song.open}
        </MenuItem>
        <MenuItem icon="chat" onSelect={() => setTalking(true)}>
          {text.comments.title}
          <Show when={props.song.comments_count > 0}> ({props.song.comments_count})</Show>
        </MenuItem>
        <Show when={props.song.artist_id}>
          {(id) => (
            <MenuItem icon="people" onSelect={() => navigate(`/artists/${id()}`)}>
              {text.artist.open}
            </MenuItem>
          )}
        </Show>
        <Show when={props.song.album_id}>
          {(id) => (
            <MenuItem icon="music" onSelect={() => navigate(`/albums/${id()}`)}>
              {text.album.open}
            </MenuItem>
          )}
        </Show>
        <Show when={props.playlists.length > 0}>
          <hr />
        </Show>
        <For each={props.playlists.slice(0, 12)}>
          {(list) => (
            <MenuItem icon="list" onSelect={() => addTo(list)}>
              <span class="cut">
                {text.library.addToPlaylist}: {list.name}
              </span>
            </MenuItem>
          )}
        </For>
        <Show when={mayErase(props.song) && props.onErase}>
          {(erase) => (
            <>
              <hr />
              <MenuItem icon="trash" danger onSelect={() => erase()()}>
                {text.library.deleteSong}
              </MenuItem>
            </>
          )}
        </Show>
      </Menu>
      <Show when={talking()}>
        <CommentsDialog
          title={props.song.title}
          about={{ song: props.song.id }}
          owner={props.song.uploader.id}
          onClose={() => setTalking(false)}
        />
      </Show>
    </li>
  );
}
