// A link into a closed stage is made by the server; Safari lets a page copy only within the click that asked for it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { launch, Person } from "./person.js";
import { Server } from "./server.js";

let server, browser, ana;

before(async () => {
  server = await Server.start();
  browser = await launch();
  ana = await Person.known(browser, server.url, "ana");
  await ana.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const { id } = await ana.asks("POST", "/stages", { name: "Back room", visibility: "invite" });
  await ana.page.goto(`/s/${id}`);
  await ana.page.getByRole("heading", { name: "Back room" }).waitFor();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

test("the clipboard is asked for within the click, and the link follows", async () => {
  let answer;
  const asked = new Promise((resolve) => {
    void ana.page.route("**/invites", async (route) => {
      resolve();
      await new Promise((go) => (answer = go));
      await route.continue();
    });
  });
  await ana.page.evaluate(() => {
    const write = navigator.clipboard.write.bind(navigator.clipboard);
    navigator.clipboard.write = (items) => {
      globalThis.copying = true;
      return write(items);
    };
  });
  await ana.presses("Invite");
  await asked;
  assert.equal(await ana.page.evaluate(() => globalThis.copying), true);
  answer();
  await ana.page.getByText("Link copied").waitFor();
  assert.match(await ana.page.evaluate(() => navigator.clipboard.readText()), /\/s\/\d+\?invite=.+/);
});

test("a link that the server can't make is no link", async () => {
  await ana.page.unroute("**/invites");
  await ana.page.route("**/invites", (route) => route.fulfill({ status: 503, contentType: "application/problem+json", json: { status: 503, code: "busy" } }));
  await ana.presses("Invite");
  await ana.page.getByText("The server is busy. Try again in a moment.").waitFor();
  assert.equal(await ana.page.getByRole("dialog").count(), 0);
});

test("no page threw", () => ana.hasNoProblems());
