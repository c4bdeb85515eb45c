/** MP3: frames found by their headers; the encoder's delay and padding from the tag that LAME and its kin leave. */

import type { Packet, Track } from "./pcm";

const KBPS_V1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const KBPS_V2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const RATES_V1 = [44_100, 48_000, 32_000];
/** A decoder's own delay: the filter bank's 528 samples and one. */
const DECODER_DELAY = 529;
/** Frames that hold what a frame may refer back to (the bit reservoir), and one for the overlap. */
const PREROLL = 12;
/** A tag that is not all of the file's head: so far a first frame is looked for. */
const SEARCH_BYTES = 128 * 1024;

interface Header {
  readonly size: number;
  readonly frames: number;
  readonly sampleRate: number;
  readonly channels: number;
  readonly sideInfo: number;
}

/** Takes an MP3 file apart; undefined for what is none, or changes its rate or channels on the way. */
export function openMp3(bytes: ArrayBuffer): Track | undefined {
  const data = new Uint8Array(bytes);
  let at = firstFrame(data, afterId3(data));
  const first = at === undefined ? undefined : headerAt(data, at);
  if (at === undefined || !first) return undefined;
  const tag = encoderTag(data, at, first);
  if (tag) at += first.size;

  const packets: Packet[] = [];
  let start = 0;
  while (at + 4 <= data.length) {
    const h = headerAt(data, at);
    if (!h) {
      // Rubbish within a file is skipped; a tag at its end stops the search.
      const next = firstFrame(data, at + 1);
      if (next === undefined) break;
      at = next;
      continue;
    }
    if (h.sampleRate !== first.sampleRate || h.channels !== first.channels) return undefined;
    if (at + h.size > data.length) break;
    packets.push({ offset: at, size: h.size, start, frames: h.frames });
    start += h.frames;
    at += h.size;
  }
  const lead = tag ? tag.delay + DECODER_DELAY : 0;
  const trail = tag ? Math.max(0, tag.padding - DECODER_DELAY) : 0;
  const { sampleRate, channels } = first;
  return { codec: "mp3", sampleRate, channels, packets, lead, frames: start - lead - trail, preroll: PREROLL };
}

function afterId3(data: Uint8Array): number {
  const byte = (i: number) => data[i] ?? 0;
  if (byte(0) !== 0x49 || byte(1) !== 0x44 || byte(2) !== 0x33) return 0;
  const size = (byte(6) << 21) | (byte(7) << 14) | (byte(8) << 7) | byte(9);
  return 10 + size + (byte(5) & 0x10 ? 10 : 0);
}

/** A frame that is followed by another one, or by the end. */
function firstFrame(data: Uint8Array, from: number): number | undefined {
  for (let at = data.indexOf(0xff, from); at >= 0 && at < from + SEARCH_BYTES; at = data.indexOf(0xff, at + 1)) {
    const h = headerAt(data, at);
    if (h && (at + h.size >= data.length || headerAt(data, at + h.size))) return at;
  }
  return undefined;
}

function headerAt(data: Uint8Array, at: number): Header | undefined {
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0] = data.subarray(at, at + 4);
  if (b0 !== 0xff || (b1 & 0xe6) !== 0xe2) return undefined;
  const version = (b1 >> 3) & 3;
  const rate = RATES_V1[(b2 >> 2) & 3];
  const v1 = version === 3;
  const kbps = (v1 ? KBPS_V1 : KBPS_V2)[b2 >> 4];
  if (version === 1 || rate === undefined || !kbps) return undefined;
  const sampleRate = v1 ? rate : version === 2 ? rate / 2 : rate / 4;
  const frames = v1 ? 1152 : 576;
  const mono = b3 >> 6 === 3;
  return {
    size: Math.floor((frames * kbps * 125) / sampleRate) + ((b2 >> 1) & 1),
    frames,
    sampleRate,
    channels: mono ? 1 : 2,
    sideInfo: v1 ? (mono ? 17 : 32) : mono ? 9 : 17,
  };
}

/** The first frame of many files is no sound but tells of the others. */
function encoderTag(data: Uint8Array, at: number, h: Header): { delay: number; padding: number } | undefined {
  const view = new DataView(data.buffer, data.byteOffset);
  let p = at + 4 + h.sideInfo;
  const name = text(data, p, 4);
  if (name !== "Xing" && name !== "Info") return undefined;
  const flags = view.getUint32(p + 4);
  p += 8;
  for (const [bit, size] of [[1, 4], [2, 4], [4, 100], [8, 4]] as const) if (flags & bit) p += size;
  if (!["LAME", "Lavf", "Lavc"].includes(text(data, p, 4))) return { delay: -DECODER_DELAY, padding: DECODER_DELAY };
  const both = (view.getUint8(p + 21) << 16) | view.getUint16(p + 22);
  return { delay: both >> 12, padding: both & 0xfff };
}

function text(data: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...data.subarray(at, at + length));
}
