import { expect, test } from "vitest";
import { Controller, type Correction } from "./control";

/** What a controller of ten seconds' standing does about a steady error, with `spread` between its readings. */
function about(errorUs: number, { spread = 0, nowUs = 10e6, growth = 0 } = {}): Correction {
  const controller = new Controller(0);
  for (let i = 0; i < 10; i++) controller.read(errorUs + (i % 2 ? spread / 2 : -spread / 2), nowUs);
  return controller.decide(nowUs, growth);
}

test("small errors are left alone", () => {
  expect(about(100)).toEqual({ kind: "none" });
  expect(about(-100)).toEqual({ kind: "none" });
});

test.each([
  [300, 0.003],
  [4_900, 0.003],
  [-4_900, 0.003],
  [9_000, 0.005],
  [14_900, 0.005],
])("an error of %d µs is slewed away, never faster than %d", (error, speed) => {
  const c = about(error);
  if (c.kind !== "slew") return expect.fail(c.kind);
  expect(Math.sign(c.backUs)).toBe(Math.sign(error));
  expect(Math.abs(c.backUs)).toBeLessThanOrEqual(Math.abs(error));
  expect(Math.abs(c.backUs) / c.withinUs).toBeLessThanOrEqual(speed + 1e-9);
  expect(c.withinUs).toBeLessThanOrEqual(1e6);
});

test("larger ones start anew, unless the readings disagree", () => {
  expect(about(50_000)).toEqual({ kind: "anchor" });
  expect(about(50_000, { spread: 4_000 })).toEqual({ kind: "none" });
});

test("a young voice starts anew sooner", () => {
  expect(about(6_000, { nowUs: 2e6 })).toEqual({ kind: "anchor" });
  expect(about(6_000, { nowUs: 10e6 }).kind).toBe("slew");
});

test("no two anchors within half a second", () => {
  const controller = new Controller(0);
  const feed = () => Array.from({ length: 10 }, () => controller.read(50_000, 10e6));
  feed();
  expect(controller.decide(10e6).kind).toBe("anchor");
  feed();
  expect(controller.decide(10.45e6).kind).toBe("none");
  expect(controller.decide(10.55e6).kind).toBe("anchor");
});

test("a slew is reckoned with: the same readings don't call for it twice", () => {
  const controller = new Controller(0);
  for (let i = 0; i < 10; i++) controller.read(800, 10e6);
  expect(controller.decide(10e6).kind).toBe("slew");
  expect(controller.decide(10.25e6).kind).toBe("none");
});

test("an error that grows is met in its middle", () => {
  const c = about(200, { growth: 200e-6 });
  expect(c).toMatchObject({ kind: "slew", backUs: 280 });
});

test("a small error that passes is not acted upon, one that lasts is, a large one at once", () => {
  const controller = new Controller(0);
  let at = 10e6;
  const reads = (error: number, ms: number) => {
    for (const until = at + ms * 1e3; at < until; at += 25_000) controller.read(error, at);
  };
  reads(0, 2_000);
  reads(900, 700);
  expect(controller.decide(at).kind).toBe("none");
  reads(900, 700);
  expect(controller.decide(at)).toMatchObject({ kind: "slew", backUs: 900 });
  reads(8_000, 250);
  expect(controller.decide(at).kind).not.toBe("none");
});
