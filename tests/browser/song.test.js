// A song by itself: its outline with what is said along it, and its tags mended by whoever added it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { wav } from "./audio.js";
import { keepSounds, launch, Person } from "./person.js";
import { Server } from "./server.js";

let server, browser, ana, ben, song;

before(async () => {
  server = await Server.start("--limits", "off");
  browser = await launch();
  ana = await Person.known(browser, server.url, "ana", keepSounds);
  ben = await Person.known(browser, server.url, "ben");
  song = await ana.has("Harbour lights.wav", wav({ hertz: 220, seconds: 60 }));
  await ana.page.goto(`/songs/${song.id}`);
  await ana.page.getByRole("heading", { name: "Harbour lights", level: 1 }).waitFor();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const outline = (person) => person.page.getByRole("region", { name: "Outline of the song" });
const position = (person) => outline(person).getByRole("slider", { name: "Position in the song" });
const comments = (person) => person.page.getByRole("list", { name: "Comments", exact: true }).getByRole("listitem");

test("the outline is drawn once the server has listened", async () => {
  await outline(ana).locator('path[d^="M0.5"]').first().waitFor({ state: "attached" });
  const strokes = await outline(ana).locator(".all path").getAttribute("d");
  assert.ok(strokes.split("M").length > 100, strokes.slice(0, 80));
});

test("a comment stands at the moment that one went to, and its mark leads to it", async () => {
  const here = ana.page.getByRole("checkbox", { name: /At this moment of the song/ });
  assert.equal(await here.count(), 0, "nobody has gone anywhere");
  await position(ana).focus();
  for (let n = 0; n < 12; n++) await ana.page.keyboard.press("ArrowRight");
  assert.equal(await position(ana).getAttribute("aria-valuetext"), "0:12 / 1:00");
  await ana.page.getByLabel("Your comment").fill("here it turns");
  await ana.presses("Send");
  const mark = outline(ana).getByRole("button", { name: "0:12, ana: here it turns" });
  await mark.waitFor();
  await here.uncheck();
  await ana.page.getByLabel("Your comment").fill("all of it is good");
  await ana.presses("Send");
  await comments(ana).filter({ hasText: "all of it is good" }).waitFor();
  assert.equal(await outline(ana).getByRole("list", { name: "Comments along the song" }).getByRole("listitem").count(), 1);

  await position(ana).fill("40");
  await mark.press("Enter");
  await ana.page.waitForFunction(() => document.activeElement?.textContent.includes("here it turns"));
  assert.equal(await position(ana).inputValue(), "12");
  ana.hasNoProblems();
});

test("what others say stands along the song at once, and a stranger sees it too", async () => {
  await ben.asks("POST", `/songs/${song.id}/comments`, { body: "and here", position_us: 30_000_000 });
  await outline(ana).getByRole("button", { name: "0:30, ben: and here" }).waitFor();
  const cem = await Person.arrives(browser, server.url, "cem");
  await cem.page.goto(`/songs/${song.id}`);
  await outline(cem).getByRole("button", { name: "0:30, ben: and here" }).click();
  assert.equal(await position(cem).inputValue(), "30");
  assert.equal(await outline(cem).getByRole("button", { name: "Listen to it here" }).count(), 0, "songs are for accounts");
  cem.hasNoProblems();
});

test("one hears it from where one is, and leaving the page ends that", async () => {
  await position(ana).fill("20");
  await outline(ana).getByRole("button", { name: "Listen to it here" }).click();
  await ana.isHeard();
  await ana.page.waitForFunction(() => Number(document.querySelector(".outline input").value) > 20);
  await outline(ana).getByRole("button", { name: "Pause" }).click();
  await ana.isSilent();
  await outline(ana).getByRole("button", { name: "Listen to it here" }).click();
  await ana.isHeard();
  await ana.page.getByRole("link", { name: "Library" }).first().click();
  await ana.isSilent();
  ana.hasNoProblems();
});

test("whoever added a song mends its tags, and nobody else", async () => {
  await ben.page.goto(`/songs/${song.id}`);
  await ben.page.getByRole("heading", { name: "Harbour lights", level: 1 }).waitFor();
  assert.equal(await ben.page.getByRole("button", { name: "Edit the song" }).count(), 0);

  await ana.page.goto(`/songs/${song.id}`);
  await ana.presses("Edit the song");
  const form = ana.page.getByRole("dialog", { name: "Edit the song" });
  await form.getByLabel("Title").fill("Harbor lights");
  await form.getByLabel("Artist").fill("The Platters feat. Zola Taylor");
  await form.getByLabel("Album").fill("Encore of golden hits");
  await form.getByLabel("Genres").fill("Doo-wop, Soul");
  await form.getByLabel("Year").fill("60");
  await form.getByRole("button", { name: "Save" }).click();
  await form.getByText("It must be 1000 to 9999.").waitFor();
  await form.getByLabel("Year").fill("1960");
  await form.getByLabel("Track").fill("3");
  await form.getByRole("button", { name: "Save" }).click();
  await ana.page.getByRole("heading", { name: "Harbor lights", level: 1 }).waitFor();
  const now = await ana.asks("GET", `/songs/${song.id}`);
  assert.deepEqual(
    [now.artists.map(({ name }) => name), now.album, now.genres, now.year, now.track, now.disc ?? null],
    [["The Platters", "Zola Taylor"], "Encore of golden hits", ["Doo-wop", "Soul"], 1960, 3, null],
  );
  await ana.presses("Edit the song");
  await form.getByLabel("Year").fill("");
  await form.getByRole("button", { name: "Save" }).click();
  await form.waitFor({ state: "hidden" });
  assert.equal((await ana.asks("GET", `/songs/${song.id}`)).year ?? null, null);
  ana.hasNoProblems();
});

test("whoever made an album mends it and gives it a cover", async () => {
  await ana.page.getByRole("link", { name: "Encore of golden hits" }).click();
  await ana.page.getByRole("heading", { name: "Encore of golden hits", level: 1 }).waitFor();
  await ana.presses("Edit the album");
  const form = ana.page.getByRole("dialog", { name: "Edit the album" });
  await form.getByLabel("Title").fill("Encore");
  await form.getByLabel("Description").fill("By hand.");
  const picture = await ana.page.evaluate(async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 64 });
    canvas.getContext("2d").fillRect(0, 0, 64, 64);
    return canvas.toDataURL("image/png").split(",")[1];
  });
  const file = { name: "cover.png", mimeType: "image/png", buffer: Buffer.from(picture, "base64") };
  await form.locator('input[type="file"]').setInputFiles(file);
  await form.getByRole("button", { name: "Save" }).click();
  await ana.page.getByRole("heading", { name: "Encore", level: 1, exact: true }).waitFor();
  await ana.page.locator('.hero img[src*="/albums/"]').waitFor();
  await ana.page.getByText("By hand.").waitFor();
  ana.hasNoProblems();
});

test("an album that is deleted leaves its songs", async () => {
  await ana.chooses("More", "Delete the album");
  await ana.page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
  await ana.page.getByRole("heading", { name: "The Platters", level: 1 }).waitFor();
  assert.equal((await ana.asks("GET", `/songs/${song.id}`)).album, null);
  for (const person of [ana, ben]) person.hasNoProblems();
});
