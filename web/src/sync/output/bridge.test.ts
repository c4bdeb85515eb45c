import { expect, test } from "vitest";
import { Device, type DeviceOptions, noisy } from "../testing/device";
import { seeded } from "../testing/network";
import { Bridge } from "./bridge";

/** Runs a bridge over a device; gives the bridge's error (µs) at each tick from `from` on. */
function follow(options: DeviceOptions, us: number, from: number, deaf: (at: number) => boolean = () => false) {
  const device = new Device(options);
  const bridge = new Bridge();
  const errors: { at: number; error: number; frozen: boolean }[] = [];
  for (let at = 25_000; at < us; at += 25_000) {
    if (!deaf(at)) {
      const { page, context } = device.stamp(at);
      bridge.timestamp(page, context, device.current(at));
    }
    bridge.current(at, device.current(at), options.latency?.(at) ?? 60_000);
    const heard = bridge.toContext(at, at);
    if (at >= from && heard !== undefined) errors.push({ at, error: heard - device.heard(at), frozen: bridge.frozen(at) });
  }
  return { errors, bridge, device };
}

const most = (errors: { error: number }[]) => Math.max(...errors.map((e) => Math.abs(e.error)));

test("clean time stamps are followed to the microsecond, whatever the device's speed", () => {
  for (const ppm of [-200, 0, 200]) {
    const { errors } = follow({ ppm, random: seeded(1) }, 20e6, 1e6);
    expect(most(errors)).toBeLessThan(250);
    expect(most(errors.filter((e) => e.at > 6e6))).toBeLessThan(20);
  }
});

test("noise and wild readings move it by little", () => {
  for (let seed = 1; seed <= 10; seed++) {
    const { errors } = follow({ ppm: 50, noise: noisy, random: seeded(seed) }, 30e6, 3e6);
    expect(most(errors)).toBeLessThan(300);
  }
});

test("a latency step of 50 ms is taken within half a second, and only as a step", () => {
  const latency = (at: number) => (at < 10e6 ? 60_000 : 110_000);
  const { errors, bridge } = follow({ latency, random: seeded(1) }, 20e6, 3e6);
  expect(bridge.steps).toBe(1);
  expect(most(errors.filter((e) => e.at > 10.5e6))).toBeLessThan(20);
  expect(most(errors.filter((e) => e.at < 10e6))).toBeLessThan(20);
});

test("the first readings give a place soon", () => {
  const { errors } = follow({ random: seeded(1) }, 1e6, 0);
  expect(errors[0]?.at).toBeLessThan(300_000);
});

test("readings that scatter freeze it", () => {
  const wild = (random: () => number) => (random() - 0.5) * 40_000;
  const { errors } = follow({ noise: wild, random: seeded(4) }, 20e6, 3e6);
  expect(errors.every((e) => e.frozen)).toBe(true);
});

test("without time stamps the envelope of currentTime does", () => {
  const { errors } = follow({ random: seeded(1) }, 10e6, 1e6, () => true);
  expect(most(errors)).toBeLessThan(26_000);
});

test("time stamps that stop are replaced after three seconds, and taken up again", () => {
  const { errors, bridge } = follow({ random: seeded(1) }, 20e6, 3e6, (at) => at > 6e6 && at < 12e6);
  expect(bridge.offset(20e6)?.source).toBe("timestamps");
  expect(most(errors.filter((e) => e.at < 7.5e6 || e.at > 15e6))).toBeLessThan(50);
});

test("page and context times are each other's inverse", () => {
  const { bridge } = follow({ ppm: 150, random: seeded(1) }, 10e6, 3e6);
  const context = bridge.toContext(10e6, 10e6) ?? NaN;
  expect(bridge.toPage(context, 10e6)).toBeCloseTo(10e6, 3);
});
