/** Which way a song is decoded: in pieces where this browser and we can take the file apart, else as a whole. */

import { peakOf, type Tape, WholeTape } from "../tape";
import { canDecode, decodeTrack } from "./codec";
import { openFlac } from "./flac";
import { openMp3 } from "./mp3";
import { openMp4 } from "./mp4";
import { openOpus } from "./ogg";
import type { PcmSource, Track } from "./pcm";
import { PieceTape } from "./pieces";
import { openWav } from "./wav";

/** Songs that are smaller than this as floats are decoded at once: it is simpler, and no memory to speak of. */
const WHOLE_BYTES = 24 * 2 ** 20;

/** Decodes a file for a context; `durationUs` is what the server says of it. */
export async function openTape(context: BaseAudioContext, bytes: ArrayBuffer, durationUs: number): Promise<Tape> {
  const bytesAsFloats = (durationUs / 1e6) * context.sampleRate * 2 * 4;
  if (bytesAsFloats > WHOLE_BYTES) {
    const source = await openSource(bytes);
    const tape = source && PieceTape.of(source, context.sampleRate);
    if (tape) return tape;
  }
  const buffer = await context.decodeAudioData(bytes);
  return new WholeTape(buffer, await peakOf(buffer));
}

/** The song in pieces, if it can be had so. */
export async function openSource(bytes: ArrayBuffer): Promise<PcmSource | undefined> {
  const wav = openWav(bytes);
  if (wav) return wav;
  const track = takeApart(bytes);
  if (!track || track.frames <= 0 || !(await canDecode(track))) return undefined;
  const source = decodeTrack(bytes, track);
  // What a browser says it can and what it does are two things.
  return source.read(0, track.sampleRate / 10).then(() => source, () => undefined);
}

function takeApart(bytes: ArrayBuffer): Track | undefined {
  for (const open of [openFlac, openOpus, openMp4, openMp3]) {
    try {
      const track = open(bytes);
      if (track) return track;
    } catch (error) {
      // A file that breaks off where its tables still promise more.
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return undefined;
}
