import { expect, test } from "vitest";
import { CLICK_EVERY_MS, lateness } from "./tapping";

const clicks = Array.from({ length: 20 }, (_, n) => 1_000 + n * CLICK_EVERY_MS);
const tapped = (late: (n: number) => number) => clicks.map((at, n) => at + late(n));

test.each([-150, 0, 40, 250, 550])("taps that are %i ms late say so", (ms) => {
  const found = lateness(
    clicks,
    tapped((n) => ms + (n % 3) * 10 - 10),
  );
  expect(Math.abs((found?.ms ?? Number.NaN) - ms)).toBeLessThanOrEqual(10);
  expect(found?.spreadMs).toBeLessThanOrEqual(10);
});

test("the first taps and a lost one do not count", () => {
  const found = lateness(
    clicks,
    tapped((n) => (n < 3 ? 350 : n === 9 ? -190 : 80)),
  );
  expect(found?.ms).toBe(80);
});

test("few taps say nothing", () => {
  expect(lateness(clicks, tapped(() => 80).slice(0, 10))).toBeNull();
  expect(lateness([], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])).toBeNull();
});
