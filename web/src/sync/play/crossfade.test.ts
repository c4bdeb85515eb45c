import { afterEach, expect, test, vi } from "vitest";
import type { Ending, Timeline } from "../../protocol";
import { noisy } from "../testing/device";
import { paths } from "../testing/network";
import { Listener, type ListenerOptions, next, playing, song } from "../testing/studio";

vi.setConfig({ testTimeout: 60_000 });

afterEach(() => vi.unstubAllGlobals());

/** Songs are half a minute long; the first begins at 2.3 s and ends under the second one's first six seconds. */
const FIRST = 2.3e6;
const FADE = 6e6;
const SECOND = FIRST + 30e6 - FADE;
const announced = { ...next(2, SECOND), crossfade_us: FADE };
const ending = (position: number): Ending => ({ entry: 1, song: song(1), position_us: position, crossfade_us: FADE });
const second: Timeline = playing(2, 2, SECOND, { ending: ending(30e6 - FADE) });

async function started(options: ListenerOptions = {}): Promise<Listener> {
  const l = new Listener(options);
  await l.until(2e6);
  l.hears(playing(1, 1, FIRST, { next: announced }));
  return l;
}

/** How loud each of the songs is at a true time, and how far from where it should be, in microseconds. */
function heard(l: Listener, at: number) {
  const of = (id: number) => l.heardAt(at).find((s) => s.song === id);
  const [one, two] = [of(1), of(2)];
  return {
    gains: [one?.gain ?? 0, two?.gain ?? 0] as const,
    off: [(one?.position ?? at - FIRST) - (at - FIRST), (two?.position ?? at - SECOND) - (at - SECOND)] as const,
  };
}

/** What both should be, so far into the crossfade. */
const wanted = (into: number) => [Math.cos((into / FADE) * (Math.PI / 2)), Math.sin((into / FADE) * (Math.PI / 2))] as const;

function keepsTo(l: Listener, from: number, to: number) {
  for (let into = from; into < to; into += 100_000) {
    const { gains, off } = heard(l, SECOND + into);
    wanted(into).forEach((gain, i) => {
      expect(Math.abs((gains[i] ?? 0) - gain), `song ${i + 1}, ${into} µs into it`).toBeLessThan(0.003);
    });
    for (const us of off) expect(Math.abs(us)).toBeLessThan(600);
  }
}

test("the next song rises over the end of this one, at equal power, without a word from the server", async () => {
  const l = await started();
  await l.until(SECOND + 8e6);
  expect(heard(l, SECOND - 50_000).gains).toEqual([1, 0]);
  keepsTo(l, 100_000, FADE - 100_000);
  expect(heard(l, SECOND + FADE + 50_000).gains).toEqual([0, 1]);
});

test("the server's word that it has begun changes nothing", async () => {
  const l = await started();
  await l.until(SECOND + 40_000);
  l.hears(second);
  await l.until(SECOND + 2e6);
  // As a restarted server says it, which knows of no ending any more.
  l.hears(playing(3, 2, SECOND));
  await l.until(SECOND + 8e6);
  keepsTo(l, 100_000, FADE - 100_000);
});

test("two listeners on other networks and devices crossfade alike", async () => {
  const there = await started({ seed: 3, path: paths.wifi, pagePpm: 60, device: { ppm: -80, noise: noisy } });
  const here = await started({ seed: 4, path: paths.wan, pagePpm: -60, device: { ppm: 50, latency: () => 140_000 } });
  for (const l of [here, there]) await l.until(SECOND + 8e6);
  for (let into = 200_000; into < FADE; into += 200_000) {
    const [a, b] = [here, there].map((l) => heard(l, SECOND + into));
    a?.gains.forEach((gain, i) => {
      expect(Math.abs(gain - (b?.gains[i] ?? NaN))).toBeLessThan(0.005);
    });
    a?.off.forEach((us, i) => {
      expect(Math.abs(us - (b?.off[i] ?? NaN))).toBeLessThan(2_500);
    });
  }
});

test("who joins in its midst hears both songs as the others do", async () => {
  const l = new Listener();
  await l.until(SECOND + 0.6e6);
  l.hears(second);
  await l.until(SECOND + 9e6);
  keepsTo(l, 2e6, FADE - 100_000);
  expect(heard(l, SECOND + FADE + 50_000).gains).toEqual([0, 1]);
});

test("a skip in its midst ends both", async () => {
  const l = await started();
  await l.until(SECOND + 1e6);
  l.hears(second);
  await l.until(SECOND + 2e6);
  l.hears(playing(3, 3, SECOND + 2.3e6));
  await l.until(SECOND + 5e6);
  const at = (us: number) => l.heardAt(SECOND + us).filter((s) => s.gain > 0.001);
  expect(at(2.29e6).map((s) => s.song)).toEqual([1, 2]);
  expect(at(2.35e6).map((s) => s.song)).toEqual([3]);
});

test("a pause in its midst silences both at one instant", async () => {
  const l = await started();
  await l.until(SECOND + 1e6);
  l.hears(second);
  await l.until(SECOND + 2e6);
  l.hears(playing(3, 2, SECOND + 2.3e6, { playing: false, position_us: 2.3e6 }));
  await l.until(SECOND + 5e6);
  expect(heard(l, SECOND + 2.28e6).gains.every((gain) => gain > 0.3)).toBe(true);
  expect(heard(l, SECOND + 2.35e6).gains).toEqual([0, 0]);
});

test("called off before it begins, the song goes on at full level", async () => {
  const l = await started();
  await l.until(SECOND - 0.4e6);
  l.hears(playing(2, 1, FIRST, { next: next(2, FIRST + 30e6) }));
  await l.until(FIRST + 32e6);
  for (let at = SECOND; at < FIRST + 29.9e6; at += 200_000) expect(heard(l, at).gains).toEqual([1, 0]);
  expect(heard(l, FIRST + 30.1e6).gains).toEqual([0, 1]);
});
