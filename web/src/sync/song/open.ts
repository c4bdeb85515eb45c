/** Takes a file apart, whatever it is, and gives any stretch of its samples. */

import { openAdts } from "./adts";
import { canDecode, decode } from "./codec";
import { openFlac } from "./flac";
import { openMp3 } from "./mp3";
import { openMp4 } from "./mp4";
import { openOgg } from "./ogg";
import type { Reader } from "./reader";
import { type Hint, type PcmSource, samplesOf, type Track } from "./track";
import { openWav } from "./wav";
import { wrapped } from "./wrap";

/** Decodes a small file as it is, at its own rate: `decodeAudioData`, which only the page has. */
export type DecodeFile = (
  bytes: Uint8Array<ArrayBuffer>,
  sampleRate: number,
  channels: number,
) => Promise<Float32Array<ArrayBuffer>[]>;

/** The song's samples; undefined for what can only be decoded as a whole, if at all. */
export async function openSource(file: Reader, hint: Hint, decodeFile: DecodeFile): Promise<PcmSource | undefined> {
  const wav = await openWav(file);
  if (wav) return wav;
  const track = await takeApart(file, hint);
  return track && sourceOf(track, hint, (await canDecode(track)) ? "codec" : "file", decodeFile);
}

async function takeApart(file: Reader, hint: Hint): Promise<Track | undefined> {
  for (const open of [openFlac, openOgg, openMp4, openMp3, openAdts]) {
    try {
      const track = await open(file, hint);
      if (track && track.frames > 0 && track.channels > 0 && track.sampleRate > 0) return track;
    } catch (error) {
      // A file that breaks off where its tables still promise more.
      if (!(error instanceof RangeError)) throw error;
    }
  }
  return undefined;
}

function sourceOf(track: Track, hint: Hint, first: "codec" | "file", decodeFile: DecodeFile): PcmSource {
  let way = first;
  const stated = samplesOf(hint, track.sampleRate);
  const step = track.sampleRate / 20;
  return {
    sampleRate: track.sampleRate,
    channels: track.channels,
    // A file that says of itself what is not so was measured by the server.
    frames: stated > 0 && Math.abs(stated - track.frames) > step ? stated : track.frames,
    place: (frame) => track.place(Math.max(0, frame + track.lead - track.runIn)),
    async read(frame, count, signal) {
      const from = frame + track.lead;
      const packets = await track.packets(from - track.runIn, from + count, signal);
      if (way === "codec") {
        try {
          return await decode(track, packets, from, count);
        } catch {
          // What a browser says it can and what it does are two things.
          way = "file";
        }
      }
      const channels = await decodeFile(wrapped(track, packets), track.sampleRate, track.channels);
      return channels.map((samples) => cut(samples, packets, from, count));
    },
  };
}

/** The stretch that was asked for; what decoders leave out, they leave out at the beginning, and at the end they may give more. */
function cut(samples: Float32Array, packets: readonly { start: number; frames: number }[], from: number, count: number) {
  const out = new Float32Array(count);
  const [first, last] = [packets[0], packets.at(-1)];
  const begin = first && last ? Math.max(first.start, last.start + last.frames - samples.length) : from;
  const skip = Math.max(0, from - begin);
  out.set(samples.subarray(skip, skip + count - Math.max(0, begin - from)), Math.max(0, begin - from));
  return out;
}
