import { expect, test } from "vitest";
import { barsOf, strokes } from "./outline";

test("a part is as tall as its loudest place, by the loudest of the song", () => {
  expect(barsOf([0, 50, 100, 0, 25, 0], 3)).toEqual([0.5, 1, 0.25]);
  expect(barsOf([10, 20, 30, 40, 50], 2)).toEqual([0.6, 1]);
});

test("a song of few peaks has no more parts than peaks, and one of none has none", () => {
  expect(barsOf([7, 14], 100)).toEqual([0.5, 1]);
  expect(barsOf([], 100)).toEqual([]);
  expect(barsOf([0, 0], 2)).toEqual([0, 0]);
});

test("strokes stand around the middle, and silence is a dot", () => {
  expect(strokes([1, 0.5, 0])).toBe("M0.5 0.0v100.0M1.5 25.0v50.0M2.5 49.0v2.0");
});
