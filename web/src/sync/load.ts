/** Songs from the server, decoded by the browser. */

import type { Song } from "../protocol";
import type { Loader } from "./shelf";
import { openTape } from "./decode/open";

export function createLoader(context: BaseAudioContext, fetchAudio: (url: string) => Promise<Response>): Loader {
  return {
    async fetch(song, signal) {
      const response = await fetchAudio(song.audio_url);
      signal.throwIfAborted();
      if (!response.ok) throw new Error(`the server answered ${response.status} to ${song.audio_url}`);
      return response.arrayBuffer();
    },
    decode: (song: Song, bytes: ArrayBuffer) => openTape(context, bytes, song.duration_us),
  };
}
