// How much has to come before a stranger sees the lobby; what is not needed then comes when it is wanted.
import assert from "node:assert/strict";
import { get } from "node:http";
import { after, before, test } from "node:test";

import { launch, Person } from "./person.js";
import { Server } from "./server.js";

/** Scripts and styles together, packed by gzip. */
const SHELL_BYTES = 90_000;

let server, browser, ana;

before(async () => {
  server = await Server.start();
  browser = await launch();
  ana = await Person.arrives(browser, server.url, "ana");
  await ana.page.getByRole("heading", { name: "It is quiet here" }).waitFor();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** As it comes over the line. */
const packed = (url) =>
  new Promise((resolve, reject) => {
    get(url, { headers: { "accept-encoding": "gzip" } }, (answer) => {
      let bytes = 0;
      answer.on("data", (piece) => (bytes += piece.length)).on("end", () => resolve(bytes));
    }).on("error", reject);
  });

test("the shell is light", async () => {
  const came = await ana.page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
  const asked = new Set(came.filter((url) => /\/assets\/.*\.(js|css)$/.test(url)));
  const sizes = await Promise.all([...asked].map(async (url) => [await packed(url), new URL(url).pathname]));
  const whole = sizes.reduce((sum, [bytes]) => sum + bytes, 0);
  assert.ok(sizes.length > 1 && whole < SHELL_BYTES, `${whole} bytes: ${JSON.stringify(sizes)}`);
});

test("a part that doesn't come says so, and comes at another try", async () => {
  await ana.page.goto(server.url);
  await ana.registers();
  const parts = /\/assets\/Settings-.*\.js$/;
  await ana.page.route(parts, (route) => route.abort());
  await ana.chooses("Your menu", "Settings");
  await ana.page.getByRole("alert").getByText("This part of the page did not come.").waitFor();
  await ana.page.unroute(parts);
  await ana.presses("Try again");
  await ana.page.getByRole("heading", { name: "Settings" }).waitFor();
  ana.hasNoProblems();
});
