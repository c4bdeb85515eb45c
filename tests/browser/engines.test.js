// Other browsers: Debian's Firefox opens a stage, its menus and dialogs, and talks; one that is too old is told so.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Firefox } from "./firefox.js";
import { launch, Person } from "./person.js";
import { Server } from "./server.js";

let server, firefox;

const button = (name) => `//button[normalize-space()="${name}" or @aria-label="${name}"]`;
const field = (label) => `//input[@id=//label[normalize-space()="${label}"]/@for]`;
const focused = () => firefox.evaluates("() => document.activeElement.textContent.trim() || document.activeElement.ariaLabel");

before(async () => {
  server = await Server.start();
  firefox = await Firefox.launch();
  await firefox.goes(server.url);
});

after(async () => {
  await firefox?.close();
  await server?.stop();
});

test("somebody makes an account", async () => {
  await firefox.clicks('//a[normalize-space()="Sign in"]');
  await firefox.clicks(button("New here? Create an account"));
  await firefox.types(field("Username"), "ana");
  await firefox.types(field("Email"), "ana@example.org");
  await firefox.types(field("Password"), "correct horse battery");
  await firefox.clicks(button("Create account"));
  await firefox.finds(button("Your menu"));
});

test("a menu opens, goes by arrows, and gives the focus back", async () => {
  await firefox.clicks(button("Your menu"));
  await firefox.finds('//*[@role="menuitem"]');
  assert.equal(await focused(), "Profile");
  await firefox.presses("ArrowDown");
  assert.equal(await focused(), "Settings");
  await firefox.presses("Escape");
  assert.equal(await firefox.evaluates("() => document.activeElement.ariaLabel"), "Your menu");
});

test("a stage is opened by a dialog, and one talks in it", async () => {
  await firefox.clicks(button("Open a stage"));
  await firefox.types(`//dialog${field("Name")}`, "Late shift");
  await firefox.clicks(`//dialog${button("Open the stage")}`);
  await firefox.finds('//h1[normalize-space()="Late shift"]');
  await firefox.types('//*[@id="say"]', "hello from the other engine\uE007");
  await firefox.finds('//*[@role="log"]//*[normalize-space()="hello from the other engine"]');
  assert.equal(await firefox.evaluates("() => document.querySelector('#say').value"), "");
});

test("a browser that is too old is told which ones are not", async () => {
  const browser = await launch();
  try {
    const old = await Person.arrives(browser, server.url, "old", () => {
      delete HTMLElement.prototype.popover;
    });
    await old.page.getByText("Octave needs a newer browser").waitFor();
    old.hasNoProblems();
  } finally {
    await browser.close();
  }
});
