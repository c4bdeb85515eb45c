/** How far the server has come with listening to songs: asked from time to time, until it has. */

import { type Accessor, createEffect, createMemo, onCleanup, untrack } from "solid-js";
import { api, type LibrarySong, orNone, told } from "../../net/client";

const EVERY_MS = 2_000;
/** The server goes through them in their order, so it is enough to ask for the first ones. */
const AT_ONCE = 4;

/** Tells what became of each of the songs, once; null of one that is gone. */
export function followAnalysis(
  pending: Accessor<readonly number[]>,
  heard: (id: number, song: LibrarySong | null) => void,
): void {
  const waits = createMemo(() => pending().length > 0);
  let busy = false;
  async function look(): Promise<void> {
    if (busy || document.visibilityState !== "visible") return;
    busy = true;
    const ask = async (id: number) => {
      const song = await orNone(told(api.GET("/api/v1/songs/{id}", { params: { path: { id } } })));
      if (song?.analysis !== "pending") heard(id, song);
    };
    // Who can't be asked now is asked the next time.
    await Promise.allSettled(untrack(pending).slice(0, AT_ONCE).map(ask));
    busy = false;
  }
  createEffect(() => {
    if (!waits()) return;
    const timer = setInterval(() => void look(), EVERY_MS);
    onCleanup(() => clearInterval(timer));
  });
}
