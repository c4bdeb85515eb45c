import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openAdts } from "./adts";
import { openMp3 } from "./mp3";
import { readerOf } from "./reader";

function fixture(name: string): ArrayBuffer {
  const { buffer, byteOffset, length } = readFileSync(new URL(`../../../../tests/fixtures/audio/${name}`, import.meta.url));
  return (buffer as ArrayBuffer).slice(byteOffset, byteOffset + length);
}

/** The server tells of the same: `src/media/places.rs`. */
test.each([
  ["tone.mp3", openMp3, 1_152, [675, 14_049]],
  ["vbr_no_xing.mp3", openMp3, 1_152, [161, 10_772]],
  ["tone.aac", openAdts, 1_024, [0, 12_275]],
] as const)("frames of %s are counted as the server does", async (name, open, samples, offsets) => {
  const bytes = fixture(name);
  const track = await open(readerOf(bytes), { durationUs: 2_040_000 });
  for (const [i, offset] of offsets.entries()) {
    const [packet] = (await track?.packets(i * 64 * samples, i * 64 * samples + 1)) ?? [];
    expect(packet?.start).toBe(i * 64 * samples);
    expect(packet?.data).toEqual(new Uint8Array(bytes, offset, packet?.data.length));
  }
});

/** Frames of 128 and 160 kbit/s by turns of unequal length. */
function varying(frames: number) {
  const sizes = Array.from({ length: frames }, (_, n) => (n % 7 < 3 ? 417 : 522));
  const offsets = [0];
  for (const size of sizes) offsets.push((offsets.at(-1) ?? 0) + size);
  const bytes = new Uint8Array(offsets.at(-1) ?? 0);
  sizes.forEach((size, n) => bytes.set([0xff, 0xfb, size === 417 ? 0x90 : 0xa0, 0], offsets[n]));
  return { bytes, offsets };
}

test("MP3 of a varying rate is leapt into where somebody tells of its places, and walked where nobody does", async () => {
  const { bytes, offsets } = varying(3_000);
  const durationUs = (3_000 * 1_152 * 1e6) / 44_100;
  for (const told of ["places", "nothing", "an error"] as const) {
    let read = 0;
    let asked = 0;
    const file = readerOf(bytes.buffer);
    const counting = {
      size: file.size,
      read: (from: number, to: number) => {
        read += to - from;
        return file.read(from, to);
      },
    };
    const places = async () => {
      asked += 1;
      if (told === "an error") throw new Error("away");
      return told === "places" ? offsets.flatMap((offset, index) => (index % 64 === 0 ? { index, offset } : [])) : [];
    };
    const track = await openMp3(counting, { durationUs, places });
    for (const n of [2_500, 1_234]) {
      const [packet] = (await track?.packets(n * 1_152, n * 1_152 + 1)) ?? [];
      const at = offsets[n] ?? 0;
      expect(packet).toMatchObject({ start: n * 1_152 });
      expect(packet?.data).toEqual(bytes.slice(at, offsets[n + 1]));
    }
    expect(asked).toBe(1);
    if (told === "places") expect(read).toBeLessThan(200_000);
    else expect(read).toBeGreaterThan((offsets[2_500] ?? 0) / 2);
  }
});
