import { expect, test } from "vitest";
import type { Song } from "../../protocol";
import { song } from "../testing/studio";
import { Fault } from "./fault";
import { Shelf } from "./shelf";
import type { Tape } from "./tape";

type Broken = Tape & { fault: Fault | null };

function shelf(open: (s: Song) => Promise<void> = () => Promise.resolve()) {
  const log: string[] = [];
  const tapes = new Map<number, Broken>();
  const tape = (s: Song): Broken => {
    const made = {
      frames: 1,
      sampleRate: 1,
      fault: null,
      pieceAt: () => undefined,
      prepare: () => undefined,
      close: () => log.push(`close ${s.id}`),
    };
    tapes.set(s.id, made);
    return made;
  };
  const loader = {
    open: (s: Song, signal: AbortSignal) => {
      log.push(`open ${s.id}`);
      signal.addEventListener("abort", () => log.push(`abort ${s.id}`));
      return open(s).then(() => tape(s));
    },
    order: (wants: readonly { song: Song; level: string }[]) => log.push(wants.map((w) => `${w.song.id} ${w.level}`).join(", ")),
    destroy: () => log.push("end"),
  };
  const made = new Shelf(
    loader,
    (s) => log.push(`loaded ${s.id}`),
    (s, fault) => log.push(`broken ${s.id} ${fault.why}`),
  );
  return { shelf: made, log, tapes };
}

const settled = () => new Promise((done) => setTimeout(done, 0));

test("a song is opened once, and how much of it is wanted is told when that changes", async () => {
  const { shelf: s, log } = shelf();
  s.keep([
    { song: song(1), level: "sound" },
    { song: song(2), level: "bytes" },
  ]);
  s.keep([
    { song: song(1), level: "sound" },
    { song: song(2), level: "bytes" },
  ]);
  await settled();
  expect(log).toEqual(["open 1", "open 2", "1 sound, 2 bytes", "loaded 1", "loaded 2"]);
  s.keep([
    { song: song(1), level: "sound" },
    { song: song(2), level: "sound" },
  ]);
  expect(log.slice(5)).toEqual(["1 sound, 2 sound"]);
});

test("what is not wanted any more is let go, and broken off if it was on its way", async () => {
  const { shelf: s, log } = shelf();
  s.keep([{ song: song(1), level: "sound" }]);
  s.keep([{ song: song(2), level: "bytes" }]);
  expect(log).toEqual(["open 1", "1 sound", "abort 1", "open 2", "2 bytes"]);
  await settled();
  expect(log.slice(5)).toEqual(["close 1", "loaded 2"]);
  expect(s.tape(song(1))).toBeUndefined();
});

test("what can't be played is told once, and not tried again as long as it is known", async () => {
  const { shelf: s, log } = shelf(() => Promise.reject(new Fault("gone", "404")));
  s.keep([{ song: song(1), level: "sound" }]);
  await settled();
  expect(log.slice(2)).toEqual(["broken 1 gone"]);
  s.keep([], [song(1)]);
  s.keep([], [song(1)]);
  expect(s.fault(song(1))?.why).toBe("gone");
  expect(log.filter((l) => l.startsWith("open"))).toEqual(["open 1"]);
  // Once it is in no statement any more, another evening may find it again.
  s.keep([]);
  expect(s.fault(song(1))).toBeUndefined();
});

test("a song that breaks while it plays is told too", async () => {
  const { shelf: s, log, tapes } = shelf();
  s.keep([{ song: song(1), level: "sound" }]);
  await settled();
  const tape = tapes.get(1);
  if (tape) tape.fault = new Fault("undecodable", "broken in the middle");
  s.keep([], [song(1)]);
  expect(log.at(-1)).toBe("broken 1 undecodable");
});
