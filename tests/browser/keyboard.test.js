// By keyboard alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { wav } from "./audio.js";
import { launch, Person } from "./person.js";
import { Server } from "./server.js";

let server, browser, ana;

const press = (...keys) => keys.reduce((before, key) => before.then(() => ana.page.keyboard.press(key)), Promise.resolve());
/** What has the focus, as it is called. */
const focused = () => ana.page.evaluate(() => document.activeElement.ariaLabel ?? document.activeElement.textContent.trim());

before(async () => {
  server = await Server.start();
  browser = await launch();
  ana = await Person.arrives(browser, server.url, "ana");
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test("the first stop skips to the content", async () => {
  await ana.page.getByRole("heading", { name: "On stage now" }).waitFor();
  await press("Tab");
  assert.equal(await focused(), "Skip to content");
  await press("Enter");
  assert.equal(await ana.page.evaluate(() => document.activeElement.id), "main");
});

test("/ goes to the search, wherever one is", async () => {
  await press("/");
  assert.equal(await focused(), "Find a stage");
  await ana.registers();
  await ana.page.goto("/settings");
  await ana.page.getByRole("heading", { name: "Settings" }).waitFor();
  await press("/");
  await ana.page.getByRole("heading", { name: "Search" }).waitFor();
  assert.equal(await focused(), "Songs, artists, albums, playlists, stages, people");
});

test("a menu is one: arrows, first letters and Escape", async () => {
  await ana.page.getByRole("button", { name: "Your menu" }).focus();
  await press("ArrowDown");
  await ana.page.getByRole("menu", { name: "Your menu" }).waitFor();
  assert.equal(await focused(), "Profile");
  await press("ArrowUp");
  assert.equal(await focused(), "Sign out");
  await press("Home", "ArrowDown");
  assert.equal(await focused(), "Settings");
  await press("p");
  assert.equal(await focused(), "Past evenings");
  await press("Escape");
  assert.equal(await focused(), "Your menu");
  await press("ArrowUp");
  await ana.page.getByRole("menu", { name: "Your menu" }).waitFor();
  assert.equal(await focused(), "Sign out");
  await press("s", "Enter");
  await ana.page.getByRole("heading", { name: "Settings" }).waitFor();
});

test("a menu stays beside its button, wherever that goes", async () => {
  const button = ana.page.getByRole("button", { name: "Your menu" });
  const { width, height } = ana.page.viewportSize();
  await button.click();
  await ana.page.setViewportSize({ width: 900, height });
  await ana.page.waitForFunction(() => document.querySelector(".menu:popover-open")?.getBoundingClientRect().right <= innerWidth);
  await press("Escape");
  await ana.page.setViewportSize({ width, height });
});

test("keys of a single character can be turned off", async () => {
  await press("?");
  await ana.page.getByRole("dialog", { name: "Keys" }).waitFor();
  await press("Escape");
  await ana.page.getByRole("group", { name: "Shortcuts of a single character" }).getByRole("radio", { name: "Off" }).check();
  await ana.page.getByRole("heading", { name: "Settings" }).click();
  await press("?", "/");
  assert.equal(await ana.page.getByRole("dialog").count(), 0);
  await ana.presses("Show all keys");
  await ana.page.getByRole("dialog", { name: "Keys" }).getByText("turned off").waitFor();
  await press("Escape");
  assert.equal(await focused(), "Show all keys");
  await ana.page.getByRole("radio", { name: "On", exact: true }).check();
});

/** Goes on by Tab until it has come to what is called so. */
async function tabsTo(name) {
  for (let stops = 0; stops < 40; stops++) {
    await press("Tab");
    if ((await focused()).startsWith(name)) return;
  }
  assert.fail(`no Tab leads to ${name}`);
}
const type = (words) => ana.page.keyboard.type(words);

test("an evening without a mouse: a stage, songs, talk, and the way home", async () => {
  await ana.has("Harbour lights.wav", wav({ hertz: 220, seconds: 120 }));
  await ana.has("Slack tide.wav", wav({ hertz: 330, seconds: 120 }));
  await ana.page.goto("/");
  await ana.page.getByRole("heading", { name: "On stage now" }).waitFor();
  await tabsTo("Open a stage");
  await press("Enter");
  await ana.page.getByRole("dialog").waitFor();
  await type("Late shift");
  await press("Enter");
  await ana.page.getByRole("heading", { name: "Late shift" }).waitFor();
  await tabsTo("Add songs");
  await press("Enter");
  await ana.page.getByRole("dialog").getByRole("listitem").nth(1).waitFor();
  assert.equal(await focused(), "Search songs");
  await type("harbour");
  await ana.page.getByRole("dialog").getByRole("listitem").nth(1).waitFor({ state: "detached" });
  await press("ArrowDown", "Enter", "/");
  assert.equal(await focused(), "Search songs");
  await type("slack");
  await ana.page.getByRole("dialog").getByText("Slack tide").waitFor();
  await press("ArrowDown", "Enter", "Escape");
  assert.equal(await focused(), "Add songs");
  await ana.page.getByRole("list", { name: "Queue" }).getByRole("listitem").nth(1).waitFor();
  await press("q");
  assert.match(await focused(), /^Harbour lights/);
  await press("ArrowDown", "Enter");
  await ana.seesPlaying("Slack tide");
  await press("Space");
  await ana.page.getByRole("button", { name: "Play for everyone" }).waitFor();
  await press("/");
  await type("hello");
  await press("Enter");
  await ana.reads("hello");
  await press("ArrowUp");
  await type(" there");
  await press("Enter");
  await ana.reads("hello there (edited)");
  await press("Escape", "m");
  await ana.page.getByRole("button", { name: "Unmute" }).waitFor();
  await press("m");
  await ana.page.getByRole("button", { name: "More" }).focus();
  await press("Enter", "End", "Enter");
  await ana.page.getByRole("heading", { name: "On stage now" }).waitFor();
});

test("what is found in the library is acted on by keys", async () => {
  await ana.page.goto("/library");
  await ana.page.getByRole("listitem").filter({ hasText: "Slack tide" }).waitFor();
  await press("/");
  await tabsTo("Slack tide");
  await press("ArrowDown");
  assert.match(await focused(), /^Harbour lights/);
  await press("Enter");
  await ana.page.getByRole("menu", { name: "Actions for Harbour lights" }).waitFor();
  await press("Escape", "Delete");
  await ana.page.getByRole("dialog", { name: "Delete from the library" }).waitFor();
  await tabsTo("Delete");
  await press("Enter");
  await ana.page.getByRole("listitem").filter({ hasText: "Harbour lights" }).waitFor({ state: "detached" });
});

test("a page that does not exist says so in its heading", async () => {
  await ana.page.goto("/nowhere");
  await ana.page.getByRole("heading", { name: "Nothing here", level: 1 }).waitFor();
});

test("no page threw", () => ana.hasNoProblems());
