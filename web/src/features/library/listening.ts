/** A song of the list that one hears by oneself: one at a time, until one leaves the list. */

import { createSignal } from "solid-js";
import type { LibrarySong } from "../../net/client";
import { createPreview } from "../song/preview";

export function createListening() {
  const [song, setSong] = createSignal<LibrarySong | null>(null);
  const preview = createPreview(() => song()?.audio_url ?? "");
  const isHeard = (one: LibrarySong) => preview.playing() && song()?.id === one.id;
  function toggle(one: LibrarySong): void {
    if (song()?.id !== one.id) setSong(one);
    preview.toggle();
  }
  return { isHeard, toggle, failed: (one: LibrarySong) => preview.failed() && song()?.id === one.id };
}

export type Listening = ReturnType<typeof createListening>;
