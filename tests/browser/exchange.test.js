// Playlists of other players: what isn't found is listed, and gets its song by hand or is left out.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { wav } from "./audio.js";
import { launch, Person } from "./person.js";
import { Server } from "./server.js";

const FILE = `#EXTM3U
#PLAYLIST:From the other player
#EXTINF:60,Nobody - Nowhere at all
/music/nowhere.mp3
#EXTINF:60,Unknown artist - Harbour lights
/music/harbour.mp3
#EXTINF:60,Somebody - Slack tide live in the rain
/music/slack.mp3
#EXTINF:60,Nobody - Another that is missing
/music/another.mp3
`;

let server, browser, ana, titles;

before(async () => {
  server = await Server.start("--limits", "off");
  browser = await launch();
  ana = await Person.known(browser, server.url, "ana");
  titles = ["Harbour lights", "Slack tide", "Ebb"];
  for (const [n, title] of titles.entries()) await ana.has(`${title}.wav`, wav({ hertz: 220 + 110 * n, seconds: 10 }));
  await ana.page.goto("/library");
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const dialog = (name = "Import a playlist") => ana.page.getByRole("dialog", { name });
const chooses = (name, content) =>
  dialog().locator('input[type="file"]').setInputFiles({ name, mimeType: "audio/x-mpegurl", buffer: Buffer.from(content) });
const entries = () => ana.page.getByRole("list", { name: "What was not found" }).getByRole("listitem");
const stands = async () => {
  const { items } = await ana.page.evaluate(() =>
    fetch("/api/v1/playlists?owner=me").then((r) => r.json()).then(({ items }) => fetch(`/api/v1/playlists/${items[0].id}`)).then((r) => r.json()),
  );
  return items.map(({ song }) => song.title);
};

test("a file that is no playlist is refused with the reason, and another can be chosen", async () => {
  await ana.presses("Import a playlist");
  await chooses("notes.txt", "just some words\u0001");
  await dialog().getByRole("alert").waitFor();
  assert.match(await dialog().getByRole("alert").textContent(), /playlist/);
  assert.ok(await dialog().getByRole("button", { name: "Choose a file" }).isEnabled());
});

test("what was found is a playlist, and what was not is listed", async () => {
  await chooses("other.m3u", FILE);
  await dialog().getByText("1 of 4 songs found.").waitFor();
  assert.equal(await entries().count(), 3);
  assert.deepEqual(await stands(), ["Harbour lights"]);
});

test("a song is chosen by searching for it, by the keyboard alone, and stands where it belongs", async () => {
  await dialog().getByRole("button", { name: "Choose a song for Nobody - Nowhere at all" }).focus();
  await ana.page.keyboard.press("Enter");
  await ana.page.waitForFunction(() => document.activeElement.ariaLabel === "Search songs");
  await ana.page.keyboard.type("ebb");
  await dialog().getByRole("listitem", { name: /^Ebb/ }).waitFor();
  await ana.page.keyboard.press("ArrowDown");
  await ana.page.keyboard.press("Enter");
  await dialog().getByText("Ebb stands in its place.").waitFor();
  assert.deepEqual(await stands(), ["Ebb", "Harbour lights"]);
  assert.equal(await entries().count(), 2);
  assert.ok(await dialog().evaluate((box) => box.contains(document.activeElement)), "the focus is lost");
});

test("what waits is still there after a reload, on the playlist's page", async () => {
  await dialog().getByRole("link", { name: "Open the playlist" }).click();
  await ana.page.getByRole("heading", { name: "From the other player" }).waitFor();
  await ana.reloads();
  await ana.presses("2 entries were not found");
  await entries().nth(1).waitFor();
  await ana.presses("Choose a song for Somebody - Slack tide live in the rain");
  const box = dialog("What was not found");
  await box.getByLabel("Search songs").fill("slack");
  await box.getByRole("button", { name: /^Use Slack tide/ }).click();
  await box.getByText("Slack tide stands in its place.").waitFor();
  assert.deepEqual(await stands(), ["Ebb", "Harbour lights", "Slack tide"]);
  await ana.presses("Leave out Nobody - Another that is missing");
  await box.getByText("0 entries were not found").waitFor();
  await box.getByRole("button", { name: "Close" }).last().click();
  await ana.page.getByRole("listitem", { name: /^Slack tide/ }).waitFor();
  assert.equal(await ana.page.getByRole("button", { name: /not found/ }).count(), 0);
});

test("a playlist is taken along for another player", async () => {
  const [download] = await Promise.all([ana.page.waitForEvent("download"), ana.chooses("Export this playlist", "Export as XSPF")]);
  const file = await readFile(await download.path(), "utf8");
  for (const title of titles) assert.ok(file.includes(`<title>${title}</title>`), title);
});

test("no page threw", () => ana.hasNoProblems());
