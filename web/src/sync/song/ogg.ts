/** Opus and Vorbis in Ogg: pages to packets. Each page says which sample it ends with, so any may be leapt to. */

import { type Place, Places } from "./places";
import { type Reader, text, Window } from "./reader";
import { type Hint, type Packet, samplesOf, type Track } from "./track";
import { openVorbis } from "./vorbis";

/** Opus counts at 48 kHz whatever the encoder was fed. */
const OPUS_RATE = 48_000;
/** RFC 7845 asks for 80 ms of run-in, which leaves errors of a thirtieth; after half a second the output is the same. */
const OPUS_RUN_IN = 24_000;
/** Vorbis overlaps a block with the one before; the longest is as long as this. */
const VORBIS_RUN_IN = 2 * 8_192;
/** Samples of a frame by the configuration's place within its kind (RFC 6716, section 3.1). */
const SILK = [480, 960, 1_920, 2_880];
const HYBRID = [480, 960];
const CELT = [120, 240, 480, 960];
const HEAD = 27;
const PAGE_MAX = HEAD + 255 + 255 * 255;
/** How much of the end is looked at for the last page, at first and at most. */
const TAIL = 8 * 1024;
const WALKED = 96_000;
const HABITS = { walked: WALKED, apart: WALKED / 8, back: PAGE_MAX / 16 };

interface Page {
  readonly at: number;
  readonly body: number;
  readonly end: number;
  readonly continued: boolean;
  readonly last: boolean;
  readonly serial: number;
  /** The sample after the last packet that ends here; undefined where none does. */
  readonly granule: number | undefined;
  readonly lacing: Uint8Array;
}

/** A page after which it is known which sample comes: `start` is that which its own packets end with, or begin with if `fresh`. */
interface Point extends Place {
  readonly fresh: boolean;
}

/** How many samples come of a packet after the one before. */
type Timer = () => (packet: Uint8Array) => number;

interface Kind {
  readonly codec: "opus" | "vorbis";
  readonly description: Uint8Array<ArrayBuffer>;
  readonly sampleRate: number;
  readonly channels: number;
  readonly runIn: number;
  readonly preSkip: number;
  readonly timer: Timer;
}

/** Takes an Ogg file apart; undefined for what is none, or holds more than one stream. */
export async function openOgg(file: Reader, hint: Hint): Promise<Track | undefined> {
  const window = new Window(file);
  const first = await pageAt(window, 0);
  if (!first) return undefined;
  const head = await window.look(first.body, first.end - first.body);
  const opus = text(head, 0, 8) === "OpusHead";
  const headers = await headersOf(window, first, opus ? 2 : 3);
  const kind = headers && (opus ? opusOf(headers.packets) : vorbisOf(headers.packets));
  const last = await lastPage(file);
  if (!kind || !headers || !last || last.serial !== first.serial) return undefined;
  const ogg = new Ogg(file, kind, first.serial, { offset: headers.end, start: 0, fresh: true }, last);
  const lead = (await ogg.begin()) + kind.preSkip;
  const { codec, description, sampleRate, channels, runIn } = kind;
  const frames = last.granule === undefined ? samplesOf(hint, sampleRate) : last.granule - lead;
  return {
    codec,
    description,
    sampleRate,
    channels,
    lead,
    frames,
    runIn,
    packets: (from, to, signal) => ogg.packets(from, to, signal),
    place: (sample) => ogg.place(sample),
  };
}

class Ogg {
  private places: Places<Point>;
  private readonly end: Point;

  constructor(
    private readonly file: Reader,
    private readonly kind: Kind,
    private readonly serial: number,
    first: Point,
    last: Page,
  ) {
    this.end = { offset: file.size, start: last.granule ?? Infinity, fresh: false };
    this.places = new Places(first, [], this.end, HABITS);
  }

  /** Finds the sample with which the first page begins: nought but in what was cut out of a longer stream. */
  async begin(): Promise<number> {
    const window = new Window(this.file);
    const { first } = this.places;
    const page = await pageAt(window, first.offset);
    if (page?.granule === undefined || page.last) return 0;
    const timer = this.kind.timer();
    let samples = 0;
    for (const { data, ends } of await piecesOf(window, page)) if (ends) samples += timer(data);
    const start = page.granule - samples;
    this.places = new Places({ ...first, start }, [], this.end, HABITS);
    return Math.max(0, start);
  }

  place(sample: number): number {
    return this.places.offsetOf(sample);
  }

  async packets(from: number, to: number, signal?: AbortSignal): Promise<Packet[]> {
    const window = new Window(this.file, signal);
    const point = await this.places.locate(from, (at, a, b) => this.search(window, at, a, b));
    const timer = this.kind.timer();
    const packets: Packet[] = [];
    let sample = point.start;
    let counting = point.fresh;
    let open: Uint8Array<ArrayBuffer>[] | undefined = point.fresh ? [] : undefined;
    for (let page = await pageAt(window, point.offset); page && sample < to; page = await pageAt(window, page.end)) {
      if (page.serial !== this.serial) break;
      if (!page.continued) open = [];
      for (const { data, ends } of await piecesOf(window, page)) {
        // What began before the point is not all there.
        open?.push(data);
        if (!ends) continue;
        const packet: Uint8Array<ArrayBuffer> | undefined = open && joined(open);
        open = [];
        const frames: number = timer(packet ?? data);
        if (!counting || !packet) continue;
        if (sample + frames > from) packets.push({ start: sample, frames, data: packet });
        sample += frames;
      }
      if (page.granule === undefined) continue;
      // Where pages were lost the next one says how it stands; the last one says less than there is.
      if (!page.last) sample = page.granule;
      counting = true;
      this.places.note({ offset: page.at, start: page.granule, fresh: false });
    }
    return packets;
  }

  /** The first page from an offset on with which packets end, and which another page follows. */
  private async search(window: Window, from: number, a: Point, b: Point): Promise<Point | undefined> {
    for (let at = from; at < Math.min(from + PAGE_MAX, b.offset); ) {
      const chunk = await window.look(at, 2_048);
      const i = chunk.indexOf(0x4f);
      if (i < 0 || (i + 1 < chunk.length && chunk[i + 1] !== 0x67)) {
        at += i < 0 ? chunk.length || 1 : i + 1;
        continue;
      }
      const page = await pageAt(window, at + i);
      if (page?.serial === this.serial && page.granule !== undefined && page.granule > a.start && page.granule < b.start) {
        if (page.end >= window.size || (await pageAt(window, page.end)))
          return { offset: page.at, start: page.granule, fresh: false };
      }
      at += i + 1;
    }
    return undefined;
  }
}

async function pageAt(window: Window, at: number): Promise<Page | undefined> {
  const head = await window.look(at, HEAD + 255);
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  if (head.length < HEAD + 1 || view.getUint32(0) !== 0x4f676753 || view.getUint8(4) !== 0) return undefined;
  const lacing = head.slice(HEAD, HEAD + view.getUint8(26));
  const body = at + HEAD + lacing.length;
  const flags = view.getUint8(5);
  const granule = Number(view.getBigInt64(6, true));
  return {
    at,
    body,
    end: body + lacing.reduce((sum, size) => sum + size, 0),
    continued: (flags & 1) !== 0,
    last: (flags & 4) !== 0,
    serial: view.getUint32(14),
    granule: granule < 0 ? undefined : granule,
    lacing,
  };
}

/** What of packets lies in a page: parts, and whether their packet ends with them. */
async function piecesOf(window: Window, page: Page): Promise<{ data: Uint8Array<ArrayBuffer>; ends: boolean }[]> {
  const body = (await window.look(page.body, page.end - page.body)).slice();
  const pieces: { data: Uint8Array<ArrayBuffer>; ends: boolean }[] = [];
  let [from, to] = [0, 0];
  page.lacing.forEach((size, i) => {
    to += size;
    if (size === 255 && i + 1 < page.lacing.length) return;
    pieces.push({ data: body.subarray(from, to), ends: size < 255 });
    from = to;
  });
  return pieces;
}

/** The first packets, of which those but the second are read (that one is tags, and pictures), and where the pages after them begin. */
async function headersOf(window: Window, first: Page, count: number) {
  const packets: Uint8Array<ArrayBuffer>[][] = [[]];
  let page: Page | undefined = first;
  for (; page && packets.length <= count; page = await pageAt(window, page.end)) {
    const tags: boolean = packets.length === 2 && page.lacing.every((size) => size === 255);
    if (tags) continue;
    for (const { data, ends } of await piecesOf(window, page)) {
      packets.at(-1)?.push(data);
      if (ends) packets.push([]);
    }
  }
  return page && { packets: packets.slice(0, count).map(joined), end: page.at };
}

async function lastPage(file: Reader): Promise<Page | undefined> {
  for (const much of [TAIL, PAGE_MAX]) {
    const from = Math.max(0, file.size - much);
    const data = await file.read(from, file.size);
    const window = new Window({ size: file.size, read: (a, b) => Promise.resolve(data.slice(Math.max(0, a - from), b - from)) });
    for (let i = data.lastIndexOf(0x4f); i >= 0; i = i > 0 ? data.lastIndexOf(0x4f, i - 1) : -1) {
      const page = data[i + 1] === 0x67 ? await pageAt(window, from + i) : undefined;
      if (page && page.end <= file.size) return page;
    }
  }
  return undefined;
}

function opusOf([head]: readonly Uint8Array<ArrayBuffer>[]): Kind | undefined {
  if (!head || head.length < 19) return undefined;
  const description = head.slice();
  const preSkip = (head[10] ?? 0) | ((head[11] ?? 0) << 8);
  // The decoder would take it away wherever it begins; it is taken away by us, once.
  description.fill(0, 10, 12);
  const channels = head[9] ?? 0;
  return { codec: "opus", description, sampleRate: OPUS_RATE, channels, runIn: OPUS_RUN_IN, preSkip, timer: () => opusSamples };
}

function vorbisOf([id, , setup]: readonly Uint8Array<ArrayBuffer>[]): Kind | undefined {
  const vorbis = id && setup && text(id, 1, 6) === "vorbis" ? openVorbis(id, setup) : undefined;
  if (!vorbis) return undefined;
  const timer: Timer = () => {
    let before: number | undefined;
    return (packet) => {
      const block = vorbis.blockOf(packet);
      if (block === undefined) return 0;
      const samples = before === undefined ? 0 : (before + block) / 4;
      before = block;
      return samples;
    };
  };
  return { codec: "vorbis", ...vorbis, runIn: VORBIS_RUN_IN, preSkip: 0, timer };
}

function opusSamples(packet: Uint8Array): number {
  const toc = packet[0] ?? 0;
  const config = toc >> 3;
  const per = (config < 12 ? SILK[config & 3] : config < 16 ? HYBRID[config & 1] : CELT[config & 3]) ?? 0;
  const code = toc & 3;
  if (packet.length === 0) return 0;
  return per * (code === 0 ? 1 : code < 3 ? 2 : (packet[1] ?? 0) & 0x3f);
}

function joined(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
