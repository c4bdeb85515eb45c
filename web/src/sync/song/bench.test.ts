import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { slowServer } from "../testing/server";
import { Bench } from "./bench";
import type { FromBench } from "./messages";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const RATE = 8_000;
const SECONDS = 240;

/** A mono WAV file of 16 bit whose samples say where they are. */
function wav(): Uint8Array {
  const frames = SECONDS * RATE;
  const bytes = new Uint8Array(44 + 2 * frames);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode("RIFF    WAVEfmt "));
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  bytes.set(new TextEncoder().encode("data"), 36);
  view.setUint32(40, 2 * frames, true);
  for (let i = 0; i < frames; i++) view.setInt16(44 + 2 * i, sampleAt(i), true);
  return bytes;
}
const sampleAt = (frame: number) => (frame % 60_000) - 30_000;

function bench(files: Record<string, Uint8Array | number>, speed: number) {
  const told: FromBench[] = [];
  const server = slowServer(files, speed);
  const made = new Bench((message) => told.push(message), server.fetch);
  const open = (id: number, url: string) =>
    made.hear({ do: "open", id, url, placesUrl: "places", durationUs: SECONDS * 1e6, rate: RATE });
  return { bench: made, told, server, open };
}

test("on a slow line the middle of a song sounds soon, and what follows waits for it", async () => {
  // 16 kB a second of song over 50 kB a second of line.
  const { bench: b, told, server, open } = bench({ a: wav(), b: wav() }, 50_000);
  open(1, "a");
  open(2, "b");
  b.hear({
    do: "order",
    songs: [
      { id: 1, level: "sound" },
      { id: 2, level: "bytes" },
    ],
  });
  await vi.advanceTimersByTimeAsync(600);
  expect(told).toMatchObject([{ tell: "opened", id: 1, frames: SECONDS * RATE }]);
  const start = 120 * RATE;
  b.hear({ do: "piece", id: 1, ask: 1, start, least: 2 * RATE, most: 8 * RATE, room: 100 * RATE, soundsIn: null });
  await vi.advanceTimersByTimeAsync(1_200);
  const piece = told.find((m) => m.tell === "piece");
  expect(piece).toMatchObject({ ask: 1, start });
  if (piece?.tell !== "piece") return expect.fail();
  expect(piece.channels[0]).toHaveLength(2 * RATE);
  expect(piece.channels[0]?.[77]).toBeCloseTo(sampleAt(start + 77) / 32_768, 6);
  const asked = server.log.length;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(server.log.slice(asked).filter((l) => l.startsWith("b "))).toEqual([]);
  // All that comes after where it plays is here after 39 seconds: then the next song's turn has come.
  await vi.advanceTimersByTimeAsync(30_000);
  expect(server.log.slice(asked).filter((l) => l.startsWith("b ")).length).toBeGreaterThan(0);
});

test("where bytes are at hand, pieces are as long as may be", async () => {
  const { bench: b, told, open } = bench({ a: wav() }, 10_000_000);
  open(1, "a");
  b.hear({ do: "order", songs: [{ id: 1, level: "bytes" }] });
  await vi.advanceTimersByTimeAsync(2_000);
  b.hear({ do: "order", songs: [{ id: 1, level: "sound" }] });
  b.hear({ do: "piece", id: 1, ask: 1, start: 0, least: 2 * RATE, most: 8 * RATE, room: 100 * RATE, soundsIn: null });
  await vi.advanceTimersByTimeAsync(50);
  const piece = told.find((m) => m.tell === "piece");
  expect(piece?.tell === "piece" && piece.channels[0]?.length).toBe(8 * RATE);
});

test("of what waits for a gesture nothing but the head is fetched", async () => {
  const { bench: b, told, server, open } = bench({ a: wav() }, 1_000_000);
  open(1, "a");
  b.hear({ do: "order", songs: [{ id: 1, level: "head" }] });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(told).toMatchObject([{ tell: "opened", id: 1 }]);
  expect(server.sent).toBeLessThan(64 * 1024);
});

test("a question that was taken back is not answered, and takes nothing from the line", async () => {
  const { bench: b, told, server, open } = bench({ a: wav() }, 50_000);
  open(1, "a");
  b.hear({ do: "order", songs: [{ id: 1, level: "head" }] });
  await vi.advanceTimersByTimeAsync(600);
  b.hear({ do: "piece", id: 1, ask: 1, start: 0, least: 8 * RATE, most: 8 * RATE, room: 100 * RATE, soundsIn: null });
  await vi.advanceTimersByTimeAsync(200);
  b.hear({ do: "forget", ask: 1 });
  const { sent } = server;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(told.filter((m) => m.tell === "piece")).toEqual([]);
  expect(server.sent - sent).toBeLessThan(32 * 1024);
});

test("what is gone is told as such, and what nobody can take apart is left to the page as a whole", async () => {
  const { bench: b, told, open } = bench({ a: 404, b: new Uint8Array(1_000).fill(7) }, 1_000_000);
  open(1, "a");
  open(2, "b");
  b.hear({
    do: "order",
    songs: [
      { id: 1, level: "sound" },
      { id: 2, level: "sound" },
    ],
  });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(told).toMatchObject([
    { tell: "failed", id: 1, why: "gone" },
    { tell: "opened", id: 2, frames: null },
  ]);
  b.hear({ do: "bytes", id: 2, ask: 9 });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(told.at(-1)).toMatchObject({ tell: "bytes", ask: 9, bytes: new Uint8Array(1_000).fill(7) });
});

test("what is on its way to sound is put off until it can be here, on a line slower than the song too", async () => {
  for (const [speed, least, most] of [
    [50_000, 0.5, 1.5],
    [8_000, 3, 7],
  ] as const) {
    const { bench: b, told, open } = bench({ a: wav() }, speed);
    open(1, "a");
    b.hear({ do: "order", songs: [{ id: 1, level: "sound" }] });
    await vi.advanceTimersByTimeAsync(5_000);
    const start = 100 * RATE;
    b.hear({ do: "piece", id: 1, ask: 1, start, least: 2 * RATE, most: 2 * RATE, room: 100 * RATE, soundsIn: 0 });
    const asked = performance.now();
    while (!told.some((m) => m.tell === "piece")) await vi.advanceTimersByTimeAsync(50);
    const fitted = told.find((m) => m.tell === "fitted");
    if (fitted?.tell !== "fitted") return expect.fail();
    const later = (fitted.start - start) / RATE;
    expect(later).toBeGreaterThan(least);
    expect(later).toBeLessThan(most);
    // It came in time, but for a moment.
    expect((performance.now() - asked) / 1e3).toBeLessThan(later + 0.6);
  }
});
