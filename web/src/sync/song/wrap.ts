/**
 * A few packets as a file of their own, for `decodeAudioData`, where there is no WebCodecs: a stretch of a song is decoded
 * as if it were all of it.
 */

import type { Packet, Track } from "./track";
import { unlaced } from "./vorbis";

const RATES = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];
/** A page of Ogg holds at most so many lacing values, of 255 bytes each. */
const LACING_MAX = 255;
const OPUS_TAGS = new Uint8Array([...new TextEncoder().encode("OpusTags"), 0, 0, 0, 0, 0, 0, 0, 0]);

export function wrapped(track: Track, packets: readonly Packet[]): Uint8Array<ArrayBuffer> {
  const data = packets.map((p) => p.data);
  switch (track.codec) {
    case "flac":
      return joined([unnumbered(track.description), ...data]);
    case "mp3":
      return joined(data);
    case "aac":
      // Frames of ADTS bring their headers with them.
      return track.description ? joined(data.flatMap((d) => [adtsHeader(track, d.length), d])) : joined(data);
    case "opus":
      return ogg([[track.description ?? OPUS_TAGS], [OPUS_TAGS]], packets);
    case "vorbis":
      return ogg(headersOf(track.description ?? OPUS_TAGS), packets);
  }
}

const headersOf = (description: Uint8Array) => {
  const [id, ...others] = unlaced(description);
  return [id ? [id] : [], others];
};

/** The stream information without a length: it would be the song's. */
function unnumbered(description = new Uint8Array(42)): Uint8Array {
  const out = description.slice();
  out[21] = (out[21] ?? 0) & 0xf0;
  out.fill(0, 22, 42);
  return out;
}

function adtsHeader({ sampleRate, channels }: Track, length: number): Uint8Array {
  const size = length + 7;
  const rate = RATES.indexOf(sampleRate);
  return new Uint8Array([
    0xff,
    0xf1,
    (1 << 6) | (rate << 2) | (channels >> 2),
    ((channels & 3) << 6) | (size >> 11),
    (size >> 3) & 0xff,
    ((size & 7) << 5) | 0x1f,
    0xfc,
  ]);
}

/** Header packets, each list a page, then a page for each packet. */
function ogg(headers: readonly (readonly Uint8Array[])[], packets: readonly Packet[]): Uint8Array<ArrayBuffer> {
  const pages: Uint8Array[] = [];
  const add = (contents: readonly Uint8Array[], granule: number, flags: number) =>
    pages.push(...pagesOf(contents, granule, flags, pages.length));
  headers.forEach((packet, i) => add(packet, 0, i === 0 ? 2 : 0));
  const base = packets[0]?.start ?? 0;
  packets.forEach(({ start, frames, data }, i) => add([data], start + frames - base, i === packets.length - 1 ? 4 : 0));
  return joined(pages);
}

function pagesOf(contents: readonly Uint8Array[], granule: number, flags: number, number: number): Uint8Array[] {
  const lacing = contents.flatMap(({ length }) => [...Array<number>(Math.floor(length / 255)).fill(255), length % 255]);
  const body = joined(contents);
  const pages: Uint8Array[] = [];
  for (let first = 0; first < lacing.length; first += LACING_MAX) {
    const part = lacing.slice(first, first + LACING_MAX);
    const last = first + LACING_MAX >= lacing.length;
    const page = new Uint8Array(27 + part.length + part.reduce((sum, size) => sum + size, 0));
    const view = new DataView(page.buffer);
    view.setUint32(0, 0x4f676753);
    view.setUint8(5, (first > 0 ? 1 : 0) | (last ? flags : flags & 2));
    view.setBigInt64(6, last ? BigInt(granule) : -1n, true);
    view.setUint32(14, 1, true);
    view.setUint32(18, number + pages.length, true);
    view.setUint8(26, part.length);
    page.set(part, 27);
    page.set(body.subarray(first * 255, first * 255 + page.length - 27 - part.length), 27 + part.length);
    view.setUint32(22, crc32(page), true);
    pages.push(page);
  }
  return pages;
}

const CRC = Uint32Array.from({ length: 256 }, (_, i) => {
  let crc = i << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000_0000 ? (crc << 1) ^ 0x04c1_1db7 : crc << 1;
  return crc >>> 0;
});

/** Ogg's own kind: not reflected, begun with nought. */
function crc32(bytes: Uint8Array): number {
  let crc = 0;
  for (const b of bytes) crc = ((crc << 8) ^ (CRC[((crc >>> 24) ^ b) & 0xff] ?? 0)) >>> 0;
  return crc;
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
