import { expect, test } from "vitest";
import { nextClick } from "./clicks";

test("clicks keep their pace, over a stall too", () => {
  expect(nextClick(undefined, 5_000, 800)).toBe(5_800);
  expect(nextClick(5_800, 5_100, 800)).toBe(6_600);
  // The page stood still for ten seconds: it goes on clicking, as if it had clicked all the time.
  expect(nextClick(6_600, 17_000, 800)).toBe(17_000);
  expect(nextClick(6_600, 17_001, 800)).toBe(17_800);
});
