// Who may do what on a stage, and how people learn of it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { wav } from "./audio.js";
import { Person, launch } from "./person.js";
import { Server } from "./server.js";

const NAME = "Late shift";

let server, browser, ana, ben;

before(async () => {
  server = await Server.start();
  browser = await launch();
  ana = await Person.known(browser, server.url, "ana");
  ben = await Person.known(browser, server.url, "ben");
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const dialog = (person) => person.page.getByRole("dialog");
const adds = (person) => person.page.getByRole("button", { name: "Add songs" }).first();

test("on a new stage everyone adds songs and takes their own back, and the host plays them", async () => {
  await ana.has("Harbour lights.wav", wav({ hertz: 220, seconds: 60 }));
  await ana.has("Slack tide.wav", wav({ hertz: 330, seconds: 60 }));
  await ana.opensStage("New");
  await ana.queues("Harbour lights");
  await ben.page.goto(new URL(ana.page.url()).pathname);
  await ben.queues("Slack tide");
  const queue = ben.page.getByRole("region", { name: "Queue" });
  const entry = (title) => queue.getByRole("listitem", { name: new RegExp(title) });
  await entry("Slack tide").waitFor();
  assert.equal(await ben.page.getByRole("button", { name: "Play for everyone" }).count(), 0);
  assert.equal(await queue.getByRole("button", { name: "Actions for Harbour lights" }).count(), 0);
  await ben.chooses("Actions for Slack tide", "Remove");
  await entry("Slack tide").waitFor({ state: "detached" });
  // By the keyboard alone: what others added stays.
  await ben.queues("Slack tide");
  await entry("Slack tide").focus();
  await ben.page.keyboard.press("Delete");
  await entry("Slack tide").waitFor({ state: "detached" });
  await entry("Harbour lights").focus();
  await ben.page.keyboard.press("Delete");
  await ben.page.keyboard.press("Tab");
  assert.equal(await entry("Harbour lights").count(), 1);

  await ana.chooses("More", "Stage settings");
  const settings = ana.page.getByRole("dialog", { name: "Stage settings" });
  await settings.getByRole("radio", { name: "Only who may play them" }).check();
  await settings.getByRole("button", { name: "Save" }).click();
  await ben.page.getByText("From now on others add the songs here.").waitFor();
  await adds(ben).waitFor({ state: "detached" });
});

test("a DJ on a stage where DJs may not play: the host is asked to let them", async () => {
  await ana.asks("POST", "/stages", { name: NAME, control: "host", adding: "control" });
  await ana.page.goto("/");
  await ana.enters(NAME);
  await ben.page.goto("/");
  await ben.enters(NAME);
  await ana.sees(2);
  assert.equal(await adds(ben).count(), 0);

  await ana.chooses("Actions for ben", "Make DJ");
  await ben.page.getByText("You are a DJ now.").waitFor();
  await dialog(ana).getByText("Let DJs do so too?").waitFor();
  await dialog(ana).getByRole("button", { name: "DJs may play" }).click();
  await adds(ben).waitFor();
  await ben.page.getByText("You may play and arrange songs now.").waitFor();
});

test("the same by the keyboard alone, and another role is told without a question", async () => {
  await ana.page.getByRole("button", { name: "Actions for ben" }).focus();
  await ana.page.keyboard.press("Enter");
  await ana.page.getByRole("menuitem", { name: "Make Moderator" }).focus();
  await ana.page.keyboard.press("Enter");
  await ben.page.getByText("You are a moderator now").waitFor();
  assert.equal(await dialog(ana).count(), 0);
});

test("who is removed may come back; who is banned, when the ban is lifted", async () => {
  const cem = await Person.known(browser, server.url, "cem");
  await cem.enters(NAME);
  await ana.sees(3);

  // Asked first, and called off.
  await ana.chooses("Actions for cem", "Remove from the stage");
  await dialog(ana).getByRole("button", { name: "Cancel" }).click();
  await ana.sees(3);

  await ana.chooses("Actions for cem", "Remove from the stage");
  await dialog(ana).getByRole("button", { name: "Remove cem" }).click();
  await cem.page.getByRole("heading", { name: "You were removed from Late shift", level: 1 }).waitFor();
  await ana.sees(2);
  await cem.presses("Come back in");
  await ana.sees(3);

  // A moderator bans, on a phone.
  await ben.page.setViewportSize({ width: 390, height: 844 });
  await ben.page.getByRole("tab", { name: /People/ }).click();
  await ben.chooses("Actions for cem", "Ban from the stage");
  await dialog(ben).getByRole("button", { name: "Ban cem" }).click();
  await cem.page.getByRole("heading", { name: "You were banned from Late shift", level: 1 }).waitFor();

  await ana.chooses("More", "Who is banned");
  await dialog(ana).getByText("by ben").waitFor();
  await dialog(ana).getByRole("button", { name: "Lift the ban of cem" }).click();
  await dialog(ana).last().getByRole("button", { name: "Lift the ban", exact: true }).click();
  await dialog(ana).getByText("Nobody is banned from this stage.").waitFor();
  await dialog(ana).getByRole("button", { name: "Close" }).click();
  await cem.page.goto("/");
  await cem.enters(NAME);
  await ana.sees(3);
});

test("no page threw", () => {
  ana.hasNoProblems();
  ben.hasNoProblems();
});
