/** What a player has fetched and decoded when, and what it does about songs that can't be had. */

import { afterEach, expect, test, vi } from "vitest";
import type { Song } from "../../protocol";
import { Fault } from "../song/fault";
import { Listener, type ListenerOptions, next, playing, song } from "../testing/studio";

// Minutes of simulated listening take seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

afterEach(() => vi.unstubAllGlobals());

/** The greatest distance (µs) of a song from `position(t)`, each 10 ms; Infinity where it is not what sounds. */
function worst(l: Listener, id: number, from: number, to: number, position: (us: number) => number): number {
  let most = 0;
  for (let at = from; at < to; at += 10_000) {
    const [heard] = l.heardAt(at);
    most = Math.max(most, heard?.song === id ? Math.abs(heard.position - position(at)) : Infinity);
  }
  return most;
}

/** A listener who joined at 0 and is told at 2 s that song 1 begins at 2.3 s. */
async function started(options: ListenerOptions = {}): Promise<Listener> {
  const l = new Listener(options);
  await l.until(2e6);
  l.hears(playing(1, 1, 2.3e6, { next: next(2, 32.3e6) }));
  return l;
}

test("before there is a gesture only what the present song is gets fetched, however long the evening", async () => {
  const l = new Listener({ silent: true });
  await l.until(2e6);
  for (let id = 1; id <= 8; id++) {
    const at = 2.3e6 + (id - 1) * 30e6;
    l.hears(playing(id, id, at, { next: next(id + 1, at + 30e6) }));
    await l.until(at + 20e6);
    expect(l.ordered).toEqual([`${id} head`]);
  }
  const last = 2.3e6 + 7 * 30e6;
  l.gesture();
  await l.until(last + 29e6);
  expect(worst(l, 8, last + 22e6, last + 28e6, (t) => t - last)).toBeLessThan(1_000);
  expect(l.opened).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("what plays and what follows are wanted, and nothing else", async () => {
  const l = await started();
  await l.until(2.5e6);
  expect(l.ordered[0]).toBe("1 sound");
  await l.until(12e6);
  expect(l.ordered).toEqual(["1 sound", "2 sound"]);
  const long = new Listener();
  await long.until(2e6);
  long.hears({ ...playing(1, 1, 2.3e6, { next: next(2, 242.3e6) }), song: song(1, 240) });
  await long.until(12e6);
  expect(long.ordered).toEqual(["1 sound", "2 bytes"]);
});

test("a song that can't be played here is passed over, and the next one begins on its instant", async () => {
  const broken = (s: Song) => (s.id === 1 ? new Fault("gone", "404") : undefined);
  const l = await started({ broken });
  await l.until(36e6);
  expect(l.opened).toEqual([1, 2]);
  expect(l.heardAt(20e6)).toEqual([]);
  expect(worst(l, 2, 32.31e6, 35e6, (t) => t - 32.3e6)).toBeLessThan(400);
});

test("nobody waits for a song that can't be played here, and it is said why", async () => {
  const l = new Listener({ broken: () => new Fault("undecodable", "no sound in it") });
  await l.until(2e6);
  l.hears(playing(1, 1, 2.3e6));
  await l.until(4e6);
  expect(l.player.ready(l.page())).toBe(true);
  expect(l.player.faultNow(l.page())).toMatchObject({ song: { id: 1 }, fault: { why: "undecodable" } });
});

test("where the song has run out the page does not say that it sounds, and it goes on in place", async () => {
  const l = await started({ pieces: "holes" });
  await l.until(11e6);
  expect(l.player.audible).toBe(true);
  await l.until(14e6);
  expect(l.heardAt(13.5e6)).toEqual([]);
  expect(l.player.audible).toBe(false);
  await l.until(22e6);
  expect(l.player.audible).toBe(true);
  expect(worst(l, 1, 17.5e6, 21e6, (t) => t - 2.3e6)).toBeLessThan(1_000);
});
