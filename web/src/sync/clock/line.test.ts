import { expect, test } from "vitest";
import { seeded } from "../testing/network";
import { Line, QUANTUM } from "./line";

test("a line runs frame by frame from its start", () => {
  const line = new Line(1_000, 48_000);
  expect(line.songAt(1_000)).toBe(48_000);
  expect(line.songAt(1_480)).toBe(48_480);
  expect(line.songAt(0)).toBe(47_000);
  expect(line.contextOf(48_480)).toBe(1_480);
});

test("a slew begins and ends on quanta and moves whole frames", () => {
  const line = new Line(1_000, 0);
  const [from, to] = line.slew(5_000, 14, 20_000);
  expect(from.context % QUANTUM).toBe(0);
  expect(to.context % QUANTUM).toBe(0);
  expect(from.context).toBeGreaterThanOrEqual(5_000);
  expect(line.songAt(to.context)).toBe(to.context - 1_000 - 14);
  expect(line.songAt(to.context + 10_000)).toBe(to.context - 1_000 - 14 + 10_000);
  expect(line.rateAt(to.context)).toBe(1);
  expect(line.settled).toBe(to.context);
});

test("whatever slews are planned, the song never runs back and both ways agree", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const random = seeded(seed);
    const line = new Line(Math.floor(random() * 1e6), Math.floor(random() * 1e6));
    let at = line.start;
    let shifted = 0;
    for (let i = 0; i < 20; i++) {
      const shift = Math.round((random() - 0.5) * 200);
      const [, end] = line.slew(at + random() * 50_000, shift, 24_000);
      shifted += shift;
      at = end.context;
    }
    expect(line.songAt(at)).toBeCloseTo(line.songAt(line.start) + at - line.start - shifted, 6);
    for (let c = line.start; c < at; c += 7_919) {
      expect(line.contextOf(line.songAt(c))).toBeCloseTo(c, 5);
      expect(line.songAt(c + 1)).toBeGreaterThan(line.songAt(c));
    }
  }
});
