import { afterEach, expect, test, vi } from "vitest";

afterEach(() => void vi.useRealTimers());

test("what was said before midnight is not of today after it", async () => {
  const evening = new Date(2026, 2, 14, 23, 59, 0);
  vi.useFakeTimers({ now: evening });
  const { isToday } = await import("./today");
  const us = (at: Date) => at.getTime() * 1000;
  expect(isToday(us(evening))).toBe(true);
  vi.advanceTimersByTime(2 * 60_000);
  expect([isToday(us(evening)), isToday(us(new Date()))]).toEqual([false, true]);
  vi.advanceTimersByTime(24 * 60 * 60_000);
  expect(isToday(us(new Date(2026, 2, 15, 12)))).toBe(false);
});
