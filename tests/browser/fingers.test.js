// Queues and playlists put into order by a finger, on a phone of 390 pixels.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { wav } from "./audio.js";
import { launch, Person } from "./person.js";
import { Server } from "./server.js";

const TITLES = ["Alpha", "Bravo", "Charlie"];

let server, browser, ana, touch;

before(async () => {
  server = await Server.start("--limits", "off");
  browser = await launch();
  ana = await Person.arrivesOnPhone(browser, server.url, "ana");
  await ana.registers();
  const list = await ana.asks("POST", "/playlists", { name: "Letters" });
  for (const [n, title] of TITLES.entries()) {
    const song = await ana.has(`${title}.wav`, wav({ hertz: 220 + n, seconds: 9 }));
    for (const _ of Array(4)) await ana.asks("POST", `/playlists/${list.id}/songs`, { song_id: song.id });
  }
  await ana.opensStage("By hand");
  await ana.page.getByRole("button", { name: "Add songs" }).first().tap();
  const dialog = ana.page.getByRole("dialog");
  for (const title of TITLES) await dialog.getByRole("button", { name: `Add: ${title}` }).tap();
  await dialog.getByRole("button", { name: "Close" }).tap();
  touch = await ana.page.context().newCDPSession(ana.page);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const rowsOf = (name) => ana.page.getByRole("list", { name, exact: true }).getByRole("listitem");
const rows = (title) => rowsOf("Queue").filter({ hasText: title });
const finger = (type, ...points) => touch.send("Input.dispatchTouchEvent", { type, touchPoints: points });
async function standsInOrder(list, ...titles) {
  for (const [n, title] of titles.entries()) await rowsOf(list).and(ana.page.locator(`[aria-posinset="${n + 1}"]`)).filter({ hasText: title }).waitFor();
}

/** Holds a row until it is lifted, and moves it over another, `at` so many pixels from its top. */
async function lifts(row, over, at = 50) {
  const [from, to] = [await row.boundingBox(), await over.boundingBox()];
  const x = from.x + 60;
  await finger("touchStart", { x, y: from.y + 28 });
  // No sooner is it held long enough than it can be moved: a finger that moves at once scrolls.
  await ana.page.waitForTimeout(400);
  const [start, end] = [from.y + 28, to.y + at];
  for (const part of [0.2, 0.4, 0.6, 0.8, 1]) await finger("touchMove", { x, y: start + (end - start) * part });
  await ana.page.locator("[data-lifted]").waitFor();
}

test("an entry of the queue stands where a finger lets it go", async () => {
  await standsInOrder("Queue", "Alpha", "Bravo", "Charlie");
  await lifts(rows("Alpha"), rows("Charlie"));
  await finger("touchEnd");
  await standsInOrder("Queue", "Bravo", "Charlie", "Alpha");
  await lifts(rows("Alpha"), rows("Bravo"), 4);
  await finger("touchEnd");
  await standsInOrder("Queue", "Alpha", "Bravo", "Charlie");
});

test("a touch that is taken away moves nothing", async () => {
  const asked = ana.sent.length;
  await lifts(rows("Alpha"), rows("Charlie"));
  await finger("touchCancel");
  await ana.page.locator("[data-lifted]").waitFor({ state: "detached" });
  await standsInOrder("Queue", "Alpha", "Bravo", "Charlie");
  assert.deepEqual(ana.sent.slice(asked).filter(({ action }) => action === "move"), []);
});

test("a playlist is put into order by a finger, and scrolled by one that does not wait", async () => {
  await ana.page.goto("/library");
  await ana.page.getByRole("link", { name: /Letters/ }).tap();
  const list = rowsOf("Letters");
  await list.nth(11).waitFor();
  const box = await list.nth(6).boundingBox();
  const x = box.x + 60;
  await finger("touchStart", { x, y: box.y });
  for (const by of [40, 80, 120, 160, 200]) await finger("touchMove", { x, y: box.y - by });
  await finger("touchEnd");
  await ana.page.waitForFunction(() => scrollY > 50);
  await standsInOrder("Letters", "Alpha", "Alpha", "Alpha", "Alpha", "Bravo");
  await list.nth(0).scrollIntoViewIfNeeded();
  await lifts(list.nth(4), list.nth(0), 4);
  await finger("touchEnd");
  await standsInOrder("Letters", "Bravo", "Alpha", "Alpha", "Alpha", "Alpha", "Bravo");
});

test("no page threw", () => ana.hasNoProblems());
