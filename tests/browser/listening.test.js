// The main job, whole: two people in two browsers, one song, one conversation; then a reload and a server's restarts.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { wav } from "./audio.js";
import { Person, launch } from "./person.js";
import { Server } from "./server.js";

/** Pages show whole seconds and are asked one after the other; how well they sound together is `tests/sync`'s matter. */
const TOLERANCE_SECONDS = 2;

let server, browser, ana, ben;

before(async () => {
  server = await Server.start();
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

async function together(where) {
  const [a, b] = await Promise.all([ana.position(), ben.position()]);
  assert.ok(Math.abs(a - b) <= TOLERANCE_SECONDS, `${where}: ana at ${a} s, ben at ${b} s`);
  return a;
}

test("ana registers, uploads a song, opens a stage and plays", async () => {
  ana = await Person.arrives(browser, server.url, "ana");
  await ana.registers();
  await ana.uploads("Harbour lights.wav", wav({ hertz: 220, seconds: 240 }));
  await ana.opensStage("Late shift");
  await ana.queues("Harbour lights");
  await ana.presses("Play for everyone");
  await ana.seesPlaying("Harbour lights");
});

test("ben finds the stage in the lobby and hears the same place of the same song", async () => {
  ben = await Person.arrives(browser, server.url, "ben");
  await ben.registers();
  await ben.enters("Late shift");
  await ben.seesPlaying("Harbour lights");
  await together("after ben came in");
});

test("they talk, and both see every line once", async () => {
  await ana.says("what a bass line");
  await ben.reads("what a bass line");
  await ben.says("it is a sine");
  await ana.reads("it is a sine");
  await ana.reads("what a bass line");
});

test("after a reload everything is as it was", async () => {
  await ben.reloads();
  await ben.seesPlaying("Harbour lights");
  await ben.reads("what a bass line");
  await ben.reads("it is a sine");
  await together("after ben's reload");
});

for (const [how, interrupt] of [
  ["restart", () => server.restart()],
  ["crash", () => server.crashAndRestart()],
]) {
  test(`after the server's ${how} in the middle of the song everyone is back by themselves`, async () => {
    const began = Date.now();
    const before = await together(`before the ${how}`);
    await interrupt();
    await ana.says(`are we back after the ${how}?`);
    await ben.reads(`are we back after the ${how}?`);
    await ben.says(`we are, ${how}`);
    await ana.reads(`we are, ${how}`);
    await ana.reads("what a bass line");
    const now = await together(`after the ${how}`);
    const passed = (Date.now() - began) / 1000;
    assert.ok(Math.abs(now - before - passed) <= TOLERANCE_SECONDS, `${passed} s passed, the song moved by ${now - before} s`);
  });
}

test("no page threw", () => {
  ana.hasNoProblems();
  ben.hasNoProblems();
});
