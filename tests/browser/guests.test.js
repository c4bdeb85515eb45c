// The walk of a stranger without an account: a link, a name, and the music; on a phone by touch, on a desk by keys alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { wav } from "./audio.js";
import { keepSounds, launch, Person } from "./person.js";
import { Server } from "./server.js";

let server, browser, ana, gus, kim, link;

before(async () => {
  server = await Server.start();
  // As browsers are: nothing sounds before a gesture.
  browser = await launch("document-user-activation-required");
  ana = await Person.known(browser, server.url, "ana", keepSounds);
  await ana.has("Nightfall.wav", wav({ seconds: 60, hertz: 330 }));
  await ana.opensStage("Kitchen");
  await ana.queues("Nightfall");
  await ana.presses("Play for everyone");
  await ana.seesPlaying("Nightfall");
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test("the host makes a link, with a code to be scanned", async () => {
  await ana.chooses("More", "Let guests in");
  const sheet = ana.page.getByRole("dialog", { name: "Let guests in" });
  await sheet.getByLabel("Add songs").check();
  await sheet.getByRole("button", { name: "Make a link" }).click();
  link = await sheet.getByLabel("Link for guests").inputValue();
  assert.match(link, /\/g\/[\w-]{22}$/);
  await sheet.getByRole("img", { name: "The link as a picture to be scanned" }).waitFor();
  await sheet.getByText("may listen, chat, add songs, and vote").first().waitFor();
  await ana.pictured("sheet-1280");
  await ana.page.keyboard.press("Escape");
});

test("from a tap to sound with a name and one tap, on a phone", async () => {
  gus = await Person.arrivesOnPhone(browser, server.url, "Gus");
  await gus.page.context().addInitScript(keepSounds);
  await gus.page.goto(link);
  await gus.page.getByText("ana is hearing Nightfall by").waitFor();
  await gus.pictured("door-390");
  await gus.page.getByLabel("Your name").fill("Gus");
  await gus.page.getByRole("button", { name: "Listen" }).tap();
  await gus.seesPlaying("Nightfall");
  await gus.isHeard();
  await gus.pictured("stage-390");
  assert.equal(await gus.page.getByRole("button", { name: "Your menu" }).count(), 0, "a guest has no account to look after");
  await ana.page.getByRole("list", { name: "People" }).getByText("Guest").waitFor();
});

test("a guest talks, adds and steers nothing", async () => {
  await gus.page.getByRole("tab", { name: "Chat" }).tap();
  await gus.says("hello from the sofa");
  await ana.reads("hello from the sofa");
  await gus.page.getByRole("tab", { name: "Queue" }).tap();
  await gus.queues("Nightfall");
  await ana.page.getByText("Gus", { exact: false }).first().waitFor();
  assert.equal(await gus.page.getByRole("button", { name: "Pause for everyone" }).count(), 0);
  await gus.page.goto("/library");
  await gus.page.getByRole("heading", { name: "Keep your name" }).waitFor();
  await gus.page.goBack();
});

test("by keys alone", async () => {
  kim = await Person.arrives(browser, server.url, "Kim", keepSounds);
  await kim.page.goto(link);
  const focused = () => kim.page.evaluate(() => document.activeElement.name || document.activeElement.textContent.trim());
  await kim.page.waitForFunction(() => document.activeElement.name === "name");
  await kim.pictured("door-1280");
  await kim.page.keyboard.type("Kim");
  await kim.page.keyboard.press("Tab");
  assert.equal(await focused(), "Listen");
  await kim.page.keyboard.press("Enter");
  await kim.seesPlaying("Nightfall");
  await kim.isHeard();
  await kim.pictured("stage-1280");
});

test("who keeps the name has an account and is still there", async () => {
  await kim.page.getByRole("link", { name: "Keep your name" }).click();
  await kim.page.getByLabel("Email").fill("kim@example.org");
  await kim.page.getByLabel("Password").fill("correct horse battery");
  await kim.pictured("keep-1280");
  await kim.presses("Create account");
  await kim.page.getByRole("heading", { name: "Kitchen" }).waitFor();
  await kim.page.getByRole("button", { name: "Your menu" }).waitFor();
  await kim.sees(3);
});

test("somebody with an account goes in by the link, though the stage is closed", async () => {
  const stage = ana.page.url().match(/\/s\/(\d+)/)[1];
  await ana.asks("PATCH", `/stages/${stage}`, { visibility: "invite" });
  const leo = await Person.known(browser, server.url, "leo");
  await leo.asks("GET", `/stages/${stage}`, undefined, [404]);
  await leo.page.goto(link);
  await leo.page.getByText("You are signed in as leo.").waitFor();
  await leo.presses("Go in");
  await leo.page.getByRole("heading", { name: "Kitchen" }).waitFor();
  await leo.page.getByPlaceholder("Message").or(leo.page.getByRole("textbox")).first().waitFor();
  leo.hasNoProblems();
  await leo.page.context().close();
});

test("a guest who is sent home is told so, and the link that was called back lets nobody in", async () => {
  await ana.chooses("Actions for Gus", "Send home");
  await ana.page.getByRole("dialog").getByRole("button", { name: "Send home" }).click();
  await gus.page.getByRole("button", { name: "Sign in" }).first().waitFor();
  await ana.chooses("More", "Let guests in");
  await ana.page.getByRole("button", { name: /^Call back/ }).click();
  await ana.page.getByText("No link lets anybody in at the moment.").waitFor();
  await gus.page.goto(link);
  await gus.page.getByRole("heading", { name: "This link lets nobody in any more" }).waitFor();
  await gus.pictured("gone-390");
});

test("no page threw", () => [ana, gus, kim].forEach((person) => person.hasNoProblems()));
