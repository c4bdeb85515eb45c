import { expect, test } from "vitest";
import { openFlac } from "./flac";
import { openMp3 } from "./mp3";
import { openMp4 } from "./mp4";
import { openOpus } from "./ogg";
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
    const source = openWav(wav(2, [16_384, -16_384, 8_192, 0], extra));
    expect(source).toMatchObject({ sampleRate: 8_000, channels: 2, frames: 2 });
    expect((await source?.read(-1, 4))?.map((c) => [...c])).toEqual([
      [0, 0.5, 0.25, 0],
      [0, -0.5, 0, 0],
    ]);
  }
});

/** Silent frames of MPEG 1 layer III, 128 kbit/s at 44.1 kHz: 417 bytes each. */
function mp3(frames: number, tag?: { delay: number; padding: number }): ArrayBuffer {
  const size = 417;
  const bytes = new Uint8Array((frames + (tag ? 1 : 0)) * size);
  for (let at = 0; at < bytes.length; at += size) bytes.set([0xff, 0xfb, 0x90, 0x00], at);
  if (tag) {
    bytes.set(new TextEncoder().encode("Info"), 36);
    bytes[43] = 0xf;
    bytes.set(new TextEncoder().encode("LAME3.100"), 156);
    const both = (tag.delay << 12) | tag.padding;
    bytes.set([both >> 16, (both >> 8) & 0xff, both & 0xff], 177);
  }
  return bytes.buffer;
}

test("MP3: frames are counted, and what the encoder put around the song is known", () => {
  expect(openMp3(mp3(10))).toMatchObject({ sampleRate: 44_100, channels: 2, lead: 0, frames: 11_520 });
  const tagged = openMp3(mp3(10, { delay: 576, padding: 1_000 }));
  expect(tagged).toMatchObject({ lead: 1_105, frames: 11_520 - 1_105 - 471 });
  expect(tagged?.packets[0]).toMatchObject({ offset: 417, start: 0 });
});

test("what is another format is left to others", () => {
  const noise = new Uint8Array(50_000).map((_, i) => (i * 7_919) % 251).buffer;
  for (const open of [openWav, openFlac, openMp3, openMp4, openOpus]) {
    expect(open(noise)).toBeUndefined();
    expect(open(new ArrayBuffer(0))).toBeUndefined();
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
