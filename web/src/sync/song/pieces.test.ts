import { beforeEach, expect, test, vi } from "vitest";
import { FakeBuffer } from "../testing/webaudio";
import type { Stretch } from "./messages";
import { type Ask, PieceTape } from "./pieces";

const RATE = 1_000;

beforeEach(() => {
  vi.stubGlobal(
    "AudioBuffer",
    class extends FakeBuffer {
      constructor({ length, sampleRate }: { length: number; sampleRate: number }) {
        super(length, sampleRate, 1);
      }
      copyToChannel() {}
    },
  );
});

function tape(seconds: number) {
  const asked: (Stretch & {
    give: (frames: number, from?: number) => void;
    fit: (start: number, end: number) => void;
    forgotten: boolean;
  })[] = [];
  const ask: Ask = (stretch, answers) => {
    const give = (frames: number, from = stretch.start) => answers.arrived(from, [new Float32Array(frames)]);
    const one = { ...stretch, give, fit: answers.fitted, forgotten: false };
    asked.push(one);
    return () => {
      one.forgotten = true;
    };
  };
  return { tape: new PieceTape(ask, seconds * RATE, RATE), asked };
}

const due = (second: number) => [{ frame: second * RATE, due: true }];
const later = (second: number) => [{ frame: second * RATE, due: false }];

test("what sounds waits for a short piece, and what comes later is got in long ones", () => {
  const { tape: t, asked } = tape(100);
  t.prepare(due(50));
  expect(asked).toMatchObject([{ start: 50_000, least: 2_000, most: 2_000 }]);
  asked[0]?.give(2_000);
  for (const [from, most] of [
    [52, 2_000],
    [54, 4_000],
    [58, 8_000],
  ] as const) {
    t.prepare(due(50));
    expect(asked.at(-1)).toMatchObject({ start: from * RATE, least: 2_000, most });
    asked.at(-1)?.give(most);
  }
  t.prepare(due(50));
  expect(asked).toHaveLength(4);
  const other = tape(100);
  other.tape.prepare(later(0));
  expect(other.asked).toMatchObject([{ start: 0, least: 2_000, most: 8_000 }]);
});

test("a place that moves on waits for what was asked, and one elsewhere does not", () => {
  const { tape: t, asked } = tape(100);
  t.prepare(due(50));
  t.prepare(due(51));
  expect(asked).toHaveLength(1);
  t.prepare(due(20));
  expect(asked[0]?.forgotten).toBe(true);
  expect(asked[1]).toMatchObject({ start: 20_000 });
});

test("what is put off is waited for as long as that takes, and asked anew once it has been passed", () => {
  const { tape: t, asked } = tape(100);
  t.prepare(due(50));
  expect(asked[0]).toMatchObject({ soundsIn: 0, room: 50_000 });
  asked[0]?.fit(54_000, 56_000);
  t.prepare(due(55));
  expect(asked).toHaveLength(1);
  t.prepare(due(56));
  expect(asked[0]?.forgotten).toBe(true);
  asked[1]?.fit(60_000, 62_000);
  asked[1]?.give(2_000, 60_000);
  expect(t.pieceAt(59_999)).toBeUndefined();
  expect(t.pieceAt(60_000)).toMatchObject({ start: 60_000 });
  // The gap before it is no use to fill.
  t.prepare(due(59.8));
  expect(asked[2]).toMatchObject({ start: 62_000, soundsIn: 2_200 });
});

test("some tens of seconds are held, however long the song is", () => {
  const { tape: t, asked } = tape(4_000);
  const held = () => Array.from({ length: 4_000 }, (_, s) => t.pieceAt(s * RATE)).filter(Boolean).length;
  for (let second = 0; second < 600; second++) {
    t.prepare(due(second));
    const one = asked.at(-1);
    if (one && !t.pieceAt(one.start)) one.give(one.most);
    expect(held()).toBeLessThanOrEqual(48);
  }
});

test("the last piece ends with the song, and a piece ends where the next one is at hand", () => {
  const { tape: t, asked } = tape(101);
  t.prepare(later(100));
  expect(asked[0]).toMatchObject({ start: 100_000, least: 1_000, most: 1_000 });
  asked[0]?.give(1_000);
  t.prepare(later(95));
  expect(asked[1]).toMatchObject({ start: 95_000, least: 2_000, most: 5_000 });
});
