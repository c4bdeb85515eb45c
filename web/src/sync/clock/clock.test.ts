import { expect, test } from "vitest";
import { Pair, type Path, paths, schedule, seeded } from "../testing/network";
import { ClockEstimator, median } from "./clock";

/** Errors of the estimate (µs) at random instants between `from` and `us`, over many seeds. */
function errors(path: (random: () => number) => Path, options: { ppm?: number; us?: number; from?: number }): number[] {
  const { ppm = 0, us = 120e6, from = 12e6 } = options;
  const found: number[] = [];
  for (let seed = 1; seed <= 40; seed++) {
    const random = seeded(seed);
    const pair = new Pair(path(random), ppm);
    const clock = new ClockEstimator();
    const bursts = schedule(us);
    bursts.forEach(({ at, probes, pace }, i) => {
      clock.burst(pair.burst(at, probes, pace));
      const after = at + probes * pace + 200_000;
      const until = bursts[i + 1]?.at ?? us;
      if (at < from) return;
      const when = after + random() * Math.max(0, until - after);
      found.push(clock.toServer(pair.local(when)) - pair.server(when));
    });
  }
  return found;
}

const share = (values: number[], q: number) =>
  [...values].map(Math.abs).sort((a, b) => a - b)[Math.floor(values.length * q)] ?? NaN;

test.each([
  ["loopback", paths.loopback, 0, 60, 150],
  ["loopback, clocks 100 ppm apart", paths.loopback, 100, 60, 200],
  ["loopback, clocks 100 ppm apart the other way", paths.loopback, -100, 60, 200],
  ["Wi-Fi with spikes", paths.wifi, 20, 300, 1_200],
  ["80 ms of wide area", paths.wan, -30, 60, 200],
])("%s: median error and the error of one in a hundred", (_, path, ppm, half, most) => {
  const found = errors(path, { ppm });
  expect(share(found, 0.5)).toBeLessThan(half);
  expect(share(found, 0.99)).toBeLessThan(most);
});

test("an asymmetric path costs half its asymmetry and little more", () => {
  const found = errors(paths.lte, { ppm: 10 });
  expect(share(found, 0.99)).toBeLessThan(10_000 + 2_000);
});

test("the clock is usable after the bursts of the join", () => {
  const found: number[] = [];
  for (let seed = 1; seed <= 200; seed++) {
    const pair = new Pair(paths.wifi(seeded(seed)), 30);
    const clock = new ClockEstimator();
    for (const b of schedule(600_000)) clock.burst(pair.burst(b.at, b.probes, b.pace));
    found.push(clock.toServer(pair.local(1e6)) - pair.server(1e6));
  }
  expect(share(found, 0.5)).toBeLessThan(600);
  expect(share(found, 0.95)).toBeLessThan(2_500);
});

test("the bound holds what it promises", () => {
  for (const path of [paths.loopback, paths.wifi, paths.wan, paths.lte]) {
    let broken = 0;
    let all = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const pair = new Pair(path(seeded(seed)), 40);
      const clock = new ClockEstimator();
      for (const b of schedule(60e6)) {
        clock.burst(pair.burst(b.at, b.probes, b.pace));
        const when = b.at + b.probes * b.pace;
        all += 1;
        if (Math.abs(clock.toServer(pair.local(when)) - pair.server(when)) > clock.boundUs(pair.local(when))) broken += 1;
      }
    }
    expect(broken / all).toBeLessThan(0.01);
  }
});

test("nineteen times of twenty the truth lies within two of the told standard deviations, whatever the jitter", () => {
  const hidden = { lte: 10_000 } as Record<string, number>;
  for (const [name, path] of Object.entries(paths)) {
    let beyond = 0;
    let all = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const pair = new Pair(path(seeded(seed)), 30);
      const clock = new ClockEstimator();
      for (const b of schedule(60e6)) {
        clock.burst(pair.burst(b.at, b.probes, b.pace));
        const when = b.at + b.probes * b.pace + 500_000;
        const error = clock.toServer(pair.local(when)) - pair.server(when) - (hidden[name] ?? 0);
        all += 1;
        if (Math.abs(error) > 2 * clock.sdUs(pair.local(when))) beyond += 1;
      }
    }
    expect(beyond / all).toBeLessThan(0.05);
  }
});

test("after twelve seconds of jitter no drift is told that is not there, nor much more than there is", () => {
  for (const path of [paths.loopback, paths.wan, paths.wifi]) {
    for (const ppm of [0, 100]) {
      const beyond: number[] = [];
      for (let seed = 1; seed <= 40; seed++) {
        const pair = new Pair(path(seeded(seed)), -ppm);
        const clock = new ClockEstimator();
        for (const b of schedule(12e6)) clock.burst(pair.burst(b.at, b.probes, b.pace));
        beyond.push(Math.max(0, ppm === 0 ? Math.abs(clock.driftPpm) : clock.driftPpm - ppm));
      }
      expect(share(beyond, 0.95)).toBeLessThan(15);
    }
  }
});

test("drift is found, and not seen where there is none", () => {
  for (const ppm of [-100, 0, 100]) {
    const pair = new Pair(paths.loopback(seeded(7)), ppm);
    const clock = new ClockEstimator();
    for (const b of schedule(120e6)) clock.burst(pair.burst(b.at, b.probes, b.pace));
    expect(clock.driftPpm).toBeGreaterThan(-ppm - 5);
    expect(clock.driftPpm).toBeLessThan(-ppm + 5);
  }
});

test("a single wrong burst changes nothing, another route is taken after three", () => {
  const random = seeded(3);
  const pair = new Pair(paths.loopback(random), 0);
  const far = new Pair({ up: () => 30_000, down: () => 1_000 }, 0);
  const clock = new ClockEstimator();
  for (const b of schedule(60e6)) clock.burst(pair.burst(b.at, b.probes, b.pace));
  const before = clock.toServer(100e6);
  // Longer both ways and lopsided: the estimator knows that it may be lopsided, and keeps the better one.
  expect(clock.burst(far.burst(61e6))).toBe("accepted");
  expect(Math.abs(clock.toServer(100e6) - before)).toBeLessThan(300);
});

test("a server with another clock is followed after three bursts", () => {
  const pair = new Pair(paths.loopback(seeded(5)), 0);
  const clock = new ClockEstimator();
  for (const b of schedule(60e6)) clock.burst(pair.burst(b.at, b.probes, b.pace));
  const moved = (at: number) => pair.burst(at).map((p) => ({ ...p, t1: p.t1 + 400_000, t2: p.t2 + 400_000 }));
  expect([61e6, 62e6, 63e6].map((at) => clock.burst(moved(at)))).toEqual(["rejected", "rejected", "restarted"]);
  expect(clock.toServer(pair.local(64e6)) - pair.server(64e6) - 400_000).toBeLessThan(500);
});

test("local and server times are each other's inverse", () => {
  const pair = new Pair(paths.loopback(seeded(2)), 80);
  const clock = new ClockEstimator();
  for (const b of schedule(60e6)) clock.burst(pair.burst(b.at, b.probes, b.pace));
  for (const local of [0, 50e6, 500e6]) expect(clock.toLocal(clock.toServer(local)) - local).toBeCloseTo(0, 0);
});

test("nothing comes of an empty burst, or of answers from before the question", () => {
  const clock = new ClockEstimator();
  expect(clock.burst([])).toBe("empty");
  expect(clock.burst([{ t0: 100, t1: 0, t2: 90, t3: 110 }])).toBe("empty");
  expect(clock.ready).toBe(false);
  expect(median([])).toBeNaN();
});

test("after a sleep the first burst that is off is believed", () => {
  const after = (doubt: boolean) => {
    const random = seeded(5);
    const clock = new ClockEstimator();
    const pair = new Pair(paths.wan(random), 0);
    for (let i = 0; i < 12; i++) clock.burst(pair.burst(i * 1e6));
    if (doubt) clock.doubt();
    // The local clock stood still for a minute.
    const slept = pair.burst(20e6).map((p) => ({ ...p, t1: p.t1 + 60e6, t2: p.t2 + 60e6 }));
    return clock.burst(slept);
  };
  expect([after(false), after(true)]).toEqual(["rejected", "restarted"]);
});
