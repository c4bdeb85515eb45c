/** WAV: the samples stand in the file as they are. */

import type { PcmSource } from "./pcm";

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

/** Reads a WAV file's samples; undefined for what is none or has an unknown encoding. */
export function openWav(bytes: ArrayBuffer): PcmSource | undefined {
  const view = new DataView(bytes);
  const tag = (at: number) => (at + 4 <= view.byteLength ? view.getUint32(at) : 0);
  if (tag(0) !== 0x52494646 || tag(8) !== 0x57415645) return undefined;
  let format: { read: Reader; channels: number; sampleRate: number; block: number } | undefined;
  for (let at = 12; at + 8 <= view.byteLength; ) {
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (tag(at) === 0x666d7420 && body + 16 <= view.byteLength) {
      const kind = view.getUint16(body, true);
      const channels = view.getUint16(body + 2, true);
      const bits = view.getUint16(body + 14, true);
      const encoding = kind === EXTENSIBLE && size >= 26 ? view.getUint16(body + 24, true) : kind;
      const read = READERS[`${encoding} ${bits}`];
      const block = view.getUint16(body + 12, true);
      if (!read || channels === 0 || block !== (channels * bits) / 8) return undefined;
      format = { read, channels, sampleRate: view.getUint32(body + 4, true), block };
    } else if (tag(at) === 0x64617461 && format) {
      return samples(view, body, Math.min(size, view.byteLength - body), format);
    }
    at = body + size + (size % 2);
  }
  return undefined;
}

function samples(
  view: DataView,
  body: number,
  size: number,
  format: { read: Reader; channels: number; sampleRate: number; block: number },
): PcmSource {
  const { read, channels, sampleRate, block } = format;
  const frames = Math.floor(size / block);
  return {
    sampleRate,
    channels,
    frames,
    read(from, count) {
      const out = Array.from({ length: channels }, () => new Float32Array(count));
      const last = Math.min(frames, from + count);
      out.forEach((channel, c) => {
        const step = block / channels;
        for (let i = Math.max(0, from); i < last; i++) channel[i - from] = read(view, body + i * block + c * step);
      });
      return Promise.resolve(out);
    },
  };
}
