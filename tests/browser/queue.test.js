// A queue of any length, by mouse and by keyboard.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { wav } from "./audio.js";
import { launch, Person } from "./person.js";
import { Server } from "./server.js";

const LIST = 250;
const TIMES = 4;

let server, browser, ana;

before(async () => {
  server = await Server.start("--limits", "off");
  browser = await launch();
  ana = await Person.arrives(browser, server.url, "ana");
  await ana.registers();
  for (const [n, title] of ["Alpha", "Bravo", "Charlie"].entries()) await ana.uploads(`${title}.wav`, wav({ hertz: 220 + n, seconds: 9 }));
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const queue = () => ana.page.getByRole("list", { name: "Queue" });
const row = (n) => queue().locator(`[aria-posinset="${n}"]`);
const rows = (title) => queue().getByRole("listitem").filter({ hasText: title });
const press = (...keys) => keys.reduce((before, key) => before.then(() => ana.page.keyboard.press(key)), Promise.resolve());
/** The place of the row with the focus, and its name. */
const focused = () => ana.page.evaluate(() => [Number(document.activeElement.ariaPosInSet), document.activeElement.ariaLabel]);
async function focusIs(place, name) {
  await ana.page.waitForFunction(([place, name]) => {
    const { ariaPosInSet, ariaLabel } = document.activeElement;
    return Number(ariaPosInSet) === place && ariaLabel?.startsWith(name);
  }, [place, name]).catch(async () => assert.deepEqual(await focused(), [place, name]));
}
async function standsInOrder(...titles) {
  for (const [n, title] of titles.entries()) await row(n + 1).filter({ hasText: title }).waitFor();
}

/** Takes an entry by the mouse and holds it over another, `at` so many pixels from its top. */
async function drags(title, over, at = 50) {
  await rows(title).hover({ position: { x: 60, y: 28 } });
  await ana.page.mouse.down();
  const box = await rows(over).boundingBox();
  await ana.page.mouse.move(box.x + 60, box.y + 40, { steps: 5 });
  await queue().locator("[data-lifted]").waitFor();
  await ana.page.mouse.move(box.x + 62, box.y + at, { steps: 5 });
}

test("a dragged entry stands where it is dropped", async () => {
  await ana.opensStage("Short queue");
  for (const title of ["Alpha", "Bravo", "Charlie"]) await ana.queues(title);
  await drags("Alpha", "Charlie");
  await ana.page.mouse.up();
  await standsInOrder("Bravo", "Charlie", "Alpha");
  await drags("Alpha", "Bravo", 4);
  await ana.page.mouse.up();
  await standsInOrder("Alpha", "Bravo", "Charlie");
});

test("a drag that is called off moves nothing", async () => {
  await drags("Alpha", "Charlie");
  await press("Escape");
  await ana.page.mouse.up();
  // A move that was asked for would be here before the answer to this.
  await ana.presses("Playing in order");
  await ana.page.getByRole("button", { name: "Playing in random order" }).click();
  await ana.page.getByRole("button", { name: "Playing in order" }).waitFor();
  await standsInOrder("Alpha", "Bravo", "Charlie");
});

test("what is dragged is an entry, whatever happens to the queue meanwhile", async () => {
  await ana.queues("Charlie");
  const ben = await Person.arrives(browser, server.url, "ana again");
  await ben.page.goto("/sign-in");
  await ben.page.getByLabel("Username or email").fill("ana");
  await ben.page.getByLabel("Password").fill("correct horse battery");
  await ben.page.getByRole("button", { name: "Sign in", exact: true }).click();
  await ben.enters("Short queue");
  const theirs = ben.page.getByRole("list", { name: "Queue" }).getByRole("listitem");
  await theirs.nth(3).waitFor();
  await drags("Bravo", "Alpha");
  await theirs.filter({ hasText: "Alpha" }).focus();
  await ben.page.keyboard.press("Alt+ArrowDown");
  await standsInOrder("Bravo", "Alpha", "Charlie", "Charlie");
  const box = await row(3).boundingBox();
  await ana.page.mouse.move(box.x + 62, box.y + 50, { steps: 5 });
  await ana.page.mouse.up();
  await standsInOrder("Alpha", "Charlie", "Bravo", "Charlie");
  await ben.page.context().close();
});

test("by keys an entry moves, and the focus goes with it", async () => {
  await row(1).focus();
  await press("Alt+ArrowDown");
  await focusIs(2, "Alpha");
  await press("Alt+ArrowDown");
  await focusIs(3, "Alpha");
  await press("ArrowUp");
  await focusIs(2, "Bravo");
  await press("Delete");
  await focusIs(2, "Alpha");
  await press("Home");
  await focusIs(1, "Charlie");
  await press("Enter");
  await ana.seesPlaying("Charlie");
  await focusIs(1, "Charlie");
});

test("a song without a cover looks the same wherever it stands, also after another one", async () => {
  await press("ArrowDown", "Enter");
  await ana.seesPlaying("Alpha");
  const hue = (place) => place.locator(".blank").first().evaluate((el) => el.style.getPropertyValue("--hue"));
  assert.equal(await hue(ana.page.getByRole("region", { name: "Now playing" })), await hue(row(2)));
  await press("ArrowUp");
});

test("the list is one stop for Tab, and its rows' buttons are beside them", async () => {
  await press("ArrowRight");
  assert.match((await focused())[1], /^Vote for Charlie/);
  await press("ArrowRight", "Enter");
  await ana.page.getByRole("menu", { name: "Actions for Charlie" }).waitFor();
  await press("Escape", "ArrowDown");
  await focusIs(2, "Alpha");
  await press("Tab");
  assert.equal(await queue().evaluate((list) => list.contains(document.activeElement)), false);
  await press("Shift+Tab");
  await focusIs(2, "Alpha");
});

test("a thousand entries can be reached, moved and removed, and only those seen exist", async () => {
  await ana.page.evaluate(async (length) => {
    const post = (path, body) =>
      fetch(`/api/v1${path}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }).then((r) => r.json());
    const songs = await fetch("/api/v1/songs").then((r) => r.json());
    const alpha = songs.items.find((song) => song.title === "Alpha");
    const { id } = await post("/playlists", { name: "Again and again" });
    for (let n = 0; n < length; n++) await post(`/playlists/${id}/songs`, { song_id: alpha.id });
  }, LIST);
  await ana.opensStage("Long queue");
  await ana.presses("Add songs");
  const dialog = ana.page.getByRole("dialog");
  for (let n = 1; n <= TIMES; n++) {
    await dialog.getByRole("button", { name: "Queue all" }).click();
    await ana.page.getByRole("heading", { name: `Queue ${n * LIST}` }).waitFor();
  }
  await press("Escape");
  await ana.queues("Bravo");
  const total = LIST * TIMES + 1;
  await row(1).focus();
  await press("End");
  await focusIs(total, "Bravo");
  // Whatever the window's shape: a list that is as high as its rows would draw them all.
  for (const [width, height] of [[1280, 420], [900, 420], [390, 350], [1280, 800]]) {
    await ana.page.setViewportSize({ width, height });
    await row(total).waitFor({ state: "attached" });
    assert.ok((await queue().getByRole("listitem").count()) < 80, `${width} × ${height}`);
  }
  await press("Alt+ArrowUp");
  await focusIs(total - 1, "Bravo");
  await press("Delete");
  await row(total - 1).filter({ hasText: "Alpha" }).waitFor();
  await focusIs(total - 1, "Alpha");
  await press("Home");
  await focusIs(1, "Alpha");
  // In the middle, where nothing is known yet.
  await queue().locator("xpath=..").evaluate((box) => (box.scrollTop = box.scrollHeight / 2));
  await row(500).filter({ hasText: "Alpha" }).waitFor();
  await row(500).getByRole("button", { name: "Actions for Alpha" }).click();
  await ana.page.getByRole("menuitem", { name: "Remove" }).click();
  await ana.page.getByRole("heading", { name: `Queue ${total - 2}` }).waitFor();
});

test("a playlist's entries can all be reached", async () => {
  await ana.page.goto("/library");
  await ana.page.getByRole("link", { name: /Again and again/ }).click();
  const list = ana.page.getByRole("list", { name: "Again and again" });
  await list.locator('[aria-posinset="1"]').focus();
  await press("End");
  await focusIs(LIST, "Alpha");
  await press("Delete");
  await ana.page.getByText(`${LIST - 1} songs`).waitFor();
  await focusIs(LIST - 1, "Alpha");
});

test("no page threw", () => ana.hasNoProblems());
