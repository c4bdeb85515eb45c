/** Songs from the server, decoded by the browser. */

import type { Song } from "../protocol";
import type { Loader } from "./shelf";
import { WholeTape } from "./tape";

/** A file that the server doesn't give is not asked for again and again without end; the network may be. */
export function createLoader(context: BaseAudioContext, fetchAudio: (url: string) => Promise<Response>): Loader {
  return {
    async fetch(song, signal) {
      const response = await fetchAudio(song.audio_url);
      signal.throwIfAborted();
      if (!response.ok) throw new Error(`the server answered ${response.status} to ${song.audio_url}`);
      return response.arrayBuffer();
    },
    async decode(_song: Song, bytes: ArrayBuffer) {
      return new WholeTape(await context.decodeAudioData(bytes));
    },
  };
}
