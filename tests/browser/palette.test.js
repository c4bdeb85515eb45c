// One field that reaches everything, by the keyboard alone; what a screen reader is told is asked for as it is told.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { wav } from "./audio.js";
import { launch, Person } from "./person.js";
import { Server } from "./server.js";

let server, browser, ana;

before(async () => {
  server = await Server.start("--limits", "off");
  browser = await launch();
  ana = await Person.known(browser, server.url, "ana");
  await ana.has("Harbour lights.wav", wav({ hertz: 220, seconds: 30 }));
  await ana.asks("POST", "/stages", { name: "Harbour radio" });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const field = (page) => page.getByRole("combobox", { name: "Songs, stages, people, or what to do" });
const option = (page, name) => page.getByRole("listbox", { name: "What fits" }).getByRole("option", { name });
const opens = async (page) => {
  await page.keyboard.press("Control+k");
  await field(page).waitFor();
  await page.waitForFunction(() => document.activeElement?.role === "combobox");
};
/** What the field says is meant: the entry's words, if it is an entry that is chosen and in view. */
const meant = (page) =>
  page.evaluate(() => {
    const entry = document.getElementById(document.activeElement.getAttribute("aria-activedescendant"));
    const list = entry.closest('[role="listbox"]').getBoundingClientRect();
    const box = entry.getBoundingClientRect();
    return entry.ariaSelected === "true" && box.top >= list.top - 1 && box.bottom <= list.bottom + 1 ? entry.querySelector(".grow").textContent : null;
  });

test("songs, stages and actions are found as one types, and Enter goes there", async () => {
  const { page } = ana;
  await opens(page);
  assert.match(await meant(page), /^Open a stage/, "at rest it offers what can be done");
  await page.keyboard.type("harb");
  await option(page, /^Harbour lights/).waitFor();
  await option(page, /^Harbour radio/).waitFor();
  assert.equal(await page.getByRole("listbox").getByRole("group", { name: "Songs" }).getByRole("option").count(), 1);
  await page.getByRole("status").filter({ hasText: "2 entries fit" }).waitFor({ state: "attached" });
  assert.match(await meant(page), /^Harbour lights/);
  await page.keyboard.press("ArrowDown");
  assert.match(await meant(page), /^Harbour radio/);
  await page.keyboard.press("ArrowDown");
  assert.match(await meant(page), /^Harbour lights/, "after the last comes the first");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Harbour radio", level: 1 }).waitFor();
  assert.equal(await page.getByRole("dialog").count(), 0);
});

test("on a stage, Shift and Enter queues a song", async () => {
  const { page } = ana;
  await opens(page);
  await page.keyboard.type("lights");
  await option(page, /^Harbour lights/).waitFor();
  await page.keyboard.press("Shift+Enter");
  await page.getByRole("list", { name: "Queue" }).getByText("Harbour lights").waitFor();
  await page.getByText("Harbour lights queued").waitFor();
});

test("at rest it offers where one went lately, the latest first", async () => {
  const { page } = ana;
  await opens(page);
  const lately = page.getByRole("group", { name: "Lately" }).getByRole("option");
  assert.match(await lately.first().textContent(), /^Harbour radio/);
  assert.match(await meant(page), /^Harbour radio/);
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector("dialog"));
});

test("an action is done by another word for it, from within a field too", async () => {
  const { page } = ana;
  await page.goto("/library");
  const search = page.getByRole("searchbox");
  await search.fill("qq");
  await search.press("Control+k");
  await field(page).waitFor();
  await page.keyboard.type("new stage");
  await option(page, "Open a stage").waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("dialog", { name: "Open a stage" }).waitFor();
  await page.keyboard.press("Control+k");
  assert.equal(await field(page).count(), 0, "it does not open over what is open");
  await page.keyboard.press("Escape");
  await opens(page);
  await page.keyboard.press("Control+k");
  await page.waitForFunction(() => !document.querySelector("dialog"));
});

test("all of it is in view, on a phone of 360 px too", async () => {
  const { page } = ana;
  await page.setViewportSize({ width: 360, height: 640 });
  await opens(page);
  for (let n = 0; n < 12; n += 1) {
    await page.keyboard.press("ArrowDown");
    assert.notEqual(await meant(page), null, `entry ${n + 1} is out of sight`);
  }
  const box = await page.getByRole("dialog").boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= 360 && box.y + box.height <= 640, JSON.stringify(box));
  await page.keyboard.press("Escape");
  await page.setViewportSize({ width: 1280, height: 800 });
});

test("nobody else on the device sees where one went, and a stranger may look for what is public", async () => {
  const { page } = ana;
  await opens(page);
  await page.keyboard.type("sign out");
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Sign in" }).first().waitFor();
  await opens(page);
  assert.equal(await page.getByRole("group", { name: "Lately" }).count(), 0);
  assert.equal(await option(page, "Go to settings").count(), 0);
  await page.keyboard.type("harbour r");
  await option(page, /^Harbour radio/).waitFor();
  await page.keyboard.press("Escape");
  ana.hasNoProblems();
});

test("a guest finds what can be done where they are, and the songs that they may queue", async () => {
  const host = await Person.known(browser, server.url, "hal");
  await host.opensStage("Attic");
  const stage = Number(new URL(host.page.url()).pathname.split("/").at(-1));
  const { code } = await host.asks("POST", `/stages/${stage}/guest-links`, { rights: ["listen", "add"] });
  const guest = await Person.arrives(browser, server.url, "gil");
  const { page } = guest;
  await page.goto(`/g/${code}`);
  await page.getByLabel("Your name").fill("Gil");
  await page.getByRole("button", { name: "Listen" }).click();
  await page.getByRole("heading", { name: "Attic", level: 1 }).waitFor();
  await opens(page);
  await option(page, "Keep my name").waitFor();
  await option(page, "Leave the stage").waitFor();
  assert.equal(await option(page, /^Go to/).count(), 0);
  await page.keyboard.type("lights");
  await option(page, /^Harbour lights/).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("list", { name: "Queue" }).getByText("Harbour lights").waitFor();
  guest.hasNoProblems();
});
