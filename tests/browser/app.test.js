// As an app: what stands on the device, what other apps share with it, and what the screen does meanwhile.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { wav } from "./audio.js";
import { atHome, launch, launchAtHome, Person } from "./person.js";
import { Server } from "./server.js";

let server, browser, ana;

before(async () => {
  server = await Server.start("--limits", "off");
  browser = await launch();
  ana = await Person.arrivesWithWorker(browser, server.url, "ana", keepLocks);
  await ana.hasAnAccount();
  await ana.reloads();
  await ana.page.getByRole("button", { name: "Your menu" }).waitFor();
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Stands for the screen, which a headless browser has not. */
function keepLocks() {
  globalThis.locks = { held: 0 };
  const request = async () => {
    globalThis.locks.held += 1;
    const release = async () => {
      globalThis.locks.held -= 1;
    };
    return { release };
  };
  Object.defineProperty(navigator, "wakeLock", { value: { request } });
}

const controlled = (page) => page.waitForFunction(() => navigator.serviceWorker.controller?.state === "activated");
const kept = (page) =>
  page.evaluate(async () => {
    const names = await caches.keys();
    const all = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)));
    return all.flat();
  });

test("the manifest names icons that are there, as large as it says, and a place for what is shared", async () => {
  const { page } = ana;
  const href = await page.locator('link[rel="manifest"]').getAttribute("href");
  const answer = await page.request.get(href);
  assert.match(answer.headers()["content-type"], /^application\/manifest\+json/);
  const manifest = await answer.json();
  const purposes = new Set();
  for (const { src, sizes, type, purpose } of manifest.icons) {
    const icon = await page.request.get(src);
    assert.equal(icon.status(), 200, src);
    assert.equal(icon.headers()["content-type"], type);
    if (type !== "image/png") continue;
    const bytes = await icon.body();
    assert.equal(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, sizes, src);
    purposes.add(purpose ?? "any");
  }
  assert.deepEqual([...purposes].sort(), ["any", "maskable"]);
  for (const { url } of manifest.shortcuts) assert.equal((await page.request.get(url)).status(), 200, url);
  const session = await page.context().newCDPSession(page);
  const { errors } = await session.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
});

test("the shell alone is kept: no answer of the API, no song, no address of a guest's link", async () => {
  const { page } = ana;
  await controlled(page);
  const song = await ana.has("Harbour lights.wav", wav({ hertz: 220, seconds: 30 }));
  for (const path of ["/library", `/songs/${song.id}`, "/g/AAAAAAAAAAAAAAAAAAAAAA", "/"]) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
  }
  const paths = await kept(page);
  assert.ok(paths.includes("/") && paths.some((path) => path.endsWith(".js")) && paths.some((path) => path.endsWith(".css")), String(paths));
  for (const path of paths) assert.match(path, /^(\/|\/icon\.svg|\/assets\/[^/]+\.(js|css))$/);
});

test("while the server is away the page says so, and goes on when it is back", async () => {
  const { page } = ana;
  await server.away(async () => {
    await page.goto("/library");
    await page.getByRole("heading", { name: "The server does not answer" }).waitFor();
  });
  await page.getByRole("heading", { name: "Library" }).waitFor();
});

test("an old page is never shown while the server answers, and old shells go", async () => {
  const { page } = ana;
  await page.evaluate(async () => {
    const [shell] = await caches.keys();
    await (await caches.open(shell)).put("/", new Response("<h1>Yesterday</h1>", { headers: { "content-type": "text/html" } }));
    await (await caches.open("octave-shell-0")).put("/", new Response("older"));
  });
  await page.reload();
  await page.getByRole("heading", { name: "Library" }).waitFor();
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).unregister());
  await page.reload();
  await controlled(page);
  await page.waitForFunction(async () => !(await caches.keys()).includes("octave-shell-0"));
  await page.getByRole("heading", { name: "Library" }).waitFor();
});

/** What the system does with a share: it sends a form to the address that the manifest names. */
const shares = (page, words, file) =>
  page.evaluate(
    ([words, file]) => {
      const form = Object.assign(document.createElement("form"), { method: "post", action: "/share", enctype: "multipart/form-data" });
      for (const [name, value] of Object.entries(words)) form.append(Object.assign(document.createElement("input"), { name, value }));
      const input = Object.assign(document.createElement("input"), { type: "file", name: "files" });
      if (file) {
        const files = new DataTransfer();
        files.items.add(new File([Uint8Array.from(file.bytes)], file.name, { type: "audio/wav" }));
        input.files = files.files;
        form.append(input);
      }
      document.body.append(form);
      form.submit();
    },
    [words, file],
  );

test("a song that another app shares goes into the library", async () => {
  const { page } = ana;
  await shares(page, {}, { name: "Slack tide.wav", bytes: [...wav({ hertz: 330, seconds: 2 })] });
  await page.waitForURL("**/library");
  await page.getByText("In the library").waitFor();
  await page.getByRole("list", { name: "All songs" }).getByText("Slack tide").waitFor();
  assert.ok(!(await page.evaluate(() => caches.has("octave-shared"))), "it waits no more");
});

test("a link that another app shares leads to its stage, and other words to a search", async () => {
  const { page } = ana;
  const { id } = await ana.asks("POST", "/stages", { name: "Attic" });
  await shares(page, { title: "Attic", text: `Come in: ${server.url}/s/${id}` });
  await page.getByRole("heading", { name: "Attic", level: 1 }).waitFor();
  await shares(page, { text: "harbour lights" });
  await page.getByRole("heading", { name: "There is nothing here to open" }).waitFor();
  await page.getByRole("link", { name: "Search for it here" }).click();
  await page.getByRole("listitem", { name: /^Harbour lights/ }).waitFor();
});

test("a shortcut opens the form for a stage", async () => {
  await ana.page.goto("/?open");
  await ana.page.getByRole("dialog", { name: "Open a stage" }).waitFor();
  assert.equal(new URL(ana.page.url()).search, "");
  await ana.page.keyboard.press("Escape");
});

test("the screen stays on while one looks at a stage that sounds, and no longer", async () => {
  const { page } = ana;
  const held = (count) => page.waitForFunction((count) => globalThis.locks.held === count, count);
  await ana.enters("Attic");
  await held(0);
  await ana.queues("Harbour lights");
  await ana.presses("Play for everyone");
  await held(1);
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Library" }).click();
  await held(0);
  await page.getByRole("complementary", { name: "Now playing" }).getByRole("link").click();
  await held(1);
  const seen = (state) =>
    page.evaluate((state) => {
      Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);
  await seen("hidden");
  await held(0);
  await seen("visible");
  await held(1);
  await ana.presses("Pause for everyone");
  await held(0);
  ana.hasNoProblems();
});

test("over plain http there is no worker, and nothing misses it", async () => {
  const home = await launchAtHome();
  const ben = await Person.arrivesWithWorker(home, atHome(server.url), "ben");
  await ben.page.getByRole("heading", { name: "On stage now" }).waitFor();
  assert.equal(await ben.page.evaluate(() => isSecureContext || "serviceWorker" in navigator), false);
  await ben.registers();
  await ben.page.goto("/settings");
  await ben.page.getByRole("group", { name: "Tell me of" }).waitFor();
  ben.hasNoProblems();
  await home.close();
});
