import { expect, test } from "vitest";
import { LineSpeed } from "./speed";

test("a line is as fast as what came over it, however its pieces fall", () => {
  const speed = new LineSpeed(1e6);
  for (let n = 0; n < 20; n++) {
    speed.add(25_000, 0.5);
    // The end of an answer, just behind its last bytes.
    speed.add(0, 0.001);
  }
  expect(speed.now).toBeGreaterThan(45_000);
  expect(speed.now).toBeLessThan(55_000);
});

test("a line that becomes slower or faster is soon known as that", () => {
  const speed = new LineSpeed(50_000);
  for (let n = 0; n < 10; n++) speed.add(500_000, 0.5);
  expect(speed.now).toBeGreaterThan(900_000);
  for (let n = 0; n < 10; n++) speed.add(10_000, 0.5);
  expect(speed.now).toBeLessThan(120_000);
});
