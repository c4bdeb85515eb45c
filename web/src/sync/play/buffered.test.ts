import { expect, test, vi } from "vitest";
import { Bridge } from "../output/bridge";
import { seeded } from "../testing/network";

// Many minutes of simulated listening take seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

/** A request comes each so often; the sound server looks after its streams each 10 ms, so it may be that late. */
const BLOCK_US = 23_220;
const LATE_US = 10_000;
const BUFFERED_US = 92_000;

interface Scene {
  /** Sound that was lost by a time, in microseconds. */
  readonly lost?: (at: number) => number;
  /** By how much told levels are astray. */
  readonly astray?: (at: number) => number;
  /** Change of the told latency that is true. */
  readonly route?: (at: number) => number;
  readonly slope?: number;
  readonly seed?: number;
}

/** How far off the bridge is (µs) at each request, and how far it would be if it believed each time stamp. */
function follow(us: number, { lost = () => 0, astray = () => 0, route = () => 0, slope = 0, seed = 1 }: Scene) {
  const random = seeded(seed);
  const bridge = new Bridge();
  const errors: { at: number; error: number; told: number }[] = [];
  for (let at = 100_000; at < us; at += BLOCK_US) {
    const heard = at * (1 + slope) - lost(at) - route(at);
    const rendered = heard + route(at) + BUFFERED_US - LATE_US * random();
    bridge.timestamp(at, heard + astray(at), rendered);
    const believed = bridge.toContext(at, at);
    if (believed !== undefined) errors.push({ at, error: believed - heard, told: astray(at) });
  }
  const most = (from: number, to: number) =>
    Math.max(...errors.filter((e) => e.at > from && e.at < to).map((e) => Math.abs(e.error)));
  return { bridge, most };
}

/** Right at the start, off by up to 9 ms four seconds later, put right by steps until 15 s. */
const wander = (from: number) => (at: number) => {
  const s = (at - from) / 1e6;
  if (s < 0 || s > 15) return 0;
  return s < 4 ? -2_250 * s : -9_000 * (1 - Math.floor(s - 4) / 11);
};

test("time stamps that wander after the start are not followed", () => {
  for (let seed = 1; seed <= 10; seed++) {
    for (const slope of [-700e-6, 0, 700e-6]) {
      expect(follow(20e6, { astray: wander(0), slope, seed }).most(0, 20e6)).toBeLessThan(5_300);
    }
  }
});

test("nor are those that wander once all has settled", () => {
  for (let seed = 1; seed <= 10; seed++) {
    const { most, bridge } = follow(60e6, { astray: wander(30e6), seed });
    expect(most(10e6, 60e6)).toBeLessThan(2_200);
    expect(bridge.steps).toBe(0);
  }
});

/** As recorded of a fast null sink, twice as bad: told at the page's speed at first, put right by a third each 1.5 s from 2.5 s on. */
const FAST = 560e-6;
const behind = (at: number) => {
  const [first, every] = [2.5e6, 1.5e6];
  const times = at < first ? 0 : 1 + Math.floor((at - first) / every);
  return -2 * FAST * Math.min(at, first) * (2 / 3) ** times;
};

test("time stamps that hang behind a fast device in its first seconds are followed by half from the fifth second on", () => {
  for (let seed = 1; seed <= 10; seed++) {
    const { most } = follow(20e6, { astray: behind, slope: FAST, seed });
    expect(most(0, 5e6)).toBeLessThan(2_700);
    expect(most(5e6, 7e6)).toBeLessThan(1_500);
    expect(most(7e6, 20e6)).toBeLessThan(1_900);
  }
});

/** By ten milliseconds a second from the first reading on, for two seconds; back over six. */
const runsAway = (at: number) => (at < 2.1e6 ? 0.01 * (at - 0.1e6) : 20_000 * Math.max(0, 1 - (at - 2.1e6) / 6e6));

test("time stamps that run away at once are not followed", () => {
  for (let seed = 1; seed <= 10; seed++) {
    expect(follow(20e6, { astray: runsAway, seed }).most(1e6, 8e6)).toBeLessThan(4_300);
  }
});

test("a dropout is seen within 0.7 s, whatever time stamps do after it", () => {
  for (let seed = 1; seed <= 10; seed++) {
    const lost = (at: number) => (at < 30e6 ? 0 : 33_000);
    const { most, bridge } = follow(60e6, { lost, astray: wander(30e6), seed });
    expect(most(30.7e6, 60e6)).toBeLessThan(5_000);
    expect(bridge.steps).toBe(1);
  }
});

test("another route is taken at once, a nearer one within five seconds", () => {
  for (let seed = 1; seed <= 10; seed++) {
    const far = follow(40e6, { route: (at) => (at < 30e6 ? 0 : 50_000), seed });
    expect(far.most(30.5e6, 40e6)).toBeLessThan(1_500);
    const near = follow(40e6, { route: (at) => (at < 30e6 ? 0 : 8_000), seed });
    expect(near.most(35e6, 40e6)).toBeLessThan(1_500);
  }
});

test("time stamps that keep to the device's speed are believed to the letter", () => {
  for (let seed = 1; seed <= 10; seed++) {
    expect(follow(60e6, { slope: 40e-6, seed }).most(20e6, 60e6)).toBeLessThan(400);
  }
});

/** From 30 s on, sound is lost again and again for ten seconds, and after each loss time stamps are astray by more and more. */
const LOSSES = Array.from({ length: 8 }, (_, i) => 30e6 + i * 1.3e6);
const lostOften = (at: number) => 35_000 * LOSSES.filter((l) => l <= at).length;
const farAstray = (at: number) => {
  const last = LOSSES.findLast((l) => l <= at);
  if (last === undefined || at > 48e6) return 0;
  return 15_000 * Math.min(1, Math.max(0, (at - last - 0.3e6) / 1e6)) * (at < 40e6 ? 1 : Math.max(0, 1 - (at - 40e6) / 8e6));
};

test("losses that follow one another, with time stamps far astray in between, are each over in half a second", () => {
  for (let seed = 1; seed <= 10; seed++) {
    const { most, bridge } = follow(60e6, { lost: lostOften, astray: farAstray, seed });
    for (const loss of LOSSES) expect(most(loss + 0.5e6, loss + 1.3e6)).toBeLessThan(5_000);
    expect(most(42e6, 60e6)).toBeLessThan(3_000);
    expect(bridge.losses).toBe(LOSSES.length);
  }
});

test("a first reading that means nothing yet is not remembered", () => {
  const bridge = new Bridge();
  const random = seeded(3);
  for (let at = 100_000; at < 10e6; at += BLOCK_US) {
    const told = at < 180_000 ? at + 800_000 - 4 * at : at;
    bridge.timestamp(at, told, at + BUFFERED_US - LATE_US * random());
    if (at > 1e6) expect(Math.abs((bridge.toContext(at, at) ?? 0) - at)).toBeLessThan(500);
  }
});

test("time stamps that jump by tens of milliseconds while the machine is held up are not followed", () => {
  for (let seed = 1; seed <= 10; seed++) {
    const random = seeded(seed);
    const bridge = new Bridge();
    let most = 0;
    for (let at = 100_000; at < 40e6; at += BLOCK_US) {
      if (at > 30e6 && at < 30.12e6) continue;
      // Requests are late for a while, and told levels come back in steps.
      const late = at > 30e6 && at < 30.5e6 ? 18_000 : LATE_US;
      const astray = at < 30e6 ? 0 : -30_000 + 10_000 * Math.min(3, Math.floor((at - 30e6) / 1.4e6));
      bridge.timestamp(at, at + astray, at + BUFFERED_US - late * random());
      if (at > 20e6) most = Math.max(most, Math.abs((bridge.toContext(at, at) ?? 0) - at));
    }
    expect(most).toBeLessThan(3_000);
    expect(bridge.losses).toBe(0);
  }
});

test("a page that is held up while it begins learns what is buffered after that", () => {
  const bridge = new Bridge();
  const random = seeded(5);
  for (let at = 100_000; at < 12e6; at += BLOCK_US) {
    if (at > 500_000 && at < 700_000) continue;
    const astray = at < 700_000 ? 12_000 : Math.max(0, 12_000 - (at - 700_000) / 20);
    bridge.timestamp(at, at + astray, at + BUFFERED_US - LATE_US * random());
    if (at > 4e6) expect(Math.abs((bridge.toContext(at, at) ?? 0) - at)).toBeLessThan(2_000);
  }
});

test("a page's first half second tells what is buffered, though the sound server's beat shows it seldom", () => {
  const [needed, beat] = [40_635, 22_470];
  for (let phase = 0; phase < beat; phase += 500) {
    const random = seeded(phase + 1);
    const bridge = new Bridge();
    for (let need = 100_000 + phase; need < 15e6; need += needed) {
      const at = Math.ceil(need / beat) * beat + 500 * random();
      // Time stamps wander by a millisecond either way: too little to be refuted.
      const astray = 1_000 * Math.sin((2 * Math.PI * at) / 6e6);
      bridge.timestamp(at, at + astray, need + 161_000);
      if (at > 2e6) expect(Math.abs((bridge.toContext(at, at) ?? 0) - at)).toBeLessThan(1_300);
    }
  }
});

test("a page whose time stamps begin wrong, run far ahead and come back by steps loses nothing and goes no further off than it began", () => {
  const [needed, beat] = [40_635, 22_470];
  for (let phase = 0; phase < beat; phase += 500) {
    const random = seeded(phase + 1);
    const bridge = new Bridge(needed);
    for (let need = 100_000 + phase; need < 20e6; need += needed) {
      const at = Math.ceil(need / beat) * beat + 500 * random();
      // As recorded: 6 ms short, ahead by 24 after five seconds, then 6 ms less each 1.5 s.
      const astray = at < 5e6 ? -6_000 + 6_000 * (at / 1e6) : Math.max(0, 24_000 - 6_000 * Math.floor((at - 3.5e6) / 1.5e6));
      bridge.timestamp(at, at + astray, need + 161_300);
      if (at > 1e6) expect(Math.abs((bridge.toContext(at, at) ?? 0) - at)).toBeLessThan(at < 9e6 ? 4_500 : 3_500);
    }
    expect(bridge.losses).toBe(0);
  }
});

test("a context that tells no block is taken at what is measured, however little it keeps", () => {
  const random = seeded(3);
  const bridge = new Bridge(0);
  let kept = NaN;
  for (let at = 100_000; at < 4e6; at += 5_000) {
    // Firefox on a quick device: 8 ms between rendering and ear, time stamps that tell 6 ms too much after a second.
    const astray = at > 1.5e6 ? 6_000 : 0;
    bridge.timestamp(at, at + astray, at + 8_000 - 500 * random());
    kept = (bridge.toContext(at, at) ?? NaN) - at;
  }
  expect(Math.abs(kept)).toBeLessThan(3_000);
});
