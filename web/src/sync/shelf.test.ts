import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Song } from "../protocol";
import { Shelf } from "./shelf";
import type { Tape } from "./tape";
import { song } from "./testing/studio";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function shelf(fetch: (s: Song, signal: AbortSignal) => Promise<ArrayBuffer> = () => Promise.resolve(new ArrayBuffer(8))) {
  const log: string[] = [];
  const tape = (s: Song): Tape => ({
    frames: 1,
    sampleRate: 1,
    peak: null,
    pieceAt: () => undefined,
    prepare: () => undefined,
    close: () => log.push(`close ${s.id}`),
  });
  const loader = {
    fetch: (s: Song, signal: AbortSignal) => (log.push(`fetch ${s.id}`), fetch(s, signal)),
    decode: (s: Song) => (log.push(`decode ${s.id}`), Promise.resolve(tape(s))),
  };
  const made = new Shelf(loader, (s) => log.push(`loaded ${s.id}`), (s) => log.push(`broken ${s.id}`));
  return { shelf: made, log };
}

test("a song is fetched early and decoded when it is due, once", async () => {
  const { shelf: s, log } = shelf();
  s.keep([{ song: song(1), decode: true }, { song: song(2), decode: false }]);
  await vi.advanceTimersByTimeAsync(0);
  expect(log).toEqual(["fetch 1", "fetch 2", "decode 1", "loaded 1"]);
  s.keep([{ song: song(1), decode: true }, { song: song(2), decode: true }]);
  await vi.advanceTimersByTimeAsync(0);
  expect(log.slice(4)).toEqual(["decode 2", "loaded 2"]);
  expect(s.tape(song(2))).toBeDefined();
});

test("what is not wanted any more is let go", async () => {
  const { shelf: s, log } = shelf();
  s.keep([{ song: song(1), decode: true }]);
  await vi.advanceTimersByTimeAsync(0);
  s.keep([{ song: song(2), decode: false }]);
  expect(log).toContain("close 1");
  expect(s.tape(song(1))).toBeUndefined();
});

test("a network that is away is asked again until it is back", async () => {
  let answers = 0;
  const { shelf: s, log } = shelf(() => (++answers < 4 ? Promise.reject(new TypeError("failed to fetch")) : Promise.resolve(new ArrayBuffer(8))));
  s.keep([{ song: song(1), decode: true }]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(log).toEqual(["fetch 1", "fetch 1", "fetch 1", "fetch 1", "decode 1", "loaded 1"]);
});

test("a song that was skipped over meanwhile is not asked for again", async () => {
  const { shelf: s, log } = shelf(() => Promise.reject(new TypeError("failed to fetch")));
  s.keep([{ song: song(1), decode: true }]);
  await vi.advanceTimersByTimeAsync(0);
  s.keep([]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(log).toEqual(["fetch 1"]);
});
