// Everything by its name, with and without an account.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { wav } from "./audio.js";
import { launch, Person } from "./person.js";
import { Server } from "./server.js";

let server, browser, ana;

before(async () => {
  server = await Server.start("--limits", "off");
  browser = await launch();
  ana = await Person.known(browser, server.url, "harriet");
  const song = await ana.has("Harbour lights.wav", wav({ hertz: 220, seconds: 10 }));
  await ana.asks("PATCH", `/songs/${song.id}`, { artist: "The Harbour Quays", album: "Harbour by night" });
  await ana.asks("POST", "/playlists", { name: "Harbour walks" });
  await ana.asks("POST", "/stages", { name: "Harbour radio" });
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const list = (name) => ana.page.getByRole("list", { name, exact: true });

test("songs, artists, albums, playlists, stages and people are found by the beginning of a word", async () => {
  await ana.page.goto("/");
  await ana.page.getByRole("link", { name: "Search everything" }).click();
  await ana.page.waitForFunction(() => document.activeElement.type === "search");
  await ana.page.keyboard.type("harb");
  await list("Songs").getByText("Harbour lights").waitFor();
  await list("Artists").getByText("The Harbour Quays").waitFor();
  await list("Albums").getByText("Harbour by night").waitFor();
  await list("Playlists").getByText("Harbour walks").waitFor();
  await list("Stages").getByText("Harbour radio").waitFor();
  assert.equal(await list("People").count(), 0);
  await ana.page.getByRole("searchbox").fill("harriet");
  await list("People").getByText("harriet").waitFor();
  await ana.page.getByRole("searchbox").fill("qqqq");
  await ana.page.getByText("Nothing is called anything like “qqqq”.").waitFor();
});

test("what was searched for stands there again when one comes back from what was found", async () => {
  await ana.page.getByRole("searchbox").fill("harbour");
  await list("Albums").getByText("Harbour by night").click();
  await ana.page.getByRole("heading", { name: "Harbour by night", level: 1 }).waitFor();
  await ana.page.goBack();
  await list("Albums").waitFor();
  assert.equal(await ana.page.getByRole("searchbox").inputValue(), "harbour");
  ana.hasNoProblems();
});
