// Several songs of the library at once.
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
  for (const [n, name] of ["Anchor", "Buoy", "Cove", "Dock"].entries()) await ana.has(`${name}.wav`, wav({ hertz: 200 + 50 * n, seconds: 2 }));
  await ben.has("Estuary.wav", wav({ hertz: 500, seconds: 2 }));
  await ana.asks("POST", "/playlists", { name: "Harbour" });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const box = (title) => ana.page.getByRole("checkbox", { name: `Choose ${title}` });
const status = (words) => ana.page.getByRole("toolbar", { name: "What to do with the chosen songs" }).getByText(words).waitFor();

test("from one to another by Shift, and into a playlist by one press", async () => {
  await ana.page.goto("/library");
  await ana.presses("Choose several");
  await status("0 songs chosen");
  const [first, third] = await ana.page.getByRole("list", { name: "All songs" }).getByRole("checkbox").evaluateAll((all) => [all[0].ariaLabel, all[2].ariaLabel]);
  await ana.page.getByRole("checkbox", { name: first }).check();
  await ana.page.getByRole("checkbox", { name: third }).click({ modifiers: ["Shift"] });
  await status("3 songs chosen");
  await ana.chooses("Add to a playlist", "Harbour");
  await ana.page.getByText("3 songs added to Harbour").waitFor();
  await status("0 songs chosen");
  const [list] = (await ana.asks("GET", "/playlists")).items;
  assert.equal(list.songs_count, 3);
});

test("by keys alone, and liked at once", async () => {
  await ana.page.getByRole("listitem", { name: /^Anchor by/ }).focus();
  await ana.page.keyboard.press("ArrowRight");
  await ana.page.keyboard.press("Space");
  await status("1 song chosen");
  await ana.page.getByRole("toolbar", { name: "What to do with the chosen songs" }).getByRole("button", { name: "Like", exact: true }).click();
  await ana.page.getByText("You like 1 song more").waitFor();
  await ana.page.getByRole("button", { name: "Unlike: Anchor" }).waitFor();
});

test("on a stage they are queued in their order", async () => {
  await ana.opensStage("Attic");
  await ana.page.getByRole("link", { name: "Library" }).first().click();
  await ana.presses("Choose several");
  await box("Buoy").check();
  await box("Cove").check();
  await ana.presses("Queue on the stage");
  await ana.page.getByText("2 songs queued").waitFor();
});

test("what is mine is deleted, what is of others stays", async () => {
  await ana.presses("All that is shown");
  await status("5 songs chosen");
  await ana.presses("Delete from the library");
  await ana.page.getByText("Delete 4 songs for everyone? 1 song is another’s and stays.").waitFor();
  await ana.page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await ana.page.getByText("4 songs deleted").waitFor();
  await ana.page.getByRole("listitem", { name: /^Estuary by/ }).waitFor();
  assert.deepEqual((await ana.asks("GET", "/songs")).items.map(({ title }) => title), ["Estuary"]);
  ana.hasNoProblems();
});
