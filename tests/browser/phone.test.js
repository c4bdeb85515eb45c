// By thumb, on phones of 360 and 390 pixels, also with the keyboard up.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { wav } from "./audio.js";
import { launch, Person } from "./person.js";
import { Server } from "./server.js";

const SIZES = [
  [360, 740],
  [390, 844],
];
/** A phone's screen less its keyboard. */
const WITH_KEYBOARD = { width: 390, height: 350 };
/** Some lines can be read. */
const READABLE_PX = 120;

let server, browser, ana;

before(async () => {
  server = await Server.start();
  browser = await launch();
  ana = await Person.arrivesOnPhone(browser, server.url, "ana");
  await ana.registers();
  await ana.uploads("Harbour lights in a long and windy evening.wav", wav({ hertz: 220, seconds: 120 }));
  await ana.uploads("Slack tide.wav", wav({ hertz: 330, seconds: 120 }));
  await ana.opensStage("The late shift at the harbour and beyond");
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const tap = (role, name) => ana.page.getByRole(role, { name }).first().tap();

/** Which controls within `root` one can't tap, because they or a part of them lie outside of what can be seen there. */
function outside(root) {
  const { left, right } = root.getBoundingClientRect();
  const edge = { left: Math.max(0, left), right: Math.min(innerWidth, right) };
  const scrolls = (el) => el !== root && (el.scrollWidth > el.clientWidth + 1 && getComputedStyle(el).overflowX !== "visible");
  const within = (el) => (el === root || !el ? false : scrolls(el) || within(el.parentElement));
  return [...root.querySelectorAll("a, button, input, textarea")]
    .filter((el) => el.checkVisibility() && !el.closest(".hidden, .skip, dialog:not([open])") && !within(el.parentElement))
    .map((el) => [el.ariaLabel ?? el.textContent, el.getBoundingClientRect()])
    .filter(([, box]) => box.width > 0 && (box.left < edge.left - 1 || box.right > edge.right + 1))
    .map(([name]) => name);
}

for (const [width, height] of SIZES) {
  test(`at ${width} pixels songs are added and everything can be tapped`, async () => {
    await ana.page.setViewportSize({ width, height });
    await tap("button", "Add songs");
    const dialog = ana.page.getByRole("dialog");
    await dialog.getByRole("button", { name: /Harbour lights/ }).waitFor();
    assert.deepEqual(await dialog.evaluate(outside), []);
    assert.equal(await dialog.evaluate((box) => box.scrollWidth > box.clientWidth), false);
    await dialog.getByRole("button", { name: /Harbour lights/ }).tap();
    await dialog.getByRole("button", { name: "Close" }).tap();
    await ana.page.getByRole("list", { name: "Queue" }).getByText("Harbour lights").first().waitFor();
    assert.deepEqual(await ana.page.locator("body").evaluate(outside), []);
    for (const tab of ["Chat", "People"]) {
      await tap("tab", tab);
      assert.deepEqual(await ana.page.locator("body").evaluate(outside), [], tab);
    }
    await tap("tab", "Queue");
    await ana.page.getByRole("button", { name: "Invite" }).waitFor();
  });
}

test("what goes wrong in a dialog is told in front of it, and can be put away", async () => {
  await ana.asks("POST", "/playlists", { name: "Rainy day" });
  await ana.page.route("**/api/v1/stages/*/playlists/*", (route) => route.abort());
  await tap("button", "Add songs");
  await tap("button", "Attach to this stage: Rainy day");
  const told = ana.page.getByText("The server can’t be reached.");
  await told.waitFor();
  const isInFront = (el) => {
    const { x, y, width, height } = el.getBoundingClientRect();
    return document.elementFromPoint(x + width / 2, y + height / 2) === el;
  };
  assert.ok(await told.evaluate(isInFront), "the dialog lies upon it");
  await tap("button", "Dismiss");
  await told.waitFor({ state: "detached" });
  await ana.page.unroute("**/api/v1/stages/*/playlists/*");
  await ana.page.getByRole("dialog").getByRole("button", { name: "Close" }).tap();
});

test("votes are seen and given by a tap", async () => {
  const vote = ana.page.getByRole("button", { name: /^Vote for Harbour lights/ }).first();
  assert.equal(await vote.evaluate((el) => getComputedStyle(el).opacity), "1");
  await vote.tap();
  await ana.page.getByRole("button", { name: /^Vote for Harbour lights.*, 1 vote/ }).first().waitFor();
});

test("with the keyboard up one reads what one answers to, and nothing lies upon another", async () => {
  await tap("tab", "Chat");
  for (const line of ["one", "two", "three", "four", "five", "six"]) {
    await ana.says(line);
    await ana.reads(line);
  }
  await ana.page.getByLabel("Say something").tap();
  await ana.page.setViewportSize(WITH_KEYBOARD);
  const lines = ana.page.getByRole("log").locator("xpath=ancestor::*[contains(@class, 'scroll')]");
  await ana.page.waitForFunction((px) => document.querySelector("#chat-panel .lines").clientHeight >= px, READABLE_PX).catch(() => undefined);
  const box = await lines.boundingBox();
  const field = await ana.page.getByLabel("Say something").boundingBox();
  assert.ok(box.height >= READABLE_PX, `the conversation keeps ${box.height} pixels`);
  assert.ok(box.y >= 0 && field.y + field.height <= WITH_KEYBOARD.height, "the field is in view");
  await ana.page.getByText("six", { exact: true }).waitFor();
  const title = await ana.page.getByRole("heading", { name: /Harbour lights|Nothing plays/ }).first().boundingBox();
  const bar = (await ana.page.getByRole("banner").count()) > 0 ? await ana.page.getByRole("banner").boundingBox() : null;
  assert.ok(!bar || bar.y + bar.height <= title.y || bar.y >= title.y + title.height, "the bar lies upon the title");
  await ana.says("seven");
  await ana.reads("seven");
  await ana.page.getByLabel("Say something").blur();
});

test("a page of little height scrolls, and the bar goes with it", async () => {
  await ana.page.getByRole("button", { name: "Invite" }).waitFor();
  await ana.page.evaluate(() => scrollTo(0, 400));
  await ana.page.waitForFunction(() => scrollY > 100);
  const bar = await ana.page.getByRole("banner").boundingBox();
  assert.ok(bar.y + bar.height <= 0, "the bar stands over what is scrolled");
  await ana.page.setViewportSize({ width: 390, height: 844 });
});

for (const path of ["/", "/library", "/friends", "/notifications", "/history", "/search", "/settings", "/songs/1", "/u/ana", "/nowhere"]) {
  test(`${path} fits a phone`, async () => {
    await ana.page.goto(path);
    await ana.page.getByRole("heading", { level: 1 }).first().waitFor();
    for (const [width, height] of SIZES) {
      await ana.page.setViewportSize({ width, height });
      assert.deepEqual(await ana.page.locator("body").evaluate(outside), [], `${width}`);
    }
  });
}

test("no page threw", () => ana.hasNoProblems());
