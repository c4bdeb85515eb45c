// A slow line and a page that must not stand still: sound begins when enough has come, and nothing takes bytes from what plays.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { longMp3, varyingMp3, wav } from "./audio.js";
import { hears, hearsFor, listenIn, longestTask } from "./ear.js";
import { flac } from "./flac.js";
import { Person, launch } from "./person.js";
import { Relay } from "./relay.js";
import { Server } from "./server.js";

const SLOW = 50_000;
/** "A few seconds": of the way to the song, its head, and two seconds of its sound. */
const SOON_SECONDS = 6;
const LONGEST_TASK_MS = 200;

let server, browser, relay, ana, ben;

before(async () => {
  server = await Server.start();
  browser = await launch();
  relay = await Relay.to(server.url);
  ana = await Person.arrives(browser, server.url, "ana", listenIn);
  await ana.registers();
  // 16 bit at 12 kHz: 192 kbit/s.
  await ana.uploads("Harbour lights.wav", wav({ hertz: 440, seconds: 160, rate: 12_000 }));
  await ana.uploads("Slack tide.mp3", await longMp3(160));
  // Walked through from its beginning it would take most of a minute.
  await ana.uploads("Undertow.mp3", await varyingMp3(400));
  await ana.uploads("Ebb.flac", flac({ hertz: 660, seconds: 100 }));
  await ana.opensStage("Late shift");
  for (const title of ["Harbour lights", "Undertow", "Slack tide", "Ebb"]) await ana.queues(title);
  await ana.presses("Play for everyone");
  await hears(ana);
  await ana.seeks(80);
  ben = await Person.arrives(browser, relay.url, "ben", listenIn);
  await ben.registers();
});

after(async () => {
  await browser?.close();
  relay?.stop();
  await server?.stop();
});

test("who joins late over 50 kB/s hears the middle of the song within seconds, and without holes", async () => {
  relay.speed = SLOW;
  await ben.enters("Late shift");
  const seconds = await hears(ben);
  assert.ok(seconds < SOON_SECONDS, `it took ${seconds} s`);
  const share = await hearsFor(ben, 6);
  assert.ok(share > 0.98, `it was heard for ${share} of the time`);
  const [a, b] = await Promise.all([ana.position(), ben.position()]);
  assert.ok(Math.abs(a - b) <= 2, `ana at ${a} s, ben at ${b} s`);
});

for (const [what, title, place] of [
  ["an MP3 of a varying rate", "Undertow", 330],
  ["an MP3 of a constant rate", "Slack tide", 120],
]) {
  test(`${what} is begun in its middle too`, async () => {
    await ana.presses("Next song");
    await Promise.all([ana.seesPlaying(title), ben.seesPlaying(title)]);
    await ana.seeks(place);
    // A second after the instant of the leap nothing of the place before is heard any more.
    await ben.seesPast(place + 1, place + 10);
    const seconds = 1 + (await hears(ben));
    assert.ok(seconds < SOON_SECONDS, `it took ${seconds} s`);
    const share = await hearsFor(ben, 4);
    assert.ok(share > 0.98, `it was heard for ${share} of the time`);
  });
}

test("songs that are skipped are broken off: the one that plays has the line for itself", async () => {
  // The third song is too much for the line; it must not hold up what comes after it.
  await ana.presses("Next song");
  await ana.seesPlaying("Ebb");
  await ben.page.waitForTimeout(1_000);
  await ana.presses("Previous song");
  await ana.seesPlaying("Slack tide");
  const seconds = await hears(ben);
  assert.ok(seconds < SOON_SECONDS, `it took ${seconds} s`);
});

test("the page does not stand still for a song: not when one is begun, nor when the next one is got ready", async () => {
  relay.speed = Infinity;
  const longest = await longestTask(browser, ben.page, async () => {
    await ben.reloads();
    await hears(ben);
    await ana.presses("Next song");
    await ben.seesPlaying("Ebb");
    await hears(ben);
    await ana.presses("Previous song");
    await ben.seesPlaying("Slack tide");
    await hearsFor(ben, 4);
  });
  assert.ok(longest < LONGEST_TASK_MS, `the page stood still for ${longest} ms`);
});

test("no page threw", () => {
  ana.hasNoProblems();
  ben.hasNoProblems();
});
