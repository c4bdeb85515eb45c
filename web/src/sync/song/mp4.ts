/** AAC in MP4 (m4a): the sample table says where each packet lies, the edit list where the song begins. */

import { type Reader, Window } from "./reader";
import type { Packet, Track } from "./track";

/** An AAC packet depends on the one before it; the decoder's own run-in is one more. */
const RUN_IN = 2;
const AAC_LC = 2;
const RATES = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];
/** Boxes looked at before giving up; a plain song has about thirty. */
const BOXES_MAX = 2_000;
/** Tables larger than this are not of a song. */
const TABLES_MAX = 64 * 2 ** 20;

interface Box {
  readonly start: number;
  readonly end: number;
}

/** Takes an m4a file apart; undefined for what is none, is fragmented, or holds other than plain AAC. */
export async function openMp4(file: Reader): Promise<Track | undefined> {
  const window = new Window(file);
  const head = await window.view(0, 12);
  if (head.byteLength < 12 || tag(head, 4) !== "ftyp") return undefined;
  const view = await tablesOf(file, window);
  const moov = view && { start: 0, end: view.byteLength };
  for (const trak of view && moov ? children(view, moov, "trak") : []) {
    const track = view && moov && openTrak(file, view, moov, trak);
    if (track) return track;
  }
  return undefined;
}

/** What `moov` holds of tracks, wherever in the file it stands, without the tags and pictures beside them. */
async function tablesOf(file: Reader, window: Window): Promise<DataView | undefined> {
  const moov = (await boxesIn(window, { start: 0, end: file.size })).find((box) => box.name === "moov");
  const wanted = moov ? (await boxesIn(window, moov)).filter(({ name }) => name === "mvhd" || name === "trak") : [];
  const size = wanted.reduce((sum, box) => sum + box.end - box.from, 0);
  if (size === 0 || size > TABLES_MAX) return undefined;
  const out = new Uint8Array(size);
  let at = 0;
  for (const { from, end } of wanted) {
    out.set(await file.read(from, end), at);
    at += end - from;
  }
  return new DataView(out.buffer);
}

async function boxesIn(window: Window, within: Box): Promise<(Box & { from: number; name: string })[]> {
  const found: (Box & { from: number; name: string })[] = [];
  for (let at = within.start; at + 8 <= within.end && found.length < BOXES_MAX; ) {
    const view = await window.view(at, 16);
    const box = boxAt(view, 0, { start: at, end: within.end }, at);
    if (!box) break;
    found.push({ ...box, from: at, name: tag(view, 4) });
    at = box.end;
  }
  return found;
}

function openTrak(file: Reader, view: DataView, moov: Box, trak: Box): Track | undefined {
  const mdia = child(view, trak, "mdia");
  const mdhd = mdia && child(view, mdia, "mdhd");
  const stbl = path(view, mdia, ["minf", "stbl"]);
  const config = stbl && audioConfig(view, stbl);
  if (!mdhd || !stbl || !config) return undefined;
  const wide = view.getUint8(mdhd.start) === 1;
  // Times must count samples, else they would be rounded.
  if (view.getUint32(mdhd.start + (wide ? 20 : 12)) !== config.sampleRate) return undefined;
  const table = sampleTable(view, stbl, file.size);
  if (!table || table.count === 0) return undefined;
  const edit = editOf(view, moov, trak, config.sampleRate);
  const lead = edit?.from ?? 0;
  const frames = Math.min(table.total - lead, edit?.length ?? Infinity);
  return {
    codec: "aac",
    ...config,
    lead,
    frames,
    runIn: RUN_IN * (table.starts[1] ?? 0),
    packets: (from, to, signal) => packetsOf(file, table, from, to, signal),
    place: (sample) => table.offsets[Math.min(at(table, sample), table.count - 1)] ?? 0,
  };
}

/** The packet that holds a sample. */
function at({ starts, count }: Table, sample: number): number {
  let [low, high] = [0, count];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= sample) low = middle;
    else high = middle;
  }
  return low;
}

/** Packets that lie one behind the other are read at once. */
async function packetsOf(file: Reader, table: Table, from: number, to: number, signal?: AbortSignal): Promise<Packet[]> {
  const { offsets, sizes, starts, count, total } = table;
  const packets: Packet[] = [];
  for (let i = at(table, from); i < count && (starts[i] ?? 0) < to; ) {
    const first = i;
    const begin = offsets[i] ?? 0;
    let end = begin;
    while (i < count && offsets[i] === end && (starts[i] ?? 0) < to) end += sizes[i++] ?? 0;
    const data = await file.read(begin, end, signal);
    for (let k = first; k < i; k++) {
      const offset = (offsets[k] ?? 0) - begin;
      const start = starts[k] ?? 0;
      const frames = (k + 1 < count ? (starts[k + 1] ?? 0) : total) - start;
      packets.push({ start, frames, data: data.slice(offset, offset + (sizes[k] ?? 0)) });
    }
  }
  return packets;
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

/** Where each packet lies and which sample it begins with. */
interface Table {
  readonly offsets: Float64Array;
  readonly sizes: Uint32Array;
  readonly starts: Float64Array;
  count: number;
  total: number;
}

/** All packets in order, from chunks, sizes and durations; those of a file that was cut end with it. */
function sampleTable(view: DataView, stbl: Box, fileSize: number): Table | undefined {
  const [stts, stsc, stsz, stco, co64] = ["stts", "stsc", "stsz", "stco", "co64"].map((name) => child(view, stbl, name));
  const chunks = stco ?? co64;
  if (!stts || !stsc || !stsz || !chunks) return undefined;
  const u32 = (at: number) => view.getUint32(at);
  const fixed = u32(stsz.start + 4);
  const count = u32(stsz.start + 8);
  if (count > TABLES_MAX / 4) return undefined;
  const offsets = new Float64Array(count);
  const sizes = new Uint32Array(count);
  const starts = new Float64Array(count);
  const table: Table = { offsets, sizes, starts, count: 0, total: 0 };
  let run = { index: 0, left: u32(stts.start + 8) };
  let rule = 0;
  for (let chunk = 1; chunk <= u32(chunks.start + 4) && table.count < count; chunk++) {
    while (rule + 1 < u32(stsc.start + 4) && u32(stsc.start + 8 + (rule + 1) * 12) <= chunk) rule += 1;
    const place = chunks.start + 8 + (chunk - 1) * (stco ? 4 : 8);
    let offset = stco ? u32(place) : Number(view.getBigUint64(place));
    for (let i = 0; i < u32(stsc.start + 8 + rule * 12 + 4) && table.count < count; i++) {
      const size = fixed || u32(stsz.start + 12 + table.count * 4);
      while (run.left === 0) run = { index: run.index + 1, left: u32(stts.start + 8 + (run.index + 1) * 8) };
      if (offset + size > fileSize) return table;
      offsets[table.count] = offset;
      sizes[table.count] = size;
      starts[table.count] = table.total;
      run.left -= 1;
      table.total += u32(stts.start + 12 + run.index * 8);
      table.count += 1;
      offset += size;
    }
  }
  return table;
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
function children(view: DataView, within: Box, name: string): Box[] {
  const found: Box[] = [];
  for (let at = within.start; at + 8 <= within.end; ) {
    const box = boxAt(view, at, { start: at, end: within.end }, at);
    if (!box) break;
    if (tag(view, at + 4) === name) found.push(box);
    at = box.end;
  }
  return found;
}

/** The contents of the box whose header is at `at` of the view and at `place` of what `within` counts. */
function boxAt(view: DataView, at: number, within: Box, place: number): Box | undefined {
  if (at + 8 > view.byteLength) return undefined;
  let size = view.getUint32(at);
  let head = 8;
  if (size === 1 && at + 16 <= view.byteLength) {
    size = Number(view.getBigUint64(at + 8));
    head = 16;
  } else if (size === 0) size = within.end - place;
  return size < head || place + size > within.end ? undefined : { start: place + head, end: place + size };
}

function tag(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
}
