/** FLAC: frames found by their headers, checked by number and CRC-8. */

import type { Packet, Track } from "./pcm";

interface StreamInfo {
  readonly maxBlock: number;
  readonly minFrame: number;
  readonly sampleRate: number;
  readonly channels: number;
  readonly total: number;
  /** `fLaC` and the block itself: what a decoder wants to know. */
  readonly description: Uint8Array<ArrayBuffer>;
}

const BLOCK_576 = [576, 1152, 2304, 4608];

/** Takes a FLAC file apart; undefined for what is none, has no length, or skips frames. */
export function openFlac(bytes: ArrayBuffer): Track | undefined {
  const data = new Uint8Array(bytes);
  const info = streamInfo(data);
  if (!info || info.total === 0) return undefined;
  const heads: { offset: number; start: number; frames: number }[] = [];
  let expected = 0;
  for (let at = data.indexOf(0xff, info.audio); at >= 0 && expected < info.total; ) {
    const frame = frameAt(data, at, info);
    if (frame && frame.start === expected) {
      heads.push({ offset: at, ...frame });
      expected += frame.frames;
      at = data.indexOf(0xff, at + Math.max(info.minFrame, 8));
    } else {
      at = data.indexOf(0xff, at + 1);
    }
  }
  if (expected < info.total) return undefined;
  const packets = heads.map((h, i): Packet => ({ ...h, size: (heads[i + 1]?.offset ?? data.length) - h.offset }));
  const { sampleRate, channels, description, total } = info;
  return { codec: "flac", description, sampleRate, channels, packets, lead: 0, frames: total, preroll: 0 };
}

function streamInfo(data: Uint8Array<ArrayBuffer>): (StreamInfo & { audio: number }) | undefined {
  const view = new DataView(data.buffer);
  if (data.length < 42 || view.getUint32(0) !== 0x664c6143 || ((data[4] ?? 0) & 0x7f) !== 0) return undefined;
  let audio = 4;
  for (let last = false; !last; ) {
    if (audio + 4 > data.length) return undefined;
    last = view.getUint8(audio) >= 0x80;
    audio += 4 + (view.getUint32(audio) & 0xff_ffff);
  }
  const description = data.slice(0, 42);
  // The description says of itself that it is the last block.
  description[4] = 0x80;
  const packed = view.getUint32(18);
  return {
    audio,
    maxBlock: view.getUint16(10),
    minFrame: view.getUint32(11) & 0xff_ffff,
    sampleRate: packed >>> 12,
    channels: ((packed >> 9) & 7) + 1,
    total: (packed & 0xf) * 2 ** 32 + view.getUint32(22),
    description,
  };
}

function frameAt(data: Uint8Array, at: number, info: StreamInfo): { start: number; frames: number } | undefined {
  const byte = (i: number) => data[at + i] ?? 0;
  if (byte(0) !== 0xff || (byte(1) & 0xfe) !== 0xf8) return undefined;
  const variable = (byte(1) & 1) === 1;
  const [blockCode, rateCode] = [byte(2) >> 4, byte(2) & 0xf];
  if (blockCode === 0 || rateCode === 0xf || byte(3) >> 4 > 10) return undefined;
  // The frame's or sample's number, written like UTF-8.
  const lead = byte(4);
  const more = lead < 0x80 ? 0 : Math.clz32(~lead << 24) - 1;
  if (more < 0 || more > 6) return undefined;
  let number = more === 0 ? lead : lead & (0x3f >> more);
  for (let i = 1; i <= more; i++) number = number * 64 + (byte(4 + i) & 0x3f);
  let p = 5 + more;
  let frames = 0;
  if (blockCode === 1) frames = 192;
  else if (blockCode < 6) frames = BLOCK_576[blockCode - 2] ?? 0;
  else if (blockCode === 6) frames = byte(p++) + 1;
  else if (blockCode === 7) frames = ((byte(p++) << 8) | byte(p++)) + 1;
  else frames = 256 << (blockCode - 8);
  p += rateCode === 12 ? 1 : rateCode > 12 ? 2 : 0;
  if (crc8(data.subarray(at, at + p)) !== byte(p)) return undefined;
  return { start: variable ? number : number * info.maxBlock, frames };
}

function crc8(bytes: Uint8Array): number {
  let crc = 0;
  for (const b of bytes) {
    crc ^= b;
    for (let i = 0; i < 8; i++) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1;
  }
  return crc;
}
