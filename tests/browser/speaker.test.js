// Which devices sound: one that steers alone, and one that sounds for all.
import { after, before, test } from "node:test";

import { wav } from "./audio.js";
import { keepSounds, launch, Person } from "./person.js";
import { Server } from "./server.js";

let server, browser, ana, ben;

before(async () => {
  server = await Server.start("--limits", "off");
  browser = await launch();
  ana = await Person.known(browser, server.url, "ana", keepSounds);
  await ana.has("Nightfall.wav", wav({ hertz: 220, seconds: 120 }));
  await ana.opensStage("One loudspeaker");
  await ana.queues("Nightfall");
  await ana.presses("Play for everyone");
  ben = await Person.arrivesOnPhone(browser, server.url, "ben", 390, 844, keepSounds);
  await ben.hasAnAccount();
  await ben.page.goto(new URL(ana.page.url()).pathname);
  for (const person of [ana, ben]) await person.isHeard();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const people = (person) => person.page.getByRole("list", { name: "People" }).getByRole("listitem");

test("a phone steers and is silent, over a reload too, until it is told to sound", async () => {
  await ben.chooses("More", "Steer only, no sound here");
  await ben.isSilent();
  await ben.page.getByText("This device steers. The sound is elsewhere.").waitFor();
  await people(ana).filter({ hasText: "ben" }).getByText("remote").waitFor();
  await ben.pictured("remote-390");
  await ben.reloads();
  await ben.seesPlaying("Nightfall");
  await ben.page.getByText("This device steers. The sound is elsewhere.").waitFor();
  await people(ana).filter({ hasText: "ben" }).getByText("remote").waitFor();
  await ben.isSilent();
  await ben.presses("Sound here");
  await ben.isHeard();
  await people(ana).filter({ hasText: "ben" }).getByText("remote").waitFor({ state: "detached" });
});

test("the host has one device sound for all, and then all of them again", async () => {
  await ana.chooses("More", "Only my device sounds");
  await ben.page.getByText("Only ana’s device sounds.").waitFor();
  await ben.isSilent();
  await ana.isHeard();
  await ana.pictured("speaker-1280");
  await ben.pictured("speaker-390");
  await ana.chooses("Actions for ben", "Only ben’s device sounds");
  await ben.isHeard();
  await ana.isSilent();
  await ana.page.getByRole("button", { name: "Let everybody sound" }).focus();
  await ana.page.keyboard.press("Enter");
  await ana.isHeard();
  await ben.isHeard();
  for (const person of [ana, ben]) person.hasNoProblems();
});
