import { afterEach, expect, test, vi } from "vitest";
import { noisy } from "../testing/device";
import { paths } from "../testing/network";
import { Listener, next, playing } from "../testing/studio";

vi.setConfig({ testTimeout: 60_000 });

afterEach(() => vi.unstubAllGlobals());

const START = 2.3e6;
/** From rendering to the ear, and two blocks. */
const RENDERED = 110_000;

test.each([200_000, 3e6, 20e6])(
  "%i µs after an interruption began, the sound is back in place within half a second",
  async (away) => {
    for (let seed = 1; seed <= 5; seed++) {
      const l = new Listener({ seed, path: paths.wifi, pagePpm: 40, device: { ppm: -60, noise: noisy } });
      await l.until(2e6);
      l.hears(playing(1, 1, START, { next: next(2, START + 30e6) }));
      await l.until(8e6);
      l.interrupt();
      await l.until(8e6 + away);
      l.giveBack();
      const back = 8e6 + away;
      await l.until(back + 3e6);
      let silent = 0;
      for (let at = back; at < back + 2.5e6; at += 5_000) {
        const sounds = l.heardAt(at).filter((s) => s.gain > 0.01);
        if (sounds.length === 0) silent = at - back;
        const at1 = (s: { song: number }) => (s.song === 1 ? START : START + 30e6);
        // What the device was handed before is heard; else nothing from where it was when the sound went away.
        if (at > back + RENDERED) for (const s of sounds) expect(Math.abs(s.position - (at - at1(s)))).toBeLessThan(4_000);
      }
      expect(silent).toBeLessThan(500_000);
    }
  },
);
