// Plain http in a home network, the usual start of a server of one's own: browsers call such a page insecure and keep
// random UUIDs, the clipboard and more from it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { atHome, launchAtHome, Person } from "./person.js";
import { Server } from "./server.js";

let server, browser, ana, ben;

before(async () => {
  server = await Server.start();
  browser = await launchAtHome();
  ana = await Person.arrives(browser, atHome(server.url), "ana");
  await ana.registers();
  await ana.opensStage("Kitchen radio");
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test("people talk", async () => {
  assert.equal(await ana.page.evaluate(() => isSecureContext), false);
  ben = await Person.arrives(browser, atHome(server.url), "ben");
  await ben.registers();
  await ben.enters("Kitchen radio");
  await ben.says("is this on?");
  await ana.reads("is this on?");
  await ben.reads("is this on?");
});

test("a link to invite with is copied", async () => {
  await ana.presses("Invite");
  await ana.page.getByText("Link copied").waitFor();
  const field = ana.page.getByLabel("Say something");
  await field.focus();
  await ana.page.keyboard.press("Control+V");
  assert.equal(await field.inputValue(), ana.page.url());
  await field.fill("");
});

test("where pages may not copy at all, the link is shown to be copied by hand", async () => {
  await ana.page.evaluate(() => {
    document.execCommand = () => false;
  });
  await ana.presses("Invite");
  const field = ana.page.getByRole("dialog").getByLabel("Whoever has this link can come in");
  assert.equal(await field.inputValue(), ana.page.url());
  assert.equal(await field.evaluate((el) => el.value.slice(el.selectionStart, el.selectionEnd)), ana.page.url());
  await ana.page.keyboard.press("Escape");
});

test("a line that the browser can't send stays typed", async () => {
  await ben.page.evaluate(() => {
    crypto.getRandomValues = () => {
      throw new Error("no randomness today");
    };
  });
  await ben.says("precious words");
  await ben.page.getByText("That did not work. Try again.").waitFor();
  assert.equal(await ben.page.getByLabel("Say something").inputValue(), "precious words");
  await ben.reloads();
  await ben.page.getByLabel("Say something").press("Enter");
  await ana.reads("precious words");
});

test("no page threw", () => {
  ana.hasNoProblems();
  ben.hasNoProblems();
});
