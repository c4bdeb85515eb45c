import { createEffect, createSignal, For, on, onCleanup, Show } from "solid-js";
import type { LibrarySong } from "../../net/client";
import { path } from "../../routes";
import { likeSong } from "../../state/likes";
import { attempt } from "../../state/notices";
import { me } from "../../state/session";
import { signInFirst } from "../../state/wish";
import type { Slot } from "../../ui/Rows";
import { roving } from "../../ui/roving";
import { createListening } from "./listening";
import { SongHead, SongRow } from "./SongRow";

/** The few songs of an album or an artist. */
export function Songs(props: { title: string; songs: readonly LibrarySong[] }) {
  const [songs, setSongs] = createSignal(props.songs);
  const listening = createListening();
  createEffect(on(() => props.songs, setSongs, { defer: true }));
  const like = (song: LibrarySong) => {
    const work = () => likeSong(song.id, !song.liked);
    if (!me()) return signInFirst(path(), () => attempt(work));
    void attempt(work).then((done) => {
      if (done) setSongs((all) => all.map((one) => (one.id === song.id ? { ...song, liked: !song.liked } : one)));
    });
  };
  return (
    <Show when={songs().length > 0}>
      <section class="group" aria-label={props.title}>
        <SongHead />
        <ul aria-label={props.title} ref={(el) => onCleanup(roving(el))}>
          <For each={songs()}>
            {(song) => (
              <SongRow
                song={song}
                slot={{ "data-row": String(song.id) } as Slot}
                playlists={[]}
                listening={listening}
                onLike={() => like(song)}
              />
            )}
          </For>
        </ul>
      </section>
    </Show>
  );
}
