// The sound beside the main way: media keys, a browser without Web Audio, one that wants a gesture; and what the page
// shows of it. How well listeners sound together is `tests/sync`'s matter.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { wav } from "./audio.js";
import { Person, launch } from "./person.js";
import { Server } from "./server.js";

/** What a steered `<audio>` element keeps to: beyond it is set anew. */
const ELEMENT_SECONDS = 0.3;

let server, browser, ana, ben;
const sent = [];

/** Keeps what the page gives to the system, so that a test can press the keys. */
function listenToMedia() {
  globalThis.mediaKeys = {};
  const { mediaSession } = navigator;
  const set = mediaSession.setActionHandler.bind(mediaSession);
  mediaSession.setActionHandler = (action, handler) => {
    globalThis.mediaKeys[action] = handler;
    set(action, handler);
  };
}

/** Keeps the page's audio elements, so that a test can look at them. */
function keepElements() {
  globalThis.elements = [];
  const Plain = globalThis.Audio;
  globalThis.Audio = class extends Plain {
    constructor(...of) {
      super(...of);
      globalThis.elements.push(this);
    }
  };
}

const keys = (person) => person.page.evaluate(() => Object.keys(mediaKeys).filter((key) => mediaKeys[key]).toSorted());
const press = (person, key, details = {}) => person.page.evaluate(([key, details]) => mediaKeys[key](details), [key, details]);
const shown = (person, state) => person.page.waitForFunction((state) => navigator.mediaSession.playbackState === state, state);

before(async () => {
  server = await Server.start();
  browser = await launch();
  ana = await Person.arrives(browser, server.url, "ana", listenToMedia, keepElements);
  ana.page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => sent.push(JSON.parse(payload).type)));
  await ana.registers();
  await ana.uploads("Harbour lights.wav", wav({ hertz: 220, seconds: 240 }));
  await ana.uploads("Slack tide.wav", wav({ hertz: 330, seconds: 240 }));
  await ana.opensStage("Late shift");
  // Before there is a song: so that the first one's start waits for this listener.
  for (let i = 0; i < 100 && !sent.includes("buffering"); i++) await ana.page.waitForTimeout(50);
  assert.ok(sent.includes("buffering"), `the stage was told ${sent}`);
  await ana.queues("Harbour lights");
  await ana.queues("Slack tide");
  await ana.presses("Play for everyone");
  await ana.seesPlaying("Harbour lights");
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test("the system is told what plays, and the host's media keys steer the stage", async () => {
  await shown(ana, "playing");
  const { title, album } = await ana.page.evaluate(() => {
    const { title, album } = navigator.mediaSession.metadata;
    return { title, album };
  });
  assert.deepEqual({ title, album }, { title: "Harbour lights", album: "Late shift" });
  const all = ["nexttrack", "pause", "play", "previoustrack", "seekbackward", "seekforward", "seekto"];
  assert.deepEqual(await keys(ana), all);
  await press(ana, "seekto", { seekTime: 100 });
  await ana.page.waitForFunction(() => document.querySelector('[aria-label="Position"]').ariaValueNow >= 100);
  await press(ana, "pause");
  await shown(ana, "paused");
  await press(ana, "play");
  await shown(ana, "playing");
  await press(ana, "nexttrack");
  await ana.seesPlaying("Slack tide");
  await ana.page.waitForFunction(() => navigator.mediaSession.metadata.title === "Slack tide");
  // An element that plays silence stands for the page where the system looks for a player.
  await ana.page.waitForFunction(() => elements.some((element) => element.loop && !element.paused));
});

test("media keys of who may not steer turn off the own sound alone", async () => {
  ben = await Person.arrives(browser, server.url, "ben", listenToMedia);
  await ben.registers();
  await ben.enters("Late shift");
  await ben.seesPlaying("Slack tide");
  await ben.page.waitForFunction(() => mediaKeys.pause);
  assert.deepEqual(await keys(ben), ["pause", "play"]);
  await press(ben, "pause");
  await ben.page.getByRole("button", { name: "Unmute" }).waitFor();
  await shown(ben, "paused");
  await shown(ana, "playing");
  await press(ben, "play");
  await ben.page.getByRole("button", { name: "Mute", exact: true }).waitFor();
});

test("the sync figures come and go by a key, and say what the engine measures", async () => {
  const figures = ben.page.getByRole("region", { name: "Sync figures" });
  await ben.page.keyboard.press("s");
  await figures.getByText(/^± \d/).waitFor();
  await figures.getByText("Round trip").waitFor();
  await figures.getByRole("button", { name: "Close" }).click();
  await figures.waitFor({ state: "detached" });
  await ben.page.getByRole("button", { name: /^in sync ± / }).click();
  await figures.waitFor();
  await ben.chooses("More", "Sync figures");
  await figures.waitFor({ state: "detached" });
});

test("the host sees how well ben is in sync", async () => {
  await ana.page.getByRole("listitem").filter({ hasText: "ben" }).getByRole("img", { name: /in sync within/ }).waitFor();
});

test("the tap test fills the offset of the output that is chosen", async () => {
  await ben.page.goto("/settings");
  await ben.page.getByRole("radio", { name: "Bluetooth" }).check();
  await ben.page.getByRole("button", { name: "Tap test" }).click();
  const dialog = ben.page.getByRole("dialog");
  const pad = dialog.getByRole("button", { name: "Tap", exact: true });
  await pad.waitFor();
  const late = dialog.getByText(/^Late by/);
  // Taps at the clicks' pace and some: most of them belong to a click.
  for (let taps = 0; taps < 60 && (await late.count()) === 0; taps++) {
    await pad.dispatchEvent("pointerdown");
    await ben.page.waitForTimeout(400);
  }
  await dialog.getByRole("button", { name: "Use this" }).click();
  const field = ben.page.getByLabel("Bluetooth: my sound is late by");
  const found = Number(await field.inputValue());
  assert.ok(found >= -200 && found <= 600, `an offset of ${found} ms`);
  await field.fill("120");
  await field.blur();
  await ben.page.getByRole("radio", { name: "This device" }).check();
  assert.equal(await ben.page.getByLabel("This device: my sound is late by").inputValue(), "0");
  await ben.page.reload();
  await ben.page.getByRole("radio", { name: "Bluetooth" }).check();
  assert.equal(await field.inputValue(), "120");
});

test("without Web Audio an element plays the right place", async () => {
  const cem = await Person.arrives(browser, server.url, "cem", keepElements, () => {
    delete globalThis.AudioContext;
    delete globalThis.webkitAudioContext;
  });
  let line;
  cem.page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => {
      const frame = JSON.parse(payload);
      line = frame.snapshot?.timeline ?? (frame.type === "timeline" ? frame : line);
    }),
  );
  await cem.registers();
  await cem.enters("Late shift");
  await cem.seesPlaying("Slack tide");
  await cem.page.waitForFunction(() => elements.some((element) => element.currentTime > 0 && !element.paused));
  assert.equal(line.playing, true);
  // Page and server stand on one machine, so the page's wall clock is the server's.
  const inPlace = ([at, position, most]) => {
    const [element] = elements;
    const wanted = position / 1e6 + (performance.timeOrigin + performance.now()) / 1e3 - at / 1e6;
    return Math.abs(element.currentTime - wanted) < most;
  };
  await cem.page.waitForFunction(inPlace, [line.at_us, line.position_us, ELEMENT_SECONDS]);
  cem.hasNoProblems();
});

test("a browser that wants a gesture gets one, and then plays", async () => {
  const strict = await launch("document-user-activation-required");
  try {
    const account = await Person.known(strict, server.url, "dia");
    const dia = await account.opensUntouchedTab(ana.page.url());
    await dia.page.getByRole("button", { name: /^Listen/ }).click();
    await dia.page.getByRole("button", { name: /^in sync ± / }).waitFor();
    await dia.page.getByRole("button", { name: /^Listen/ }).waitFor({ state: "detached" });
    dia.hasNoProblems();
  } finally {
    await strict.close();
  }
});

test("no page threw", () => {
  ana.hasNoProblems();
  ben.hasNoProblems();
});
