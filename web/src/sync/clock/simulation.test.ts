/** The clock in simulated networks, held to bounds. All families, and the estimator of before: `tests/sync/run clocks`. */

import { expect, test, vi } from "vitest";
import { CANDIDATES, score } from "../testing/simulation";

// Minutes of many listeners take seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const now = CANDIDATES.now ?? expect.fail("no candidate");
const before = CANDIDATES.before ?? expect.fail("no candidate");

test("jitter that goes both ways is averaged, not trusted where it was lucky", () => {
  const { apart, within } = score(now, "normal, sd 15", 12, [3, 30]);
  expect(apart[0]).toBeLessThan(2.5);
  expect(apart[1]).toBeLessThan(1.5);
  expect(Math.min(...within)).toBeGreaterThanOrEqual(0.99);
});

test("where queues only add, the lucky probes of each way are trusted, and sooner than before", () => {
  for (const family of ["exponential 3", "Wi-Fi, 6 / 4, 4 % spikes", "gamma, k = 2"]) {
    const times = [1, 6, 30];
    const [is, was] = [score(now, family, 10, times), score(before, family, 10, times)];
    is.apart.forEach((ms, i) => expect(ms).toBeLessThan(0.8 * (was.apart[i] ?? NaN)));
    expect(Math.min(...is.within)).toBe(1);
  }
});

test("unequal ways leave two listeners together", () => {
  const { apart, within } = score(now, "80 ± 20 / 20 ± 5", 8, [30]);
  expect(apart[0]).toBeLessThan(2);
  expect(Math.min(...within)).toBe(1);
});

test("a clock that changes its speed is followed, and a longer route is not taken for one", () => {
  expect(score(now, "wide area, 20 then -60 ppm", 6, [90]).apart[0]).toBeLessThan(0.1);
  expect(score(now, "longer up at 40 s", 6, [90]).apart[0]).toBeLessThan(0.4);
});

test("queues that remember seconds are not taken for a clock that changes", () => {
  const { apart, within } = score(now, "remembered 2 s", 12, [15, 60, 180]);
  expect(Math.max(...apart)).toBeLessThan(1.5);
  expect(Math.min(...within)).toBe(1);
});
