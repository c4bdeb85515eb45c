/** FLAC: frames found by their headers, checked by number and CRC-8. Each says which samples it holds. */

import { type Place, Places } from "./places";
import { afterId3, type Reader, Window } from "./reader";
import { type Hint, type Packet, samplesOf, type Track } from "./track";

interface StreamInfo {
  readonly maxBlock: number;
  readonly maxFrame: number;
  readonly sampleRate: number;
  readonly channels: number;
  readonly total: number;
  /** `fLaC` and the block itself: what a decoder wants to know. */
  readonly description: Uint8Array<ArrayBuffer>;
  /** Where the first frame begins. */
  readonly audio: number;
  readonly seek: readonly Place[];
}

interface Frame {
  readonly start: number;
  readonly frames: number;
}

const BLOCK_576 = [576, 1152, 2304, 4608];
/** A frame's header takes at most so much, and a frame of the kinds in use too. */
const HEAD_MAX = 16;
const FRAME_MAX = 64 * 1024;
const WALKED = 8 * 4_608;
const SEEK_TABLE = 3;
const ID3V1 = 128;

/** Takes a FLAC file apart; undefined for what is none. */
export async function openFlac(file: Reader, hint: Hint): Promise<Track | undefined> {
  const window = new Window(file);
  const info = await streamInfo(window);
  if (!info || !frameIn(await window.look(info.audio, HEAD_MAX), 0, info)) return undefined;
  const { sampleRate, channels, description } = info;
  const total = info.total || samplesOf(hint, sampleRate);
  const frames = new Flac(file, info, total);
  return {
    codec: "flac",
    description,
    sampleRate,
    channels,
    lead: 0,
    frames: total,
    runIn: 0,
    packets: (from, to, signal) => frames.packets(Math.max(0, from), Math.min(to, total), signal),
    place: (sample) => frames.place(sample),
  };
}

class Flac {
  private places: Places<Place>;

  constructor(
    private readonly file: Reader,
    private readonly info: StreamInfo,
    private readonly total: number,
  ) {
    this.places = this.placesWith(info.seek);
  }

  private placesWith(seek: readonly Place[]): Places<Place> {
    const habits = { walked: WALKED, apart: this.info.maxBlock * 4, back: FRAME_MAX / 8 };
    return new Places({ start: 0, offset: this.info.audio }, seek, { start: this.total, offset: this.file.size }, habits);
  }

  place(sample: number): number {
    return this.places.offsetOf(sample);
  }

  async packets(from: number, to: number, signal?: AbortSignal): Promise<Packet[]> {
    const window = new Window(this.file, signal);
    const packets: Packet[] = [];
    let { offset: at, start } = await this.locate(from, window);
    let frame = await this.frameAt(window, at);
    if (frame?.start !== start) {
      // A seek table that is another file's, or of a file that was cut.
      this.places = this.placesWith([]);
      ({ offset: at } = await this.locate(from, window));
      frame = await this.frameAt(window, at);
    }
    while (frame && frame.start < to) {
      this.places.note({ start: frame.start, offset: at });
      start = frame.start + frame.frames;
      const next = start >= this.total ? await this.tail() : await this.after(window, { ...frame, offset: at });
      if (start > from) packets.push({ ...frame, data: (await window.look(at, next - at)).slice() });
      at = next;
      frame = await this.frameAt(window, at);
    }
    return packets;
  }

  private async frameAt(window: Window, at: number): Promise<Frame | undefined> {
    return frameIn(await window.look(at, HEAD_MAX), 0, this.info);
  }

  /** Where a frame ends; past what is damaged, where another one begins. */
  private async after(window: Window, frame: Frame & Place): Promise<number> {
    const from = frame.offset + HEAD_MAX / 2;
    const next = await this.find(window, from, frame.start + frame.frames);
    return next ?? (await this.search(window, from, frame, this.places.end))?.offset ?? this.file.size;
  }

  /** The end of the last frame: some programs leave a tag behind it. */
  private async tail(): Promise<number> {
    const tag = await this.file.read(this.file.size - ID3V1, this.file.size - ID3V1 + 3);
    return this.file.size - (String.fromCharCode(...tag) === "TAG" ? ID3V1 : 0);
  }

  private locate(sample: number, window: Window): Promise<Place> {
    return this.places.locate(sample, (from, a, b) => this.search(window, from, a, b));
  }

  /** The first frame from an offset on that fits between two others and is followed by the one that it announces. */
  private async search(window: Window, from: number, a: Place, b: Place): Promise<Place | undefined> {
    const until = Math.min(from + 2 * (this.info.maxFrame || FRAME_MAX / 2), b.offset);
    for (let at = from; at < until; ) {
      const chunk = await window.look(at, 2_048);
      const i = chunk.indexOf(0xff);
      if (i < 0 || (i + 1 < chunk.length && ((chunk[i + 1] ?? 0) & 0xfe) !== 0xf8)) {
        at += i < 0 ? chunk.length || 1 : i + 1;
        continue;
      }
      const frame = frameIn(await window.look(at + i, HEAD_MAX), 0, this.info);
      if (frame && frame.start > a.start && frame.start < b.start) {
        const next = frame.start + frame.frames;
        if (next >= this.total || (await this.find(window, at + i + HEAD_MAX / 2, next)) !== undefined) {
          return { start: frame.start, offset: at + i };
        }
      }
      at += i + 1;
    }
    return undefined;
  }

  /** Where the frame that begins with a sample lies, a frame's length from `from` on. */
  private async find(window: Window, from: number, start: number): Promise<number | undefined> {
    const until = Math.min(from + (this.info.maxFrame || FRAME_MAX) + HEAD_MAX, this.file.size);
    for (let at = from; at < until; ) {
      const chunk = await window.look(at, 2_048);
      for (let i = chunk.indexOf(0xff); i >= 0; i = chunk.indexOf(0xff, i + 1)) {
        const head = i + HEAD_MAX <= chunk.length ? chunk.subarray(i) : await window.look(at + i, HEAD_MAX);
        if (frameIn(head, 0, this.info)?.start === start) return at + i;
      }
      at += chunk.length || 1;
    }
    return undefined;
  }
}

async function streamInfo(window: Window): Promise<StreamInfo | undefined> {
  // Some programs put one in front.
  const base = await afterId3(window);
  const head = await window.look(base, 42);
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  if (head.length < 42 || view.getUint32(0) !== 0x664c6143 || ((head[4] ?? 0) & 0x7f) !== 0) return undefined;
  // The description says of itself that it is the last block.
  const description = head.slice();
  description[4] = 0x80;
  const packed = view.getUint32(18);
  const info = {
    maxBlock: view.getUint16(10),
    maxFrame: view.getUint32(15) >>> 8,
    sampleRate: packed >>> 12,
    channels: ((packed >> 9) & 7) + 1,
    total: (packed & 0xf) * 2 ** 32 + view.getUint32(22),
    description,
  };
  let at = base + 4;
  let table: { at: number; size: number } | undefined;
  // Pictures and tags are stepped over, whatever is wrong with them.
  for (let last = false; !last; ) {
    const block = await window.view(at, 4);
    if (block.byteLength < 4) return undefined;
    last = block.getUint8(0) >= 0x80;
    const size = block.getUint32(0) & 0xff_ffff;
    if ((block.getUint8(0) & 0x7f) === SEEK_TABLE) table = { at: at + 4, size };
    at += 4 + size;
  }
  const audio = at;
  const seek = table ? seekPoints(await window.view(table.at, table.size), audio, window.size) : [];
  return { ...info, audio, seek };
}

function seekPoints(view: DataView, audio: number, size: number): Place[] {
  const points: Place[] = [];
  for (let at = 0; at + 18 <= view.byteLength; at += 18) {
    const start = Number(view.getBigUint64(at));
    const offset = audio + Number(view.getBigUint64(at + 8));
    // Places that are held free have a sample beyond all.
    if (start > (points.at(-1)?.start ?? 0) && offset < size) points.push({ start, offset });
  }
  return points;
}

function frameIn(data: Uint8Array, at: number, info: StreamInfo): Frame | undefined {
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
