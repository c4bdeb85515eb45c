// What happened on a stage: who may takes it back, and the evening is kept as a playlist.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { wav } from "./audio.js";
import { launch, Person } from "./person.js";
import { Server } from "./server.js";

let server, browser, ana, ben;

before(async () => {
  server = await Server.start("--limits", "off");
  browser = await launch();
  ana = await Person.known(browser, server.url, "ana");
  ben = await Person.known(browser, server.url, "ben");
  await ana.has("Harbour lights.wav", wav({ hertz: 220, seconds: 60 }));
  await ana.has("Slack tide.wav", wav({ hertz: 330, seconds: 60 }));
  await ana.page.goto("/");
  await ana.opensStage("Late shift");
  await ben.page.goto(new URL(ana.page.url()).pathname);
  await ana.sees(2);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const log = (person) => person.page.getByRole("dialog", { name: "What happened here" });
const opens = async (person) => {
  await person.chooses("More", "What happened here");
  await log(person).waitFor();
};
const closes = (person) => log(person).getByRole("button", { name: "Close" }).click();
const queue = (person) => person.page.getByRole("list", { name: "Queue" }).getByRole("listitem");

test("before anything has played there is no evening to keep, and that is said", async () => {
  await opens(ana);
  await log(ana).getByText("Nothing has happened here yet.").waitFor();
  await log(ana).locator("summary").click();
  await log(ana).getByRole("button", { name: "Keep it" }).click();
  await log(ana).getByText("Nothing has played here yet.").waitFor();
  await closes(ana);
});

test("the log says who did what, and what one queued oneself one takes back", async () => {
  await ana.queues("Harbour lights");
  await ben.queues("Slack tide");
  await opens(ben);
  await log(ben).getByText("ana queued Harbour lights").waitFor();
  assert.equal(await log(ben).getByRole("button", { name: "Undo: ana queued Harbour lights" }).count(), 0);
  await log(ben).getByRole("button", { name: "Undo: ben queued Slack tide" }).click();
  await log(ben).getByRole("status").getByText("Undone: ben queued Slack tide").waitFor();
  await queue(ana).nth(1).waitFor({ state: "detached" });
  await log(ben).getByText("ben took Slack tide out of the queue").waitFor();
  assert.equal(await log(ben).getByRole("button", { name: "Undo: ben queued Slack tide" }).count(), 0);
  await closes(ben);
});

test("a host takes back what was done, by the keyboard alone, and a song comes back to its place", async () => {
  await ben.queues("Slack tide");
  await queue(ana).nth(1).waitFor();
  await ana.chooses("Actions for Harbour lights", "Remove");
  await queue(ana).nth(1).waitFor({ state: "detached" });
  await opens(ana);
  const undo = log(ana).getByRole("button", { name: "Undo: ana took Harbour lights out of the queue" });
  await undo.waitFor();
  const row = log(ana).getByRole("listitem").filter({ hasText: "ana took Harbour lights" }).first();
  await row.focus();
  await ana.page.keyboard.press("ArrowRight");
  assert.equal(await ana.page.evaluate(() => document.activeElement.textContent), "Undo");
  await ana.page.keyboard.press("Enter");
  await log(ana).getByText("Undone: ana took Harbour lights out of the queue").waitFor();
  await undo.waitFor({ state: "detached" });
  assert.ok(await log(ana).evaluate((dialog) => dialog.contains(document.activeElement)), "the focus is lost");
  await closes(ana);
  await queue(ana).nth(1).waitFor();
  assert.match(await queue(ana).first().getAttribute("aria-label"), /^Harbour lights/);
});

test("what was taken back by somebody else in the meantime is refused with the reason", async () => {
  await opens(ana);
  const undo = log(ana).getByRole("button", { name: "Undo: ben queued Slack tide" }).first();
  await undo.waitFor();
  await ben.chooses("Actions for Slack tide", "Remove");
  await log(ana).getByText("ben took Slack tide out of the queue").nth(1).waitFor();
  await undo.click();
  await log(ana).getByRole("status").getByText("There is nothing to undo.").waitFor();
  await closes(ana);
});

test("a listener undoes nothing of the stage's order", async () => {
  await ana.asks("PATCH", `/stages/${new URL(ana.page.url()).pathname.split("/").at(-1)}`, { name: "Later shift" });
  await opens(ben);
  await log(ben).getByText("ana changed the stage: name").waitFor();
  assert.equal(await log(ben).getByRole("button", { name: /^Undo: ana changed/ }).count(), 0);
  await closes(ben);
  await opens(ana);
  await log(ana).getByRole("button", { name: "Undo: ana changed the stage: name" }).click();
  await ana.page.getByRole("heading", { name: "Late shift", level: 1, includeHidden: true }).waitFor();
  await closes(ana);
});

test("an evening is kept as a playlist, and a link leads to it while the music goes on", async () => {
  await ana.queues("Slack tide");
  await ana.presses("Play for everyone");
  await ana.seesPlaying("Harbour lights");
  await ana.presses("Next song");
  await ana.seesPlaying("Slack tide");
  await opens(ana);
  await log(ana).getByText("ana skipped to Slack tide").waitFor();
  await log(ana).locator("summary").click();
  await log(ana).getByLabel("Name of the playlist").fill("That evening");
  await log(ana).getByRole("button", { name: "Keep it" }).click();
  await log(ana).getByText("2 songs are kept.").waitFor();
  await log(ana).getByRole("link", { name: "Open the playlist" }).click();
  await ana.page.getByRole("heading", { name: "That evening" }).waitFor();
  await ana.page.getByRole("listitem", { name: /^Harbour lights/ }).waitFor();
  await ana.page.getByRole("listitem", { name: /^Slack tide/ }).waitFor();
  await ana.page.getByRole("complementary", { name: "Now playing" }).waitFor();
});

test("no page threw", () => {
  ana.hasNoProblems();
  ben.hasNoProblems();
});
