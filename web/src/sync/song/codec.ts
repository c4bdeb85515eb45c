/** Packets to samples with WebCodecs, which browsers have on secure origins alone. */

import type { Packet, Track } from "./track";

/** As WebCodecs names them. */
const NAMES = { flac: "flac", mp3: "mp3", aac: "mp4a.40.2", opus: "opus", vorbis: "vorbis" } as const;

/** Whether this browser can; a decoder is asked for by its exact configuration. */
export async function canDecode(track: Track): Promise<boolean> {
  if (typeof AudioDecoder === "undefined") return false;
  try {
    return (await AudioDecoder.isConfigSupported(configOf(track))).supported === true;
  } catch {
    return false;
  }
}

function configOf({ codec, sampleRate, channels, description }: Track): AudioDecoderConfig {
  return { codec: NAMES[codec], sampleRate, numberOfChannels: channels, ...(description && { description }) };
}

/** A stretch with more damaged packets than this is silent from there on. */
const DAMAGES_MAX = 16;

/** Samples [from, from + count), counted as the decoder does. A damaged packet leaves its own place silent, no more. */
export async function decode(
  track: Track,
  packets: readonly Packet[],
  from: number,
  count: number,
): Promise<Float32Array<ArrayBuffer>[]> {
  const out = Array.from({ length: track.channels }, () => new Float32Array(count));
  let [begin, heard, damages] = [0, false, 0];
  while (begin < packets.length) {
    const { given, error } = await decodeFrom(track, packets, begin, from, out);
    heard ||= given > 0;
    if (error === null) break;
    // The decoder has ended with it: another one goes on behind the packet at which it did.
    begin += given + 1;
    damages += 1;
    if (damages > DAMAGES_MAX || begin >= packets.length) {
      if (heard) break;
      throw error;
    }
  }
  return out;
}

/** Decodes the packets from `begin` on until the end or the first damage: how many of them gave sound, and what ended it. */
function decodeFrom(
  track: Track,
  packets: readonly Packet[],
  begin: number,
  from: number,
  out: readonly Float32Array<ArrayBuffer>[],
): Promise<{ given: number; error: unknown }> {
  let given = 0;
  return new Promise((done, fail) => {
    const end = (error: unknown) => done({ given, error });
    const decoder = new AudioDecoder({
      output(audio) {
        // An extension that the file's tables don't tell of: not what they say where things are.
        if (audio.sampleRate !== track.sampleRate) return fail(new Error(`decoded to ${audio.sampleRate} Hz`));
        given += 1;
        // Whole microseconds are finer than half a sample.
        place(audio, Math.round((audio.timestamp * track.sampleRate) / 1e6) - from, out);
        audio.close();
      },
      error: end,
    });
    decoder.configure(configOf(track));
    for (const [i, { start, frames, data }] of packets.slice(begin).entries()) {
      // Nothing comes of Vorbis's first packet, and what comes of the second is told to be where the first was.
      const at = track.codec === "vorbis" && i === 0 ? start + frames : start;
      const timestamp = Math.round((at * 1e6) / track.sampleRate);
      decoder.decode(new EncodedAudioChunk({ type: "key", timestamp, data }));
    }
    decoder.flush().then(() => {
      decoder.close();
      end(null);
    }, end);
  });
}

/** Copies what falls into `out`; `at` is where the audio's first sample belongs there. */
function place(audio: AudioData, at: number, out: readonly Float32Array<ArrayBuffer>[]): void {
  const length = out[0]?.length ?? 0;
  const skip = Math.max(0, -at);
  const count = Math.min(audio.numberOfFrames - skip, length - Math.max(0, at));
  if (count <= 0) return;
  out.slice(0, audio.numberOfChannels).forEach((channel, planeIndex) => {
    const target = channel.subarray(Math.max(0, at), Math.max(0, at) + count);
    audio.copyTo(target, { planeIndex, format: "f32-planar", frameOffset: skip, frameCount: count });
  });
}
