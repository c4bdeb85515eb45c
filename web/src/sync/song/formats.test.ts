import { expect, test } from "vitest";
import { openAdts } from "./adts";
import { openFlac } from "./flac";
import { openMp3 } from "./mp3";
import { openMp4 } from "./mp4";
import { openOgg } from "./ogg";
import { type Reader, readerOf } from "./reader";
import { Resampler } from "./resample";
import { openWav } from "./wav";

/** Real files of all formats and rates go through `tests/sync/decode.mjs`, in a browser, against its own decoder. */

function wav(channels: number, samples: readonly number[], extra = 0): ArrayBuffer {
  const bytes = new ArrayBuffer(44 + extra + samples.length * 2);
  const view = new DataView(bytes);
  const text = (at: number, s: string) => [...s].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
  text(0, "RIFF");
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, 8_000, true);
  view.setUint16(32, channels * 2, true);
  view.setUint16(34, 16, true);
  if (extra) {
    text(36, "LIST");
    view.setUint32(40, extra - 8, true);
  }
  text(36 + extra, "data");
  view.setUint32(40 + extra, samples.length * 2, true);
  samples.forEach((s, i) => view.setInt16(44 + extra + i * 2, s, true));
  return bytes;
}

test("WAV: any stretch, zeroes beyond the song, other chunks skipped", async () => {
  for (const extra of [0, 20]) {
    const source = await openWav(readerOf(wav(2, [16_384, -16_384, 8_192, 0], extra)));
    expect(source).toMatchObject({ sampleRate: 8_000, channels: 2, frames: 2 });
    expect((await source?.read(-1, 4))?.map((c) => [...c])).toEqual([
      [0, 0.5, 0.25, 0],
      [0, -0.5, 0, 0],
    ]);
  }
});

/** Silent frames of MPEG 1 layer III, 128 kbit/s at 44.1 kHz: 417 bytes each, or 418 where that keeps to the rate. */
function mp3(frames: number, tag?: { delay: number; padding: number }): ArrayBuffer {
  const mean = (1_152 * 128 * 125) / 44_100;
  const first = tag ? 417 : 0;
  const bytes = new Uint8Array(first + Math.floor(frames * mean));
  if (tag) bytes.set([0xff, 0xfb, 0x90, 0x00]);
  for (let n = 0; n < frames; n++) {
    const at = Math.floor(n * mean);
    const padded = Math.floor((n + 1) * mean) - at - 417;
    bytes.set([0xff, 0xfb, 0x90 | (padded << 1), 0x00], first + at);
  }
  if (tag) {
    bytes.set(new TextEncoder().encode("Info"), 36);
    bytes[43] = 0xf;
    new DataView(bytes.buffer).setUint32(44, frames);
    bytes.set(new TextEncoder().encode("LAME3.100"), 156);
    const both = (tag.delay << 12) | tag.padding;
    bytes.set([both >> 16, (both >> 8) & 0xff, both & 0xff], 177);
  }
  return bytes.buffer;
}

const hint = { durationUs: 10e6 };

test("WAV: a recorder that died left no length", async () => {
  const bytes = wav(1, [1, 2, 3]);
  new DataView(bytes).setUint32(40, 0, true);
  expect(await openWav(readerOf(bytes))).toMatchObject({ frames: 3 });
});

test("MP3: frames are counted, and what the encoder put around the song is known", async () => {
  const seconds = (frames: number) => ({ durationUs: (frames * 1_152 * 1e6) / 44_100 });
  expect(await openMp3(readerOf(mp3(10)), seconds(10))).toMatchObject({
    sampleRate: 44_100,
    channels: 2,
    lead: 0,
    frames: 11_520,
  });
  const tagged = await openMp3(readerOf(mp3(10, { delay: 576, padding: 1_000 })), seconds(10));
  expect(tagged).toMatchObject({ lead: 1_105, frames: 11_520 - 1_105 - 471 });
  expect((await tagged?.packets(0, 1_000))?.map((p) => [p.start, p.data.length])).toEqual([[0, 417]]);
});

/** Counts what is read of a file. */
function counted(bytes: ArrayBuffer): Reader & { read: Reader["read"]; bytes: number } {
  const file = readerOf(bytes);
  const counting = {
    size: file.size,
    bytes: 0,
    read(from: number, to: number) {
      counting.bytes += Math.min(to, file.size) - from;
      return file.read(from, to);
    },
  };
  return counting;
}

test("MP3 of a constant rate is leapt into", async () => {
  const file = counted(mp3(4_000, { delay: 576, padding: 1_000 }));
  const track = await openMp3(file, { durationUs: (4_000 * 1_152 * 1e6) / 44_100 });
  const packets = (await track?.packets(3_000 * 1_152, 3_010 * 1_152)) ?? [];
  expect(packets.map((p) => p.start / 1_152)).toEqual(Array.from({ length: 10 }, (_, i) => 3_000 + i));
  expect(file.bytes).toBeLessThan(64 * 1024);
});

test("MP3 that only seems to have a constant rate is walked", async () => {
  const bytes = new Uint8Array(mp3(2_000));
  // A frame of another size in between: 160 kbit/s, 522 bytes.
  const odd = new Uint8Array(522);
  odd.set([0xff, 0xfb, 0xa0, 0x00]);
  const at = Math.floor((100 * 1_152 * 128 * 125) / 44_100);
  const joined = new Uint8Array([...bytes.subarray(0, at), ...odd, ...bytes.subarray(at)]);
  const track = await openMp3(readerOf(joined.buffer), { durationUs: (2_001 * 1_152 * 1e6) / 44_100 });
  const [packet] = (await track?.packets(1_500 * 1_152, 1_501 * 1_152)) ?? [];
  expect(packet?.start).toBe(1_500 * 1_152);
  // The frame before it in the file without the odd one.
  const place = Math.floor((1_499 * 1_152 * 128 * 125) / 44_100);
  expect(packet?.data).toEqual(bytes.slice(place, place + (packet?.data.length ?? 0)));
});

test("what is another format is left to others", async () => {
  const noise = new Uint8Array(50_000).map((_, i) => (i * 7_919) % 251).buffer;
  for (const open of [openWav, openFlac, openMp3, openMp4, openOgg, openAdts]) {
    expect(await open(readerOf(noise), hint)).toBeUndefined();
    expect(await open(readerOf(new ArrayBuffer(0)), hint)).toBeUndefined();
  }
});

test.each([
  [44_100, 48_000],
  [96_000, 48_000],
  [22_050, 44_100],
  [48_000, 48_000],
])("%d to %d: a tone stays in place and as loud, from whichever frame on", (from, to) => {
  const resampler = Resampler.between(from, to);
  if (!resampler) return expect.fail();
  const tone = (t: number) => Math.sin(2 * Math.PI * 3_000 * t + 0.3);
  for (const start of [0, 1, 777, 100_003]) {
    const first = resampler.sourceOf(start) - resampler.reach;
    const source = new Float32Array(3_000).map((_, i) => tone((first + i) / from));
    const out = new Float32Array(500);
    resampler.run(source, start, out);
    const worst = Math.max(...out.map((x, i) => Math.abs(x - tone((start + i) / to))));
    expect(worst).toBeLessThan(2e-4);
  }
  expect(resampler.length(from)).toBe(to);
});

test("rates without a common measure are left to the browser", () => {
  expect(Resampler.between(44_101, 48_000)).toBeUndefined();
});
