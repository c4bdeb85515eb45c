import { expect, test } from "vitest";
import { loudnessGain } from "./loudness";

const db = (gain: number) => Math.round(200 * Math.log10(gain)) / 10;

test.each([
  ["unmeasured", null, 0],
  ["a loud master", -8, -8],
  ["at the target", -16, 0],
  ["quiet", -20, 0],
])("%s", (_, lufs, expected) => {
  expect(db(loudnessGain(lufs))).toBe(expected);
});
