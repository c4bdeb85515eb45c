// The words of a song, on its page and beside what plays.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { wav } from "./audio.js";
import { launch, Person } from "./person.js";
import { Server } from "./server.js";

const LINES = Array.from({ length: 40 }, (_, n) => `The line of second ${n}`);
const stamp = (n) => `[00:${String(n).padStart(2, "0")}.00]`;

let server, browser, ana, folder;

before(async () => {
  server = await Server.start();
  browser = await launch();
  ana = await Person.arrives(browser, server.url, "ana");
  await ana.registers();
  folder = await mkdtemp(join(tmpdir(), "octave-lyrics-"));
  const songs = [
    ["Harbour lights", 220, LINES.map((line, n) => stamp(n) + line).join("\n")],
    ["Slack tide", 330, "Words without times\n\nand a second verse"],
    ["Ebb", 440, null],
  ];
  for (const [title, hertz, words] of songs) {
    await writeFile(join(folder, `${title}.wav`), wav({ hertz, seconds: 60 }));
    if (words) await writeFile(join(folder, `${title}.lrc`), words);
  }
  await server.imports(folder, "ana");
});

after(async () => {
  await browser?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const words = () => ana.page.getByRole("region", { name: "Lyrics" });
const now = () => words().locator('[aria-current="true"]');

test("a song's page shows its words, without their times", async () => {
  await ana.page.goto("/library");
  await ana.chooses("Actions for Harbour lights", "Go to the song");
  await ana.page.getByRole("heading", { name: "Lyrics" }).waitFor();
  await words().getByText("The line of second 39", { exact: true }).waitFor();
  assert.equal(await words().getByText("[00:").count(), 0);
  assert.equal(await now().count(), 0);
  await ana.page.goto("/library");
  await ana.chooses("Actions for Ebb", "Go to the song");
  await ana.page.getByRole("heading", { name: "Ebb" }).waitFor();
  await ana.page.getByText("Nobody has said anything yet.").waitFor();
  assert.equal(await ana.page.getByRole("heading", { name: "Lyrics" }).count(), 0);
});

test("beside what plays the line that is sung stands out and stays in view", async () => {
  await ana.page.goto("/");
  await ana.opensStage("Late shift");
  for (const title of ["Harbour lights", "Slack tide", "Ebb"]) await ana.queues(title);
  await ana.presses("Play for everyone");
  await ana.seesPlaying("Harbour lights");
  assert.equal(await words().count(), 0);
  await ana.presses("Lyrics");
  await ana.seeks(30);
  await ana.page.waitForFunction(() => /second 3\d/.test(document.querySelector('.lyrics [aria-current="true"]')?.textContent));
  await ana.page.waitForFunction(() => {
    const line = document.querySelector('.lyrics [aria-current="true"]').getBoundingClientRect();
    const box = document.querySelector('[aria-label="Lyrics"]').getBoundingClientRect();
    return line.top >= box.top && line.bottom <= box.bottom;
  });
  const page = await ana.page.evaluate(() => document.scrollingElement.scrollTop);
  assert.equal(page, 0, "the words took the page along");
});

test("what one scrolls to stays, and a screen reader is told nothing by itself", async () => {
  await words().focus();
  await ana.page.keyboard.press("Home");
  await ana.page.waitForFunction(() => document.querySelector('[aria-label="Lyrics"]').scrollTop === 0);
  // The second line after it finds the words where the first one would have taken them.
  for (let lines = 0; lines < 2; lines++) {
    const before = await now().textContent();
    await ana.page.waitForFunction((said) => document.querySelector('.lyrics [aria-current="true"]').textContent !== said, before);
  }
  assert.equal(await words().evaluate((box) => box.scrollTop), 0);
  assert.equal(await words().locator("xpath=ancestor-or-self::*[@aria-live or @role='status' or @role='log']").count(), 0);
});

test("words without times stand plainly, and of a song without any that is said", async () => {
  await ana.presses("Next song");
  await words().getByText("and a second verse").waitFor();
  assert.equal(await now().count(), 0);
  await ana.presses("Next song");
  await words().getByText("Nobody has put the words").waitFor();
  await ana.presses("Lyrics");
  await words().waitFor({ state: "detached" });
});

test("on a phone the words have their place, and nothing lies beside the screen", async () => {
  await ana.page.setViewportSize({ width: 390, height: 844 });
  await ana.presses("Lyrics");
  await ana.presses("Previous song");
  const box = await words().boundingBox();
  const tabs = await ana.page.getByRole("tablist").boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= 390 && box.height >= 90, JSON.stringify(box));
  assert.ok(box.y + box.height <= tabs.y, "the words lie upon the tabs");
  await ana.page.setViewportSize({ width: 1280, height: 800 });
});

test("no page threw", () => ana.hasNoProblems());
