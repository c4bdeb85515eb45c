// Whose song is next: the host says how, and everybody sees it.
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
  for (const [n, title] of ["Alpha", "Bravo", "Charlie"].entries()) await ana.has(`${title}.wav`, wav({ hertz: 220 + n, seconds: 60 }));
  await ana.opensStage("Round table");
  ben = await Person.arrivesOnPhone(browser, server.url, "ben");
  await ben.hasAnAccount();
  await ben.page.goto(new URL(ana.page.url()).pathname);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const queue = (person) => person.page.getByRole("region", { name: "Queue" });
const row = (person, n) => queue(person).locator(`[aria-posinset="${n}"]`);
async function standsInOrder(person, ...titles) {
  for (const [n, title] of titles.entries()) await row(person, n + 1).filter({ hasText: title }).waitFor();
}

/** Opens the settings' part about the queue. */
async function settings() {
  await ana.chooses("More", "Stage settings");
  const dialog = ana.page.getByRole("dialog", { name: "Stage settings" });
  await dialog.getByText("Whose song is next").click();
  return dialog;
}

test("the host has songs played by turns, and everybody reads it above the queue", async () => {
  const dialog = await settings();
  await dialog.getByRole("radio", { name: /By turns/ }).check();
  await dialog.getByLabel(/Songs of one person that may wait/).fill("0");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByText("It must be 1 to 1,000, or empty.").waitFor();
  await dialog.getByLabel(/Songs of one person that may wait/).fill("2");
  await ana.pictured("turns-settings-1280");
  await dialog.getByRole("button", { name: "Save" }).click();
  await queue(ben).getByText("Everybody in turn · 2 each may wait").waitFor();
});

test("whoever adds later has their turn before somebody else's second song", async () => {
  for (const title of ["Alpha", "Bravo"]) await ana.queues(title);
  await ben.queues("Charlie");
  for (const person of [ana, ben]) await standsInOrder(person, "Alpha", "Charlie", "Bravo");
  // Nobody moves it by hand, and no menu or hint offers to.
  await row(ana, 1).focus();
  await ana.page.keyboard.press("Alt+ArrowDown");
  await ana.presses("Actions for Charlie");
  await ana.page.getByRole("menuitem", { name: "Play this song now" }).waitFor();
  assert.equal(await ana.page.getByRole("menuitem", { name: "Move up" }).count(), 0);
  await ana.page.keyboard.press("Escape");
  assert.equal(await ana.page.getByRole("button", { name: "Playing in order" }).isDisabled(), true);
  await standsInOrder(ana, "Alpha", "Charlie", "Bravo");
});

test("a vote brings a song to the front of its round", async () => {
  await ana.presses(/^Vote for Charlie/);
  for (const person of [ana, ben]) await standsInOrder(person, "Charlie", "Alpha", "Bravo");
  await ana.pictured("turns-1280");
  await ben.pictured("turns-390");
});

test("who has as many songs waiting as may is told what to do", async () => {
  await ben.queues("Alpha");
  await row(ben, 4).waitFor();
  await ben.triesToQueue("Bravo");
  await ben.page.getByText(/At most 2 of your songs may wait here, and 2 do/).first().waitFor();
  assert.equal(await queue(ben).getByRole("listitem").count(), 4);
});

test("by hand again: everything stays where it stands", async () => {
  const dialog = await settings();
  await dialog.getByRole("radio", { name: "As they are added" }).check();
  await dialog.getByLabel(/Songs of one person that may wait/).fill("");
  await dialog.getByRole("button", { name: "Save" }).click();
  await queue(ben).getByText(/each may wait/).waitFor({ state: "detached" });
  await standsInOrder(ana, "Charlie", "Alpha", "Bravo", "Alpha");
  await row(ana, 1).focus();
  await ana.page.keyboard.press("Alt+ArrowDown");
  for (const person of [ana, ben]) await standsInOrder(person, "Alpha", "Charlie", "Bravo", "Alpha");
  for (const person of [ana, ben]) person.hasNoProblems();
});
