import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { hold, release, toast, toasts } from "./notices";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
});

const shown = () => toasts().map((one) => one.text);

test("what only confirms goes soon, an error stays to be read, and both go", () => {
  toast("Link copied");
  toast("That did not work.", { tone: "error" });
  vi.advanceTimersByTime(4_000);
  expect(shown()).toEqual(["That did not work."]);
  vi.advanceTimersByTime(4_000);
  expect(shown()).toEqual([]);
});

test("the same words stand once, and no more than three at a time", () => {
  for (const words of ["a", "b", "b", "b", "c", "d"]) toast(words);
  expect(shown()).toEqual(["b", "c", "d"]);
});

test("what somebody is over stays until they go", () => {
  toast("Link copied");
  const [one] = toasts();
  if (!one) throw new Error("nothing is said");
  hold(one.id);
  vi.advanceTimersByTime(60_000);
  expect(shown()).toEqual(["Link copied"]);
  release(one);
  vi.advanceTimersByTime(4_000);
  expect(shown()).toEqual([]);
});
