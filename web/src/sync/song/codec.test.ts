import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { decode } from "./codec";
import type { Packet, Track } from "./track";

const LENGTH = 100;
const DAMAGED = 0;

/** Gives `LENGTH` samples of a packet's one byte, and has ended, as a real one does, with the first that is damaged. */
class Decoder {
  static made = 0;
  #queue: EncodedChunk[] = [];
  constructor(private readonly init: { output(audio: unknown): void; error(error: Error): void }) {
    Decoder.made += 1;
  }
  configure() {}
  close() {}
  decode(chunk: EncodedChunk) {
    this.#queue.push(chunk);
  }
  async flush() {
    for (const { timestamp, data } of this.#queue) {
      const level = data[0] ?? DAMAGED;
      if (level === DAMAGED) {
        this.init.error(new Error("damaged"));
        throw new Error("closed");
      }
      this.init.output(audioOf(timestamp, level));
    }
  }
}

class EncodedChunk {
  readonly timestamp: number;
  readonly data: Uint8Array;
  constructor({ timestamp, data }: { timestamp: number; data: Uint8Array }) {
    this.timestamp = timestamp;
    this.data = data;
  }
}

function audioOf(timestamp: number, level: number) {
  return {
    sampleRate: 48_000,
    timestamp,
    numberOfChannels: 1,
    numberOfFrames: LENGTH,
    copyTo: (target: Float32Array, { frameCount }: { frameCount: number }) => target.fill(level, 0, frameCount),
    close() {},
  };
}

const track = { codec: "mp3", sampleRate: 48_000, channels: 1 } as Track;

const packets = (levels: readonly number[]): Packet[] =>
  levels.map((level, i) => ({ start: i * LENGTH, frames: LENGTH, data: new Uint8Array([level]) }));

/** What each packet's place holds. */
async function heard(levels: readonly number[]): Promise<number[]> {
  const [samples = new Float32Array()] = await decode(track, packets(levels), 0, levels.length * LENGTH);
  return levels.map((_, i) => {
    const place = samples.subarray(i * LENGTH, (i + 1) * LENGTH);
    return place.every((sample) => sample === place[0]) ? (place[0] ?? -1) : -1;
  });
}

beforeEach(() => {
  Decoder.made = 0;
  vi.stubGlobal("AudioDecoder", Decoder);
  vi.stubGlobal("EncodedAudioChunk", EncodedChunk);
});
afterEach(() => vi.unstubAllGlobals());

test("sound packets go through one decoder", async () => {
  expect(await heard([1, 2, 3])).toEqual([1, 2, 3]);
  expect(Decoder.made).toBe(1);
});

test("a damaged packet leaves its own place silent, wherever it is", async () => {
  expect(await heard([1, DAMAGED, 3, 4])).toEqual([1, 0, 3, 4]);
  expect(await heard([DAMAGED, 2, 3])).toEqual([0, 2, 3]);
  expect(await heard([1, 2, DAMAGED])).toEqual([1, 2, 0]);
  expect(await heard([1, DAMAGED, DAMAGED, 4, DAMAGED, 6])).toEqual([1, 0, 0, 4, 0, 6]);
});

test("a stretch of nothing but damage is told", async () => {
  await expect(heard([DAMAGED, DAMAGED])).rejects.toThrow("damaged");
});

test("a stretch with more damage than can be gone round ends at it", async () => {
  const levels = [1, ...Array<number>(40).fill(DAMAGED), 2];
  expect((await heard(levels)).at(-1)).toBe(0);
  expect(Decoder.made).toBeLessThan(40);
});
