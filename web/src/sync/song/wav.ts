/** WAV: the samples stand in the file as they are. */

import { type Reader as File, text, Window } from "./reader";
import type { PcmSource } from "./track";

type Reader = (view: DataView, at: number) => number;

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;

const READERS: Record<string, Reader> = {
  [`${PCM} 8`]: (v, at) => (v.getUint8(at) - 128) / 128,
  [`${PCM} 16`]: (v, at) => v.getInt16(at, true) / 32_768,
  [`${PCM} 24`]: (v, at) => (v.getUint16(at, true) | (v.getInt8(at + 2) << 16)) / 8_388_608,
  [`${PCM} 32`]: (v, at) => v.getInt32(at, true) / 2_147_483_648,
  [`${FLOAT} 32`]: (v, at) => v.getFloat32(at, true),
  [`${FLOAT} 64`]: (v, at) => v.getFloat64(at, true),
};

/** A header's chunks beyond this many are not a song's. */
const CHUNKS_MAX = 1_000;

interface Format {
  readonly read: Reader;
  readonly channels: number;
  readonly sampleRate: number;
  readonly block: number;
}

/** Reads a WAV file's samples; undefined for what is none or has an unknown encoding. */
export async function openWav(file: File): Promise<PcmSource | undefined> {
  const window = new Window(file);
  const riff = await window.look(0, 12);
  if (text(riff, 0, 4) !== "RIFF" || text(riff, 8, 4) !== "WAVE") return undefined;
  let format: Format | undefined;
  let at = 12;
  for (let n = 0; n < CHUNKS_MAX && at + 8 <= file.size; n++) {
    const head = await window.view(at, 8 + 40);
    const name = text(new Uint8Array(head.buffer, head.byteOffset, 4), 0, 4);
    const size = head.getUint32(4, true);
    if (name === "fmt ") {
      format = formatIn(head, size);
      if (!format) return undefined;
    } else if (name === "data" && format) {
      const room = file.size - at - 8;
      // A recorder that died has left no length.
      return samples(file, at + 8, size === 0 ? room : Math.min(size, room), format);
    }
    at += 8 + size + (size % 2);
  }
  return undefined;
}

function formatIn(chunk: DataView, size: number): Format | undefined {
  if (chunk.byteLength < 24) return undefined;
  const kind = chunk.getUint16(8, true);
  const channels = chunk.getUint16(10, true);
  const bits = chunk.getUint16(22, true);
  const encoding = kind === EXTENSIBLE && size >= 26 && chunk.byteLength >= 34 ? chunk.getUint16(32, true) : kind;
  const read = READERS[`${encoding} ${bits}`];
  const block = chunk.getUint16(20, true);
  if (!read || channels === 0 || block !== (channels * bits) / 8) return undefined;
  return { read, channels, sampleRate: chunk.getUint32(12, true), block };
}

function samples(file: File, body: number, size: number, format: Format): PcmSource {
  const { read, channels, sampleRate, block } = format;
  const frames = Math.floor(size / block);
  const step = block / channels;
  return {
    sampleRate,
    channels,
    frames,
    place: (frame) => body + Math.min(Math.max(0, frame), frames) * block,
    async read(from, count, signal) {
      const out = Array.from({ length: channels }, () => new Float32Array(count));
      const first = Math.max(0, from);
      const last = Math.min(frames, from + count);
      if (last <= first) return out;
      const bytes = await file.read(body + first * block, body + last * block, signal);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      const there = Math.floor(bytes.length / block);
      for (const [c, channel] of out.entries()) {
        for (let i = 0; i < there; i++) channel[first - from + i] = read(view, i * block + c * step);
      }
      return out;
    },
  };
}
