// A song that is paused for long: its browser stops reading, the server ends the download, and the song plays on all the same.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { wav } from "./audio.js";
import { Person, launch } from "./person.js";
import { Server } from "./server.js";

/** Longer than the server waits for somebody who takes nothing, whatever they have taken before. */
const PAUSE_MS = 75_000;

let server, browser, ana;

before(async () => {
  server = await Server.start();
  browser = await launch();
  ana = await Person.known(browser, server.url, "ana");
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test("a song in a media element plays on after a pause in which its download was ended", async () => {
  // Far more than a browser keeps ahead: 16 bit at 48 kHz, 58 MB.
  const song = await ana.has("Long.wav", wav({ hertz: 440, seconds: 600, rate: 48_000 }));
  const answers = [];
  ana.page.on("response", (response) => {
    if (response.url().includes(`/songs/${song.id}/audio`)) answers.push(response.status());
  });
  await ana.page.evaluate(async (url) => {
    const audio = Object.assign(document.createElement("audio"), { src: url, preload: "auto" });
    document.body.append(audio);
    await audio.play();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    audio.pause();
  }, song.audio_url);
  await ana.page.waitForTimeout(PAUSE_MS);
  const before = await ana.page.evaluate(() => {
    const { currentTime, buffered } = document.querySelector("audio");
    return { currentTime, end: buffered.end(buffered.length - 1) };
  });
  assert.ok(before.end < 500, `all of it was read ahead (${before.end} s): nothing was ended`);
  // To the end of what is there, and beyond it.
  const { error, currentTime } = await ana.page.evaluate(async ({ end }) => {
    const audio = document.querySelector("audio");
    audio.currentTime = end - 1;
    await audio.play();
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    return { error: audio.error?.message, currentTime: audio.currentTime };
  }, before);
  assert.equal(error, undefined);
  assert.ok(currentTime > before.end + 2, `it stands at ${currentTime} s, ${before.end} s were there`);
  assert.deepEqual([...new Set(answers)], [206], "parts were asked for");
});
