import { expect, test } from "vitest";
import type { Timeline } from "../protocol";
import { positionAt } from ".";

const timeline: Timeline = {
  rev: 1,
  playing: true,
  entry: null,
  song: null,
  position_us: 5_000_000,
  at_us: 1_000_000,
  rate: 1,
  next: null,
};

test("a scheduled start holds the position until its instant", () => {
  expect(positionAt(timeline, 0)).toBe(5_000_000);
  expect(positionAt(timeline, 3_000_000)).toBe(7_000_000);
});

test("a paused timeline stands still", () => {
  expect(positionAt({ ...timeline, playing: false }, 9_000_000)).toBe(5_000_000);
});
