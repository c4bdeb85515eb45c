/** Hears what is said of songs and albums for as long as somebody looks at them. */

import type { Connection } from "../net/connection";
import type { CommentFrame } from "../protocol";

/** One of the two. */
export type About = { song: number } | { album: number };

export interface Watcher {
  hear(frame: CommentFrame): void;
  /** What was said in between may be missing: the connection is back. */
  back(): void;
}

const keyOf = (about: About) => ("song" in about ? `song ${about.song}` : `album ${about.album}`);

export function createWatching(connection: Connection): (about: About, watcher: Watcher) => () => void {
  const watched = new Map<string, { about: About; watchers: Set<Watcher> }>();
  const ask = (type: "watch" | "unwatch", about: About) =>
    // Who is not told asks for the list all the same.
    connection.request({ type, ...about }).catch(() => undefined);

  connection.onFrame((frame) => {
    if (frame.type !== "comment") return;
    const { song_id, album_id } = frame.comment;
    const about = song_id ? { song: song_id } : album_id ? { album: album_id } : null;
    for (const watcher of (about && watched.get(keyOf(about))?.watchers) ?? []) watcher.hear(frame);
  });
  connection.onState((state) => {
    if (state !== "open") return;
    for (const { about, watchers } of watched.values()) {
      void ask("watch", about);
      for (const watcher of watchers) watcher.back();
    }
  });
  return (about, watcher) => {
    const key = keyOf(about);
    const known = watched.get(key) ?? { about, watchers: new Set() };
    if (known.watchers.size === 0) void ask("watch", about);
    known.watchers.add(watcher);
    watched.set(key, known);
    return () => {
      known.watchers.delete(watcher);
      if (known.watchers.size > 0 || watched.get(key) !== known) return;
      watched.delete(key);
      void ask("unwatch", about);
    };
  };
}
