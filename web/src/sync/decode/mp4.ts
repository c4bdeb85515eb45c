/** AAC in MP4 (m4a): the sample table says where each packet lies, the edit list where the song begins. */

import type { Packet, Track } from "./pcm";

/** An AAC packet depends on the one before it; the decoder's own run-in is one more. */
const PREROLL = 2;
const AAC_LC = 2;
const RATES = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];

interface Box {
  readonly start: number;
  readonly end: number;
}

/** Takes an m4a file apart; undefined for what is none, is fragmented, or holds other than plain AAC. */
export function openMp4(bytes: ArrayBuffer): Track | undefined {
  const view = new DataView(bytes);
  const file: Box = { start: 0, end: view.byteLength };
  if (view.byteLength < 12 || tag(view, 4) !== "ftyp") return undefined;
  const moov = child(view, file, "moov");
  if (!moov) return undefined;
  for (const trak of children(view, moov, "trak")) {
    const track = openTrak(view, moov, trak);
    if (track) return track;
  }
  return undefined;
}

function openTrak(view: DataView, moov: Box, trak: Box): Track | undefined {
  const mdia = child(view, trak, "mdia");
  const mdhd = mdia && child(view, mdia, "mdhd");
  const stbl = path(view, mdia, ["minf", "stbl"]);
  const config = stbl && audioConfig(view, stbl);
  if (!mdhd || !stbl || !config) return undefined;
  const wide = view.getUint8(mdhd.start) === 1;
  // Times must count samples, else they would be rounded.
  if (view.getUint32(mdhd.start + (wide ? 20 : 12)) !== config.sampleRate) return undefined;
  const packets = sampleTable(view, stbl);
  const last = packets?.at(-1);
  if (!packets || !last) return undefined;
  const total = last.start + last.frames;
  const edit = editOf(view, moov, trak, config.sampleRate);
  const lead = edit?.from ?? 0;
  const frames = Math.min(total - lead, edit?.length ?? Infinity);
  return { codec: "mp4a.40.2", ...config, packets, lead, frames, preroll: PREROLL };
}

/** Sample rate, channels and the decoder's description, from the track's `esds`. */
function audioConfig(view: DataView, stbl: Box) {
  const stsd = child(view, stbl, "stsd");
  if (!stsd) return undefined;
  const entry = stsd.start + 8;
  if (tag(view, entry + 4) !== "mp4a") return undefined;
  const esds = child(view, { start: entry + 36, end: entry + view.getUint32(entry) }, "esds");
  if (!esds) return undefined;
  // Descriptors: a tag, a length of 7 bits a byte, the content.
  for (let at = esds.start + 4; at < esds.end; ) {
    const kind = view.getUint8(at++);
    let size = 0;
    for (let more = true; more; at++) {
      const byte = view.getUint8(at);
      size = size * 128 + (byte & 0x7f);
      more = byte >= 0x80;
    }
    if (kind === 3) at += 3;
    else if (kind === 4) at += 13;
    else if (kind === 5) {
      const head = view.getUint16(at);
      const sampleRate = RATES[(head >> 7) & 15];
      const channels = (head >> 3) & 15;
      if (head >> 11 !== AAC_LC || !sampleRate || channels === 0 || channels > 6) return undefined;
      return { sampleRate, channels, description: new Uint8Array(view.buffer.slice(at, at + size) as ArrayBuffer) };
    } else at += size;
  }
  return undefined;
}

/** All packets in order, from chunks, sizes and durations. */
function sampleTable(view: DataView, stbl: Box): Packet[] | undefined {
  const [stts, stsc, stsz, stco, co64] = ["stts", "stsc", "stsz", "stco", "co64"].map((name) => child(view, stbl, name));
  const chunks = stco ?? co64;
  if (!stts || !stsc || !stsz || !chunks) return undefined;
  const u32 = (at: number) => view.getUint32(at);
  const fixed = u32(stsz.start + 4);
  const count = u32(stsz.start + 8);
  const packets: Packet[] = [];
  let start = 0;
  let run = { index: 0, left: u32(stts.start + 8) };
  let rule = 0;
  for (let chunk = 1; chunk <= u32(chunks.start + 4) && packets.length < count; chunk++) {
    while (rule + 1 < u32(stsc.start + 4) && u32(stsc.start + 8 + (rule + 1) * 12) <= chunk) rule += 1;
    const place = chunks.start + 8 + (chunk - 1) * (stco ? 4 : 8);
    let offset = stco ? u32(place) : Number(view.getBigUint64(place));
    for (let i = 0; i < u32(stsc.start + 8 + rule * 12 + 4) && packets.length < count; i++) {
      const size = fixed || u32(stsz.start + 12 + packets.length * 4);
      while (run.left === 0) run = { index: run.index + 1, left: u32(stts.start + 8 + (run.index + 1) * 8) };
      const frames = u32(stts.start + 12 + run.index * 8);
      run.left -= 1;
      if (offset + size > view.byteLength) return undefined;
      packets.push({ offset, size, start, frames });
      start += frames;
      offset += size;
    }
  }
  return packets;
}

/** What of the track is played, in samples. */
function editOf(view: DataView, moov: Box, trak: Box, sampleRate: number): { from: number; length: number } | undefined {
  const elst = path(view, trak, ["edts", "elst"]);
  const mvhd = child(view, moov, "mvhd");
  if (!elst || !mvhd || view.getUint32(elst.start + 4) !== 1) return undefined;
  const wide = view.getUint8(elst.start) === 1;
  const at = elst.start + 8;
  const scale = view.getUint32(mvhd.start + (view.getUint8(mvhd.start) === 1 ? 20 : 12));
  const duration = wide ? Number(view.getBigUint64(at)) : view.getUint32(at);
  const from = wide ? Number(view.getBigInt64(at + 8)) : view.getInt32(at + 4);
  return from < 0 ? undefined : { from, length: duration === 0 ? Infinity : Math.round((duration * sampleRate) / scale) };
}

function path(view: DataView, box: Box | undefined, names: readonly string[]): Box | undefined {
  return names.reduce<Box | undefined>((b, name) => b && child(view, b, name), box);
}

function child(view: DataView, box: Box, name: string): Box | undefined {
  return children(view, box, name)[0];
}

/** The contents of all boxes of a name directly within another. */
function children(view: DataView, box: Box, name: string): Box[] {
  const found: Box[] = [];
  for (let at = box.start; at + 8 <= box.end; ) {
    let size = view.getUint32(at);
    let head = 8;
    if (size === 1 && at + 16 <= box.end) {
      size = Number(view.getBigUint64(at + 8));
      head = 16;
    } else if (size === 0) size = box.end - at;
    if (size < head || at + size > box.end) break;
    if (tag(view, at + 4) === name) found.push({ start: at + head, end: at + size });
    at += size;
  }
  return found;
}

function tag(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
}
