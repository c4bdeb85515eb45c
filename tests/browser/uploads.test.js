// Files on their way into the library: hidden they go on, cancelled they stop, and a page that would end them asks.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";

import { wav } from "./audio.js";
import { launch, Person } from "./person.js";
import { Server } from "./server.js";

let server, browser, ana;
/** Uploads that have begun and wait for the test to let them go on. */
let held;

before(async () => {
  server = await Server.start();
  browser = await launch();
  ana = await Person.arrives(browser, server.url, "ana");
  await ana.page.route("**/api/v1/songs", (route) => (route.request().method() === "POST" ? held.push(route) : route.continue()));
  await ana.registers();
  await ana.page.getByRole("link", { name: "Library" }).first().click();
});

beforeEach(() => {
  held = [];
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

async function chooses(...names) {
  const files = names.map((name, n) => ({ name, mimeType: "audio/wav", buffer: wav({ hertz: 200 + 7 * n + name.length, seconds: 1 }) }));
  await ana.page.locator('input[type="file"]').first().setInputFiles(files);
  for (let tries = 0; held.length < 2 && tries < 100; tries++) await ana.page.waitForTimeout(20);
}

/** Lets all go on, also those that begin only then. */
async function release(until) {
  for (;;) {
    for (const route of held.splice(0)) await route.continue().catch(() => undefined);
    if (await Promise.race([until.then(() => true), ana.page.waitForTimeout(50)])) return;
  }
}

const panel = () => ana.page.getByRole("region", { name: /^Uploads/ });

test("who can't see finds one button to upload with", async () => {
  await ana.page.getByRole("button", { name: "Upload", exact: true }).waitFor();
  assert.equal(await ana.page.getByLabel("Upload", { exact: true }).count(), 0);
  assert.equal(await ana.page.getByRole("button", { name: "Upload", exact: true }).count(), 1);
});

test("hidden uploads go on, and one that waits can be cancelled", async () => {
  await chooses("one.wav", "two.wav", "three.wav", "four.wav");
  await ana.presses("Cancel four.wav");
  await ana.presses("Hide uploads");
  await panel().waitFor({ state: "detached" });
  await ana.page.getByRole("button", { name: "Show uploads" }).waitFor();
  await release(ana.page.getByText("3 songs added").waitFor());
  for (const name of ["one", "two", "three"]) await ana.page.getByRole("listitem").filter({ hasText: name }).waitFor();
  assert.equal(await ana.page.getByRole("listitem").filter({ hasText: "four" }).count(), 0);
});

test("cancelling all stops what is being sent and begins nothing else", async () => {
  await chooses("five.wav", "six.wav", "seven.wav", "eight.wav");
  const begun = held.length;
  await ana.presses("Cancel all");
  await panel().getByText("Cancelled").nth(3).waitFor();
  assert.equal(held.length, begun);
  await ana.presses("Close uploads");
  await panel().waitFor({ state: "detached" });
});

test("leaving the page in the middle of an upload asks first, and not after it", async () => {
  await chooses("nine.wav", "ten.wav");
  const asked = ana.page.waitForEvent("dialog");
  void ana.page.close({ runBeforeUnload: true });
  const dialog = await asked;
  assert.equal(dialog.type(), "beforeunload");
  await dialog.dismiss();
  await release(panel().getByText("In the library").nth(1).waitFor());
  await ana.reloads();
  await ana.page.getByRole("listitem").filter({ hasText: "nine" }).waitFor();
});

test("the server's reason for a refusal is shown", async () => {
  await ana.page.unroute("**/api/v1/songs");
  await ana.page.route("**/api/v1/songs", (route) => {
    const body = { status: 415, code: "unsupported_audio", detail: "this kind of m4a can't be decoded; convert it to FLAC" };
    return route.request().method() === "POST" ? route.fulfill({ status: 415, contentType: "application/problem+json", json: body }) : route.continue();
  });
  await ana.page.locator('input[type="file"]').first().setInputFiles({ name: "lossless.m4a", mimeType: "audio/mp4", buffer: Buffer.from("x") });
  await panel().getByText("This kind of m4a can't be decoded; convert it to FLAC.").waitFor();
});

test("what of a file is left out is told, and its analysis until it is done", async () => {
  await ana.page.unroute("**/api/v1/songs");
  let analysis = "pending";
  const tells = async (route, more) => {
    const response = await route.fetch();
    return route.fulfill({ response, json: { ...(await response.json()), analysis, ...more } });
  };
  await ana.page.route("**/api/v1/songs", (route) =>
    route.request().method() === "POST" ? tells(route, { notes: ["its cover is left out"] }) : route.continue(),
  );
  await ana.page.route(/\/api\/v1\/songs\/\d+$/, (route) => tells(route, {}));
  await ana.page.locator('input[type="file"]').first().setInputFiles({ name: "eleven.wav", mimeType: "audio/wav", buffer: wav({ hertz: 999, seconds: 1 }) });
  await panel().getByText("Its cover is left out.").waitFor();
  await panel().getByText("Measuring its loudness").waitFor();
  await panel().getByRole("link", { name: "eleven" }).click();
  await ana.page.getByRole("heading", { name: "eleven" }).waitFor();
  const onPage = ana.page.getByText("Its loudness and its outline are being measured.");
  await onPage.waitFor();
  analysis = "done";
  await onPage.waitFor({ state: "detached" });
  await panel().getByText("Measuring its loudness").waitFor({ state: "detached" });
  await panel().getByText("Its cover is left out.").waitFor();
});

test("no page threw", () => ana.hasNoProblems());
