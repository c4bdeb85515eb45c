// Whom one follows, whom one has blocked, past evenings, and what was told while the line was broken.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { wav } from "./audio.js";
import { launch, Person } from "./person.js";
import { Server } from "./server.js";

let server, browser, ana, ben, song;

before(async () => {
  server = await Server.start("--limits", "off");
  browser = await launch();
  ana = await Person.known(browser, server.url, "ana");
  ben = await Person.known(browser, server.url, "ben");
  song = await ana.has("Harbour lights.wav", wav({ hertz: 220, seconds: 60 }));
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const list = (person, name) => person.page.getByRole("list", { name, exact: true });

test("whom one follows stands in one place, and is left there", async () => {
  await ben.page.goto("/friends");
  await ben.page.getByRole("link", { name: "Whom you follow" }).click();
  await ben.page.getByText("You follow nobody yet.").waitFor();
  await ben.page.getByText("You follow no artist yet.").waitFor();
  await ben.asks("PATCH", "/me", { bio: "listens" });
  await ben.asks("PUT", "/users/ana/follow");
  await ana.asks("PATCH", `/songs/${song.id}`, { artist: "The Platters" });
  const { artist_id } = await ben.asks("GET", `/songs/${song.id}`);
  await ben.asks("PUT", `/artists/${artist_id}/follow`);
  await ben.reloads();
  await list(ben, "People").getByRole("link", { name: "ana" }).waitFor();
  await list(ben, "Artists").getByRole("link", { name: "The Platters" }).waitFor();
  // By keyboard alone: a list is one stop, its rows have arrows, their buttons too.
  await list(ben, "People").getByRole("listitem").focus();
  for (const key of ["ArrowRight", "ArrowRight", "Enter"]) await ben.page.keyboard.press(key);
  await ben.page.getByText("You follow nobody yet.").waitFor();
  await ben.presses("Unfollow The Platters");
  await ben.page.getByText("You follow no artist yet.").waitFor();
  assert.equal((await ben.asks("GET", "/me/artists")).items.length, 0);
  ben.hasNoProblems();
});

test("whom one has blocked stands in the settings, and is let go there", async () => {
  await ana.page.goto("/settings");
  await ana.page.getByText("You have blocked nobody.").waitFor();
  await ana.asks("PUT", "/blocks/ben");
  await ana.reloads();
  await ana.presses("Lift the block of ben");
  await ana.page.getByText("You have blocked nobody.").waitFor();
  assert.deepEqual((await ana.asks("GET", "/blocks")).items, []);
  ana.hasNoProblems();
});

test("a stage that has ended is looked back at, and its evening kept, by who was there alone", async () => {
  const cem = await Person.known(browser, server.url, "cem");
  await ana.page.goto("/");
  await ana.opensStage("Late shift");
  const { pathname } = new URL(ana.page.url());
  await ben.page.goto(pathname);
  await ana.sees(2);
  await ana.queues("Harbour lights");
  await ana.presses("Play for everyone");
  await ben.seesPlaying("Harbour lights");
  await ana.chooses("More", "End this stage");
  await ana.page.getByRole("dialog").getByRole("button", { name: "End this stage" }).click();
  await ben.page.getByRole("heading", { name: "ana has ended Late shift." }).waitFor();
  await ben.presses("What happened here");
  const log = ben.page.getByRole("dialog", { name: "What happened here" });
  await log.getByText(/ana .*Harbour lights/).first().waitFor();
  assert.equal(await log.getByRole("button", { name: /^Undo/ }).count(), 0);
  await ben.page.keyboard.press("Escape");

  await ben.page.goto("/");
  await ben.chooses("Your menu", "Past evenings");
  await list(ben, "Past evenings").getByRole("button", { name: "What happened in Late shift" }).click();
  await log.locator("summary").click();
  await log.getByRole("button", { name: "Keep it" }).click();
  await log.getByText("1 song is kept.").waitFor();
  await log.getByRole("link", { name: "Open the playlist" }).click();
  await ben.page.getByRole("heading", { name: /^Late shift, / }).waitFor();

  await cem.page.goto("/evenings");
  await cem.page.getByText("No past evenings yet").waitFor();
  for (const person of [ana, ben, cem]) person.hasNoProblems();
});

test("what was told while the line was broken is counted once it is back", async () => {
  const dia = await Person.known(browser, server.url, "dia");
  await dia.page.goto("/friends");
  await dia.page.getByRole("heading", { name: "Friends", level: 1 }).waitFor();
  // The page's line alone breaks: what it asks by HTTP goes on.
  await dia.page.routeWebSocket(/\/ws$/, (socket) => socket.close({ code: 1011 }));
  await dia.page.evaluate(() => globalThis.dispatchEvent(new Event("offline")));
  await server.restart();
  await dia.page.getByText("Reconnecting").waitFor();
  await ben.asks("PUT", "/friends/dia");
  await dia.page.unrouteAll();
  await dia.page.routeWebSocket(/\/ws$/, (socket) => socket.connectToServer());
  await dia.page.getByRole("link", { name: "Notifications, 1 new" }).waitFor();
  await list(dia, "Would like to be friends").getByRole("link", { name: "ben" }).waitFor();
  dia.hasNoProblems();
});
