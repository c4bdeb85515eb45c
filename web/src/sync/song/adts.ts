/** AAC in ADTS: frames that bring their configuration with them. */

import { Frames, searchFrame } from "./frames";
import { afterId3, type Reader, Window } from "./reader";
import { type Hint, samplesOf, type Track } from "./track";

const RATES = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];
const SAMPLES = 1_024;
const RUN_IN = 2 * SAMPLES;
const AAC_LC = 1;

/** Takes such a file apart; undefined for what is none, or holds other than plain AAC. */
export async function openAdts(file: Reader, hint: Hint): Promise<Track | undefined> {
  const window = new Window(file);
  const first = await searchFrame(window, { samples: SAMPLES, sizeAt: (d, i) => headerAt(d, i)?.size }, await afterId3(window));
  const h = first === undefined ? undefined : headerAt(await window.look(first, 8), 0);
  if (first === undefined || !h) return undefined;
  const { sampleRate, channels } = h;
  const kind = {
    samples: SAMPLES,
    sizeAt(data: Uint8Array, at: number) {
      const other = headerAt(data, at);
      return other?.sampleRate === sampleRate && other.channels === channels ? other.size : undefined;
    },
  };
  const total = samplesOf(hint, sampleRate);
  const frames = new Frames(file, kind, first, (file.size - first) / Math.max(1, total / SAMPLES), false, hint.places);
  return {
    codec: "aac",
    sampleRate,
    channels,
    lead: 0,
    frames: total,
    runIn: RUN_IN,
    packets: (a, b, signal) => frames.packets(Math.max(0, Math.floor(a / SAMPLES)), Math.ceil(b / SAMPLES), signal),
    place: (sample) => frames.place(Math.max(0, Math.floor(sample / SAMPLES))),
  };
}

function headerAt(data: Uint8Array, at: number): { size: number; sampleRate: number; channels: number } | undefined {
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0, b4 = 0, b5 = 0, b6 = 0] = data.subarray(at, at + 7);
  if (b0 !== 0xff || (b1 & 0xf6) !== 0xf0 || b2 >> 6 !== AAC_LC) return undefined;
  const sampleRate = RATES[(b2 >> 2) & 15];
  const channels = ((b2 & 1) << 2) | (b3 >> 6);
  const size = ((b3 & 3) << 11) | (b4 << 3) | (b5 >> 5);
  // More than one block in a frame is allowed, and never seen.
  if (!sampleRate || channels === 0 || channels > 6 || size < 8 || (b6 & 3) !== 0) return undefined;
  return { size, sampleRate, channels };
}
