/** Decodes any stretch of a track with WebCodecs, so that a song never stands in memory as a whole. */

import type { PcmSource, Track } from "./pcm";

/** Whether this browser can; a decoder is asked for by its exact configuration. */
export async function canDecode(track: Track): Promise<boolean> {
  if (typeof AudioDecoder === "undefined") return false;
  try {
    return (await AudioDecoder.isConfigSupported(configOf(track))).supported === true;
  } catch {
    return false;
  }
}

export function decodeTrack(bytes: ArrayBuffer, track: Track): PcmSource {
  return {
    sampleRate: track.sampleRate,
    channels: track.channels,
    frames: track.frames,
    read: (from, count) => readTrack(bytes, track, from + track.lead, count),
  };
}

function configOf({ codec, sampleRate, channels, description }: Track): AudioDecoderConfig {
  return { codec, sampleRate, numberOfChannels: channels, ...(description && { description }) };
}

/** `from` counts the decoder's samples. */
async function readTrack(bytes: ArrayBuffer, track: Track, from: number, count: number): Promise<Float32Array<ArrayBuffer>[]> {
  const out = Array.from({ length: track.channels }, () => new Float32Array(count));
  const { packets, sampleRate, preroll } = track;
  const first = packets.findIndex((p) => p.start + p.frames > from);
  if (first < 0) return out;
  let heard = false;
  await new Promise<void>((done, fail) => {
    // A damaged packet ends the decoder; what came before it counts, the rest of the stretch stays silent.
    const end = (error: unknown) => (heard ? done() : fail(error));
    const decoder = new AudioDecoder({
      output(audio) {
        heard = true;
        // Whole microseconds are finer than half a sample.
        place(audio, Math.round((audio.timestamp * sampleRate) / 1e6) - from, out);
        audio.close();
      },
      error: end,
    });
    decoder.configure(configOf(track));
    for (const packet of packets.slice(Math.max(0, first - preroll))) {
      if (packet.start >= from + count) break;
      decoder.decode(
        new EncodedAudioChunk({
          type: "key",
          timestamp: Math.round((packet.start * 1e6) / sampleRate),
          data: new Uint8Array(bytes, packet.offset, packet.size),
        }),
      );
    }
    decoder.flush().then(() => (decoder.close(), done()), end);
  });
  return out;
}

/** Copies what falls into `out`; `at` is where the audio's first sample belongs there. */
function place(audio: AudioData, at: number, out: readonly Float32Array<ArrayBuffer>[]): void {
  const length = out[0]?.length ?? 0;
  const skip = Math.max(0, -at);
  const count = Math.min(audio.numberOfFrames - skip, length - Math.max(0, at));
  if (count <= 0) return;
  out.forEach((channel, planeIndex) => {
    const target = channel.subarray(Math.max(0, at), Math.max(0, at) + count);
    audio.copyTo(target, { planeIndex, format: "f32-planar", frameOffset: skip, frameCount: count });
  });
}
