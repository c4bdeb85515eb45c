import { expect, test } from "vitest";
import type { Song, Timeline } from "../protocol";
import type { SyncEngine } from "../sync";
import { spread } from "./queue";
import { Sound } from "./sound";
import { song, user } from "./testing";

test("in a queue that has run dry what is added is got ready, not what played first", () => {
  const expected: (Song | null)[] = [];
  const engine = {
    expect: (s: Song | null) => void expected.push(s),
    setTimeline: () => undefined,
    onStatus: () => () => undefined,
    status: () => undefined,
    destroy: () => undefined,
  };
  const sound = new Sound(() => engine as unknown as SyncEngine);
  const queue = (...entries: number[]) => {
    const items = entries.map((entry) => ({ entry, song: song(entry), added_by: user("ana"), votes: 0 }));
    sound.setQueue(spread({ rev: 1, items, offset: 0, total: items.length, mode: { repeat: "off", shuffle: false } }));
    return expected.at(-1)?.id ?? null;
  };
  const timeline = (entry: number | null) =>
    sound.setTimeline({
      rev: 1,
      playing: entry !== null,
      entry,
      song: null,
      position_us: 0,
      at_us: 0,
      rate: 1,
      next: null,
    } as Timeline);
  sound.play(true);
  timeline(null);
  expect(queue(1, 2)).toBe(song(1).id);
  timeline(1);
  timeline(2);
  timeline(null);
  expect(queue(1, 2)).toBe(null);
  expect(queue(1, 2, 3)).toBe(song(3).id);
});

test("an engine on its way is told all when it comes, once, and is let go if it is wanted no more", async () => {
  const asked: string[] = [];
  const coming: ((engine: SyncEngine) => void)[] = [];
  const engine = () =>
    ({
      setVolume: (v: number) => void asked.push(`volume ${v}`),
      setTimeline: (t: Timeline) => void asked.push(`timeline ${t.rev}`),
      carry: () => void asked.push("carry"),
      resume: async () => void asked.push("resume"),
      expect: () => undefined,
      onStatus: () => () => undefined,
      status: () => undefined,
      destroy: () => void asked.push("destroy"),
    }) as unknown as SyncEngine;
  const sound = new Sound(() => new Promise((done) => coming.push(done)));
  sound.play(true);
  sound.play(true);
  sound.setVolume(0.5);
  sound.setTimeline({ rev: 3, entry: null } as Timeline);
  sound.carry({} as HTMLMediaElement);
  const resumed = sound.resume();
  expect([coming.length, asked]).toEqual([1, []]);
  coming[0]?.(engine());
  await resumed;
  expect(asked).toEqual(["carry", "volume 0.5", "timeline 3", "resume"]);
  sound.play(false);
  sound.play(true);
  sound.play(false);
  coming[1]?.(engine());
  await Promise.resolve();
  expect(asked.slice(4)).toEqual(["destroy", "destroy"]);
});
