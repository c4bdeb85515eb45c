// What the system does to the sound: takes the device away and gives it back, with the page in view or behind a lock screen; and
// the loudness that a host suggests.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { wav } from "./audio.js";
import { hears, listenIn } from "./ear.js";
import { launch, Person } from "./person.js";
import { Server } from "./server.js";

/** From the device's return to the first sound. */
const BACK_MS = 500;
/** What a steered `<audio>` element keeps to. */
const ELEMENT_SECONDS = 0.3;

let server, browser, ana, ben;

/** As a call or a lock screen does: suspended, and asked for in vain until it is given back. */
function takeAndGive() {
  const contexts = [];
  const elements = [];
  globalThis.AudioContext = class extends AudioContext {
    constructor(...of) {
      super(...of);
      contexts.push(this);
    }
  };
  globalThis.Audio = class extends Audio {
    constructor(...of) {
      super(...of);
      elements.push(this);
    }
  };
  globalThis.takeDevice = async () => {
    for (const context of contexts) {
      context.resume = () => Promise.reject(new DOMException("taken", "InvalidStateError"));
      await context.suspend();
    }
  };
  globalThis.giveDevice = () => {
    for (const context of contexts) delete context.resume;
    dispatchEvent(new Event("focus"));
  };
  let hidden = false;
  Object.defineProperty(Document.prototype, "hidden", { get: () => hidden });
  globalThis.hide = (so) => {
    hidden = so;
    document.dispatchEvent(new Event("visibilitychange"));
  };
  /** The elements that play a song, with where they are. */
  globalThis.playingElements = () =>
    elements.filter((e) => !e.paused && e.src.includes("/audio")).map((e) => ({ at: e.currentTime, src: e.src }));
}

before(async () => {
  server = await Server.start();
  browser = await launch();
  ana = await Person.arrives(browser, server.url, "ana", listenIn, takeAndGive);
  await ana.registers();
  await ana.uploads("Harbour lights.wav", wav({ hertz: 220, seconds: 240 }));
  await ana.opensStage("Late shift");
  await ana.queues("Harbour lights");
  await ana.presses("Play for everyone");
  await hears(ana);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test("after an interruption the sound is back by itself within half a second", async () => {
  await ana.page.evaluate(() => takeDevice());
  await ana.page.waitForTimeout(2_000);
  const took = await ana.page.evaluate(async () => {
    const began = performance.now();
    giveDevice();
    while (loudness() <= 0.005 && performance.now() < began + 10_000) await new Promise((done) => setTimeout(done, 10));
    return performance.now() - began;
  });
  assert.ok(took <= BACK_MS, `${took} ms`);
  ana.hasNoProblems();
});

test("behind a phone's lock screen an element plays on in place, and rests when it is over", async () => {
  ben = await Person.arrivesOnPhone(browser, server.url, "ben", 390, 844, takeAndGive, listenIn);
  await ben.registers();
  await ben.page.goto("/");
  await ben.enters("Late shift");
  await ben.seesPlaying("Harbour lights");
  await ben.page
    .getByRole("button", { name: "Listen" })
    .first()
    .tap({ timeout: 3_000 })
    .catch(() => undefined);
  await hears(ben);
  assert.deepEqual(await ben.page.evaluate(() => playingElements()), []);
  await ben.page.evaluate(() => {
    hide(true);
    return takeDevice();
  });
  await ben.page.waitForFunction(() => playingElements().length === 1);
  // Once its place has been steered.
  await ben.page.waitForTimeout(6_000);
  const [[{ at }], wanted] = await Promise.all([ben.page.evaluate(() => playingElements()), ana.position()]);
  assert.ok(Math.abs(at - wanted) < 1 + ELEMENT_SECONDS, `${at} s instead of ${wanted}`);
  await ben.page.evaluate(() => {
    hide(false);
    giveDevice();
  });
  await hears(ben, 2_000);
  await ben.page.waitForFunction(() => playingElements().length === 0);
  ben.hasNoProblems();
});

test("a suggested loudness is followed, and refused by a hand on the slider", async () => {
  const volume = (person) => person.page.getByRole("slider", { name: "Volume" });
  const stage = (await ana.asks("GET", "/stages")).items[0];
  const button = ben.page.getByRole("button", { name: "As loud as the host suggests" });
  assert.equal(await button.count(), 0);
  await ana.asks("PATCH", `/stages/${stage.id}`, { volume: { together: true, percent: 30 } });
  await ben.page.waitForFunction(() => document.querySelector('[aria-label="As loud as the host suggests"]'));
  await ben.page.waitForFunction(() => [...document.querySelectorAll('input[type="range"]')].some((r) => r.value === "0.3"));
  assert.equal(await button.getAttribute("aria-pressed"), "true");
  // The host's own slider moves the suggestion.
  await volume(ana).fill("0.6");
  await ben.page.waitForFunction(() => [...document.querySelectorAll('input[type="range"]')].some((r) => r.value === "0.6"));
  await volume(ben).fill("0.2");
  assert.equal(await button.getAttribute("aria-pressed"), "false");
  await volume(ana).fill("0.7");
  await ben.page.waitForTimeout(1_000);
  assert.equal(await volume(ben).inputValue(), "0.2");
  await button.tap();
  await ben.page.waitForFunction(() => [...document.querySelectorAll('input[type="range"]')].some((r) => r.value === "0.7"));
  ben.hasNoProblems();
});
