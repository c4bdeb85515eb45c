import { afterEach, expect, test, vi } from "vitest";
import { noisy } from "../testing/device";
import { paths } from "../testing/network";
import { Listener, type ListenerOptions, next, playing } from "../testing/studio";

// Minutes of simulated listening take seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

afterEach(() => vi.unstubAllGlobals());

/** How far (µs) the loudest sound is from `position(t)`, each 10 ms; Infinity in silence or in another song. */
function errors(l: Listener, id: number, from: number, to: number, position: (us: number) => number): number[] {
  const found: number[] = [];
  for (let at = from; at < to; at += 10_000) {
    const best = l.heardAt(at).sort((a, b) => b.gain - a.gain)[0];
    found.push(best?.song === id ? best.position - position(at) : Infinity);
  }
  return found;
}

const most = (values: number[]) => Math.max(...values.map(Math.abs));
const share = (values: number[], q: number) => values.map(Math.abs).sort((a, b) => a - b)[Math.floor(values.length * q)] ?? NaN;

/** A listener who joined at 0 and is told at 2 s that song 1 begins at `at`. */
async function started(options: ListenerOptions = {}, at = 2.3e6): Promise<Listener> {
  const l = new Listener(options);
  await l.until(2e6);
  l.hears(playing(1, 1, at, { next: next(2, at + 30e6) }));
  return l;
}

test("a scheduled start is silent before and in place from its first sample on", async () => {
  const l = await started();
  await l.until(8e6);
  expect(l.heardAt(2.298e6)).toEqual([]);
  expect(l.heardAt(2.302e6)).toHaveLength(1);
  expect(most(errors(l, 1, 2.31e6, 7e6, (t) => t - 2.3e6))).toBeLessThan(400);
});

test.each([
  ["loopback", paths.loopback, 300, 600],
  ["Wi-Fi with spikes", paths.wifi, 1_000, 4_000],
  ["80 ms of wide area", paths.wan, 400, 800],
])("%s: error against the truth over ten seeds", async (_, path, half, most99) => {
  const all: number[] = [];
  for (let seed = 1; seed <= 10; seed++) {
    const device = { ppm: (seed % 5) * 40 - 80, noise: noisy };
    const l = await started({ seed, path, pagePpm: 30, device });
    await l.until(20e6);
    all.push(...errors(l, 1, 3e6, 19e6, (t) => t - 2.3e6));
  }
  expect(share(all, 0.5)).toBeLessThan(half);
  expect(share(all, 0.99)).toBeLessThan(most99);
});

test("five minutes with clocks and devices 100 ppm apart", async () => {
  const l = new Listener({ pagePpm: 100, device: { ppm: -100 } });
  await l.until(2e6);
  const long = { ...playing(1, 1, 2.3e6) };
  l.hears({ ...long, song: long.song && { ...long.song, duration_us: 700e6 } });
  await l.until(302e6);
  expect(
    share(
      errors(l, 1, 3e6, 301e6, (t) => t - 2.3e6),
      0.99,
    ),
  ).toBeLessThan(500);
});

test("a late song begins where it should be by then", async () => {
  const l = await started({ loadUs: 1.5e6 });
  await l.until(8e6);
  expect(l.heardAt(3.4e6)).toEqual([]);
  expect(most(errors(l, 1, 3.8e6, 7e6, (t) => t - 2.3e6))).toBeLessThan(400);
});

test("who joins in the middle is within 5 ms at once and within 1 ms in five seconds", async () => {
  const settles = (at: number) => (at < 0.5e6 ? 105_000 : at < 1.1e6 ? 90_000 : 60_000);
  for (let seed = 1; seed <= 10; seed++) {
    const l = new Listener({ seed, device: { latency: settles, noise: noisy } });
    l.hears(playing(7, 1, -100e6 + 90e6));
    await l.until(12e6);
    const first = Array.from({ length: 300 }, (_, i) => i * 10_000).find((t) => l.heardAt(t).length > 0) ?? Infinity;
    expect(first).toBeLessThan(1.5e6);
    expect(most(errors(l, 1, first + 1.5e6, first + 5e6, (t) => t + 10e6))).toBeLessThan(5_000);
    expect(most(errors(l, 1, first + 5e6, 11e6, (t) => t + 10e6))).toBeLessThan(1_000);
  }
});

test("a latency step of 50 ms is over in 1.5 s", async () => {
  const latency = (at: number) => (at < 8e6 ? 60_000 : 110_000);
  const l = await started({ device: { latency } });
  await l.until(14e6);
  expect(most(errors(l, 1, 9.5e6, 13e6, (t) => t - 2.3e6))).toBeLessThan(2_000);
  expect(l.player.corrections.anchors).toBe(1);
});

test("corrections never change the speed by more than half a percent", async () => {
  const latency = (at: number) => (at < 8e6 ? 60_000 : 73_000);
  const l = await started({ device: { latency } });
  await l.until(16e6);
  for (let at = 7e6; at < 15e6; at += 5_000) {
    const [a] = l.heardAt(at);
    const [b] = l.heardAt(at + 5_000);
    if (at > 7.99e6 && at < 8.01e6) continue;
    expect(Math.abs(((b?.position ?? 0) - (a?.position ?? 0)) / 5_000 - 1)).toBeLessThan(0.0051);
  }
  expect(most(errors(l, 1, 12e6, 15e6, (t) => t - 2.3e6))).toBeLessThan(400);
});

test("a pause falls silent on its instant, and play goes on where it stopped", async () => {
  const l = await started();
  await l.until(6e6);
  l.hears(playing(2, 1, 6.3e6, { playing: false, position_us: 4e6 }));
  await l.until(8e6);
  l.hears(playing(3, 1, 8.3e6, { position_us: 4e6, next: next(2, 34.3e6) }));
  await l.until(12e6);
  expect(most(errors(l, 1, 5e6, 6.3e6, (t) => t - 2.3e6))).toBeLessThan(400);
  expect(l.heardAt(6.312e6)).toEqual([]);
  expect(l.heardAt(8.298e6)).toEqual([]);
  expect(most(errors(l, 1, 8.31e6, 11e6, (t) => t - 4.3e6))).toBeLessThan(400);
});

test("a pause that is taken back before its instant leaves the song playing", async () => {
  const l = await started();
  await l.until(6e6);
  l.hears(playing(2, 1, 6.3e6, { playing: false, position_us: 4e6 }));
  await l.until(6.2e6);
  l.hears(playing(3, 1, 6.25e6, { position_us: 3.95e6 }));
  await l.until(9e6);
  expect(most(errors(l, 1, 6.5e6, 8.5e6, (t) => t - 2.3e6))).toBeLessThan(400);
});

test("a seek changes over on its instant", async () => {
  const l = await started();
  await l.until(6e6);
  l.hears(playing(2, 1, 6.3e6, { position_us: 20e6 }));
  await l.until(9e6);
  expect(most(errors(l, 1, 5e6, 6.3e6, (t) => t - 2.3e6))).toBeLessThan(400);
  expect(most(errors(l, 1, 6.31e6, 8.5e6, (t) => t + 13.7e6))).toBeLessThan(400);
  expect(l.heardAt(6.32e6)).toHaveLength(1);
});

test("one song runs into the next without a gap or an overlap", async () => {
  const l = await started({ device: { ppm: 80 } });
  await l.until(35e6);
  const seam: number[] = [];
  for (let at = 32.2e6; at < 32.4e6; at += 250) seam.push(l.heardAt(at).length);
  expect(Math.min(...seam)).toBe(1);
  expect(Math.max(...seam)).toBe(1);
  expect(most(errors(l, 2, 32.31e6, 34e6, (t) => t - 32.3e6))).toBeLessThan(500);
});

test("the server's word for what has begun by itself disturbs nothing", async () => {
  const l = await started();
  await l.until(32.4e6);
  l.hears(playing(2, 2, 32.3e6, { next: next(3, 62.3e6) }));
  await l.until(36e6);
  expect(most(errors(l, 2, 32.31e6, 35e6, (t) => t - 32.3e6))).toBeLessThan(400);
  expect(l.player.corrections.anchors).toBe(0);
});

test("a skip to a song that is not there yet ends the old one on the instant", async () => {
  const l = await started({ loadUs: 1e6 }, 4e6);
  await l.until(8e6);
  l.hears(playing(2, 5, 8.3e6));
  await l.until(12e6);
  expect(most(errors(l, 1, 7e6, 8.29e6, (t) => t - 4e6))).toBeLessThan(400);
  expect(l.heardAt(8.4e6)).toEqual([]);
  expect(most(errors(l, 5, 9.4e6, 11e6, (t) => t - 8.3e6))).toBeLessThan(400);
});

test("an offset by hand plays that much earlier", async () => {
  const l = new Listener();
  await l.until(2e6);
  l.player.setOffset(120_000);
  l.hears(playing(1, 1, 2.5e6));
  await l.until(6e6);
  expect(most(errors(l, 1, 2.5e6, 5e6, (t) => t - 2.38e6))).toBeLessThan(400);
});

test("time stamps that scatter leave the play alone", async () => {
  const wild = (random: () => number) => (random() - 0.5) * 40_000;
  const l = await started({ device: { noise: wild } });
  await l.until(12e6);
  expect(l.player.corrections).toMatchObject({ slews: 0, anchors: 0 });
});

test("a song in pieces sounds as one, through corrections and seeks", async () => {
  const l = await started({ pieces: "pieces", device: { ppm: 150, noise: noisy } });
  await l.until(18e6);
  l.hears(playing(2, 1, 18.3e6, { position_us: 4.5e6, next: next(2, 43.8e6) }));
  await l.until(47e6);
  expect(most(errors(l, 1, 2.31e6, 18.3e6, (t) => t - 2.3e6))).toBeLessThan(600);
  expect(most(errors(l, 1, 18.31e6, 43.7e6, (t) => t - 13.8e6))).toBeLessThan(600);
  expect(most(errors(l, 2, 43.81e6, 46e6, (t) => t - 43.8e6))).toBeLessThan(700);
  for (let at = 20e6; at < 43.7e6; at += 1_370) expect(l.heardAt(at)).toHaveLength(1);
});

test("starting anew long after the song began is no less exact", async () => {
  const latency = (at: number) => (at < 25e6 ? 60_000 : 110_000);
  const l = await started({ device: { ppm: 300, latency } });
  await l.until(31e6);
  expect(l.player.corrections.anchors).toBe(1);
  expect(most(errors(l, 1, 26.2e6, 30e6, (t) => t - 2.3e6))).toBeLessThan(1_000);
});
