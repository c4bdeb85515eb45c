// Who may not add songs suggests them, and the host decides.
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
  await ana.opensStage("Wishing well");
  const id = Number(new URL(ana.page.url()).pathname.split("/").at(-1));
  await ana.asks("PATCH", `/stages/${id}`, { adding: "control" });
  ben = await Person.arrivesOnPhone(browser, server.url, "ben");
  await ben.hasAnAccount();
  await ben.page.goto(new URL(ana.page.url()).pathname);
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const queue = (person) => person.page.getByRole("region", { name: "Queue", exact: true });
const wishes = (person) => person.page.getByRole("list", { name: "Suggestions" }).getByRole("listitem");
const wish = (person, title) => wishes(person).filter({ hasText: title });

test("who may not add suggests instead, and sees what waits", async () => {
  await ben.page.getByText("Suggest a song, and the host decides.").waitFor();
  assert.equal(await ben.page.getByRole("button", { name: "Add songs" }).count(), 0);
  await ben.page.getByRole("button", { name: "Suggest songs" }).tap();
  const dialog = ben.page.getByRole("dialog", { name: "Suggest songs" });
  for (const title of ["Alpha", "Bravo", "Charlie"]) await dialog.getByRole("button", { name: `Suggest: ${title}` }).tap();
  await ben.pictured("suggesting-390");
  await dialog.getByRole("button", { name: "Close" }).tap();
  await wishes(ben).nth(2).waitFor();
  assert.equal(await ben.page.getByRole("button", { name: /^Accept/ }).count(), 0);
  await ben.pictured("suggestions-390");
});

test("the host accepts one by the mouse and declines one by keys", async () => {
  await wishes(ana).nth(2).waitFor();
  await ana.pictured("suggestions-1280");
  await ana.presses("Accept: Alpha");
  await queue(ben).getByRole("list", { name: "Queue" }).getByRole("listitem").filter({ hasText: "Alpha" }).getByText("ben").waitFor();
  await wish(ana, "Alpha").waitFor({ state: "detached" });
  await ana.page.getByRole("button", { name: "Decline: Bravo" }).focus();
  await ana.page.keyboard.press("Enter");
  await wish(ben, "Bravo").waitFor({ state: "detached" });
});

test("one takes back what one suggested", async () => {
  await ben.page.getByRole("button", { name: "Take back: Charlie" }).tap();
  await ana.page.getByRole("list", { name: "Suggestions" }).waitFor({ state: "detached" });
  assert.equal(await queue(ana).getByRole("list", { name: "Queue" }).getByRole("listitem").count(), 1);
  await ana.chooses("More", "What happened here");
  await ana.page.getByText("ana accepted Alpha, which ben had suggested").waitFor();
  await ana.page.getByText("ana declined Bravo, which ben had suggested").waitFor();
  for (const person of [ana, ben]) person.hasNoProblems();
});
