import { expect, test } from "vitest";
import { Trips } from "./trips";

test("one spike in twenty does not count", () => {
  const trips = new Trips();
  expect(trips.p95).toBe(0);
  for (let i = 0; i < 40; i++) trips.add(i % 20 === 7 ? 90_000 : 2_000 + i);
  expect(trips.p95).toBeLessThan(3_000);
  for (let i = 0; i < 4; i++) trips.add(80_000);
  expect(trips.p95).toBe(80_000);
});

test("what was long ago is forgotten", () => {
  const trips = new Trips();
  for (let i = 0; i < 100; i++) trips.add(500_000);
  for (let i = 0; i < 100; i++) trips.add(1_000);
  expect([trips.p95, trips.count]).toEqual([1_000, 200]);
});
