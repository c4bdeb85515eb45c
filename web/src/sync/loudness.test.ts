import { expect, test } from "vitest";
import { loudnessGain } from "./loudness";

const db = (gain: number) => Math.round(200 * Math.log10(gain)) / 10;

test.each([
  ["unmeasured", null, 0.5, 0],
  ["a loud master", -8, 1, -8],
  ["at the target", -16, 1, 0],
  ["quiet with room above", -20, 0.4, 4],
  ["quiet with little room", -20, 0.8, 1.9],
  ["quiet, peaks unknown", -20, null, 0],
  ["very quiet", -40, 0.01, 6],
])("%s", (_, lufs, peak, expected) => {
  expect(db(loudnessGain(lufs, peak))).toBe(expected);
});
