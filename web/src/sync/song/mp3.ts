/** MP3: frames found by their headers; the encoder's delay and padding from the tag that LAME and its kin leave. */

import { Frames, searchFrame } from "./frames";
import { afterId3, type Reader, text, Window } from "./reader";
import { type Hint, samplesOf, type Track } from "./track";

const KBPS_V1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const KBPS_V2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const RATES_V1 = [44_100, 48_000, 32_000];
/** A decoder's own delay: the filter bank's 528 samples and one. */
const DECODER_DELAY = 529;
/** Frames that hold what a frame may refer back to (the bit reservoir), and one for the overlap. */
const RUN_IN = 12;
/** A frame is no longer than this. */
const FRAME_MAX = 1_729;
/** What may stand behind the last frame: tags of several kinds. */
const TAIL_MAX = 256 * 1024;

interface Header {
  readonly size: number;
  /** The size without what single frames are padded by, which makes up for its fraction. */
  readonly mean: number;
  readonly samples: number;
  readonly sampleRate: number;
  readonly channels: number;
  readonly sideInfo: number;
}

/** What the first frame of many files tells of the others. */
interface Tag {
  readonly frames: number | undefined;
  readonly delay: number;
  readonly padding: number;
}

/** Takes an MP3 file apart; undefined for what is none. */
export async function openMp3(file: Reader, hint: Hint): Promise<Track | undefined> {
  const window = new Window(file);
  const any = { samples: 0, sizeAt: (data: Uint8Array, at: number) => headerAt(data, at)?.size };
  const at = await searchFrame(window, any, await afterId3(window));
  const h = at === undefined ? undefined : headerAt(await window.look(at, FRAME_MAX), 0);
  if (at === undefined || !h) return undefined;
  const tag = tagIn(await window.look(at, h.size), h);
  // What the tag says is counted from the frame after it.
  const first = tag ? at + h.size : at;
  const lead = tag ? tag.delay + DECODER_DELAY : 0;
  const trail = tag ? Math.max(0, tag.padding - DECODER_DELAY) : 0;

  const { sampleRate, channels, samples } = h;
  const total = tag?.frames ?? Math.round((samplesOf(hint, sampleRate) + lead + trail) / samples);
  const room = file.size - first;
  const constant = total * h.mean <= room + h.mean && total * h.mean > room - TAIL_MAX;
  const kind = {
    samples,
    sizeAt(data: Uint8Array, i: number) {
      const other = headerAt(data, i);
      return other?.sampleRate === sampleRate ? other.size : undefined;
    },
  };
  const frames = new Frames(file, kind, first, constant ? h.mean : room / Math.max(1, total), constant, hint.places);
  return {
    codec: "mp3",
    sampleRate,
    channels,
    lead,
    frames: total * samples - lead - trail,
    runIn: RUN_IN * samples,
    packets: (from, to, signal) => frames.packets(Math.max(0, Math.floor(from / samples)), Math.ceil(to / samples), signal),
    place: (sample) => frames.place(Math.max(0, Math.floor(sample / samples))),
  };
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
  const samples = v1 ? 1152 : 576;
  const mean = (samples * kbps * 125) / sampleRate;
  const mono = b3 >> 6 === 3;
  return {
    size: Math.floor(mean) + ((b2 >> 1) & 1),
    mean,
    samples,
    sampleRate,
    channels: mono ? 1 : 2,
    sideInfo: v1 ? (mono ? 17 : 32) : mono ? 9 : 17,
  };
}

function tagIn(frame: Uint8Array, h: Header): Tag | undefined {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  if (frame.length < h.size) return undefined;
  // Fraunhofer's tells of no padding.
  if (text(frame, 36, 4) === "VBRI")
    return { frames: view.getUint32(50) || undefined, delay: -DECODER_DELAY, padding: DECODER_DELAY };
  let p = 4 + h.sideInfo;
  const name = text(frame, p, 4);
  if ((name !== "Xing" && name !== "Info") || frame.length < p + 8) return undefined;
  const flags = view.getUint32(p + 4);
  p += 8;
  const frames = (flags & 1 && p + 4 <= frame.length && view.getUint32(p)) || undefined;
  for (const [bit, size] of [
    [1, 4],
    [2, 4],
    [4, 100],
    [8, 4],
  ] as const)
    if (flags & bit) p += size;
  const known = ["LAME", "Lavf", "Lavc"].includes(text(frame, p, 4)) && p + 24 <= frame.length;
  if (!known) return { frames, delay: -DECODER_DELAY, padding: DECODER_DELAY };
  const both = (view.getUint8(p + 21) << 16) | view.getUint16(p + 22);
  return { frames, delay: both >> 12, padding: both & 0xfff };
}
