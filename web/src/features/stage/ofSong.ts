import type { Accessor } from "solid-js";
import { createFetched } from "../../state/fetched";

/** A hall does not ask all at once when a song begins. */
const SPREAD_MS = 1_500;

/** What the server says of the song that plays, asked for a while after it has begun, and at once when it is asked again. */
export function createOfSong<T>(song: Accessor<number>, ask: (id: number) => Promise<T>) {
  let last: number | undefined;
  const fetched = createFetched(song, async (id) => {
    const isAnother = id !== last;
    last = id;
    if (isAnother) await new Promise((done) => setTimeout(done, Math.random() * SPREAD_MS));
    return { id, said: await ask(id) };
  });
  /** What was said of another song is not shown for this one. */
  const value = () => (fetched.value()?.id === song() ? fetched.value()?.said : undefined);
  return { value, again: fetched.again };
}
