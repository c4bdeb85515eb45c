import { afterEach, expect, test, vi } from "vitest";
import { Listener, playing } from "../testing/studio";

vi.setConfig({ testTimeout: 60_000 });

afterEach(() => vi.unstubAllGlobals());

/** How loud each run of song 1 is after a seek that came too late for its instant, every half millisecond. */
function around(l: Listener, at: number) {
  const found: { old: number; fresh: number }[] = [];
  for (let us = at; us < at + 600_000; us += 500) {
    const sounds = l.heardAt(us);
    // Before the seek the song is some seconds in, after it far behind.
    const gain = (of: (position: number) => boolean) => Math.max(0, ...sounds.filter((s) => of(s.position)).map((s) => s.gain));
    found.push({ old: gain((p) => p < 10e6), fresh: gain((p) => p > 10e6) });
  }
  return found;
}

test.each([2_900, 5_333, 10_000, 20_000, 40_000, 92_880])("in blocks of %i µs no fade is cut short", async (blockUs) => {
  for (let seed = 1; seed <= 8; seed++) {
    const l = new Listener({ seed, device: { blockUs, latency: () => 150_000 - seed * 3_100 } });
    await l.until(2e6);
    l.hears(playing(1, 1, 2.6e6));
    const at = 6e6 + seed * 25_000;
    await l.until(at);
    l.hears(playing(2, 1, at, { position_us: 15e6 }));
    await l.until(at + 1.5e6);
    const gains = around(l, at);
    // 8 ms from full to nothing: no step of half a millisecond takes more than a sixteenth and what the grid adds.
    gains.slice(1).forEach(({ old, fresh }, i) => {
      expect(Math.abs(old - (gains[i]?.old ?? 0)), `the old one, block ${blockUs}, step ${i}`).toBeLessThan(0.08);
      expect(Math.abs(fresh - (gains[i]?.fresh ?? 0)), `the new one, block ${blockUs}, step ${i}`).toBeLessThan(0.08);
    });
    expect([gains[0]?.old, gains.at(-1)?.old, gains[0]?.fresh, gains.at(-1)?.fresh]).toEqual([1, 0, 0, 1]);
  }
});

test("where time stamps say nothing of the latency, what is told of it counts", async () => {
  const blockUs = 10_000;
  const found: number[] = [];
  for (let seed = 1; seed <= 6; seed++) {
    const l = new Listener({ seed, firefox: true, device: { blockUs, ppm: 60, latency: () => 40_000 } });
    await l.until(2e6);
    l.hears(playing(1, 1, 2.6e6));
    await l.until(12e6);
    for (let at = 5e6; at < 11.5e6; at += 50_000) {
      const [sound] = l.heardAt(at);
      found.push(Math.abs((sound?.position ?? Infinity) - (at - 2.6e6)));
    }
  }
  found.sort((a, b) => a - b);
  // Blocks of 10 ms: the latency is told of the block that is being rendered, half of which is over on average.
  expect(found[Math.floor(found.length / 2)]).toBeLessThan(blockUs);
});
