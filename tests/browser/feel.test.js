// What a stage, a lobby and an album feel like: the song's outline under the hand, what comes next, a bar that makes room for words, the
// colour of a cover. With OCTAVE_TEST_PICTURES each screen is kept as a picture, in four widths and both themes.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, before, test } from "node:test";

import { wav } from "./audio.js";
import { launch, Person } from "./person.js";
import { Server } from "./server.js";

let server, browser, ana, stage, album;

const pictures = process.env.OCTAVE_TEST_PICTURES;
const WIDTHS = [360, 390, 768, 1280];

/** Keeps what is seen, if somebody wants to look at it. */
async function pictured(person, name) {
  if (!pictures) return;
  await mkdir(pictures, { recursive: true });
  const { page } = person;
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: width < 700 ? 780 : 800 });
      await page.waitForTimeout(400);
      await page.screenshot({ path: `${pictures}/${name}-${width}-${colorScheme}.png` });
    }
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}

/** A cover of one colour with a lighter field, made by the page. */
const paints = (person, path, colour) =>
  person.page.evaluate(
    async ([path, colour]) => {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 256;
      const paint = canvas.getContext("2d");
      paint.fillStyle = colour;
      paint.fillRect(0, 0, 256, 256);
      paint.fillStyle = "rgb(255 255 255 / 25%)";
      paint.arc(180, 90, 70, 0, 7);
      paint.fill();
      const body = await new Promise((done) => canvas.toBlob(done, "image/png"));
      await fetch(`/api/v1${path}`, { method: "PUT", headers: { "content-type": "image/png" }, body });
    },
    [path, colour],
  );

before(async () => {
  server = await Server.start("--limits", "off");
  browser = await launch();
  ana = await Person.known(browser, server.url, "ana");
  for (const [n, title] of ["Harbour lights", "Slack tide", "Low water"].entries()) {
    const song = await ana.has(`${title}.wav`, wav({ hertz: 220 + 60 * n, seconds: 90 }));
    await ana.asks("PATCH", `/songs/${song.id}`, { artist: "The Quays", album: "Harbour by night" });
    album = (await ana.asks("GET", `/songs/${song.id}`)).album_id;
  }
  await paints(ana, `/albums/${album}/cover`, "#1d5fae");
  await ana.opensStage("Late shift");
  stage = new URL(ana.page.url()).pathname;
  await ana.queues("Harbour lights");
  await ana.queues("Slack tide");
  await ana.presses("Play for everyone");
  await ana.seesPlaying("Harbour lights");
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

const playing = () => ana.page.getByRole("region", { name: "Now playing" });

test("what plays is its outline, along which one goes as along a slider", async () => {
  await playing().locator(".wave-line svg").first().waitFor({ state: "attached" });
  const [line, slider] = await Promise.all([".wave-line", "input[aria-label='Position']"].map((what) => playing().locator(what).boundingBox()));
  assert.ok(Math.abs(line.x - slider.x) < 2 && Math.abs(line.width - slider.width) < 2, "the drawing is where the slider is");
  await ana.page.mouse.click(slider.x + slider.width / 2, slider.y + slider.height / 2);
  await ana.seesPast(44, 60);
  await playing().getByText(/^Next in 0:[34]\d: Slack tide$/).waitFor();
});

test("what plays is liked, by a key too", async () => {
  await ana.page.getByRole("button", { name: "Like: Harbour lights" }).click();
  await playing().getByRole("button", { name: "Unlike: Harbour lights" }).waitFor();
  assert.deepEqual((await ana.asks("GET", "/me/likes")).items.map(({ title }) => title), ["Harbour lights"]);
  await ana.page.getByRole("heading", { name: "Late shift" }).click();
  await ana.page.keyboard.press("l");
  await playing().getByRole("button", { name: "Like: Harbour lights" }).waitFor();
});

test("on a phone the conversation leaves what plays a bar of 64 pixels", async () => {
  await ana.page.setViewportSize({ width: 390, height: 844 });
  const height = async () => (await playing().boundingBox()).height;
  assert.ok((await height()) > 120);
  await ana.page.getByRole("tab", { name: "Chat" }).click();
  assert.equal(await height(), 64);
  await playing().getByRole("button", { name: "Pause for everyone" }).waitFor();
  const lines = await ana.page.locator("#chat-panel .lines").boundingBox();
  assert.ok(lines.height > 844 / 2, `the conversation has ${lines.height} of 844 pixels`);
  await ana.page.getByRole("tab", { name: "Queue" }).click();
  await ana.page.setViewportSize({ width: 1280, height: 800 });
});

test("who is called stands out, and is named by their first letters", async () => {
  const ben = await Person.known(browser, server.url, "benedict");
  await ben.page.goto(stage);
  await ben.seesPlaying("Harbour lights");
  await ana.sees(2);
  const field = ana.page.getByPlaceholder("Say something");
  await field.pressSequentially("hi @be");
  const option = ana.page.getByRole("option", { name: "benedict" });
  await option.waitFor();
  const marked = await field.getAttribute("aria-activedescendant");
  assert.equal(await option.getAttribute("id"), marked);
  await field.press("Enter");
  assert.equal(await field.inputValue(), "hi @benedict ");
  await field.press("Enter");
  await ben.reads("hi @benedict");
  assert.equal(await ben.page.locator(".call.me").textContent(), "@benedict");
  assert.equal(await ana.page.locator(".call.me").count(), 0);
  await field.pressSequentially("@zz");
  await field.press("Enter");
  await ben.reads("@zz");
  ben.hasNoProblems();
});

test("what was said is found by a part of it", async () => {
  await ana.chooses("More", "Search the conversation");
  const dialog = ana.page.getByRole("dialog", { name: "Search the conversation" });
  await dialog.getByRole("searchbox").fill("bened");
  await dialog.getByRole("listitem").getByText("hi @benedict").waitFor();
  await dialog.getByText("1 line", { exact: true }).waitFor();
  await dialog.getByRole("searchbox").fill("nothing of the kind");
  await dialog.getByText("Nobody said “nothing of the kind” here.").waitFor();
  await dialog.getByRole("button", { name: "Close" }).click();
});

test("the screens, as pictures", async () => {
  const { page } = ana;
  await pictured(ana, "stage");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("tab", { name: "Chat" }).click();
  await pictured(ana, "stage-chat");
  await page.goto(`/albums/${album}`);
  await page.waitForFunction(() => document.querySelector(".washed[data-washed]"));
  await pictured(ana, "album");
  const { artist_id } = await ana.asks("GET", `/albums/${album}`);
  await page.goto(`/artists/${artist_id}`);
  await page.waitForFunction(() => document.querySelector(".washed[data-washed]"));
  await pictured(ana, "artist");
  await page.goto("/library");
  await ana.presses("Choose several");
  await page.getByRole("checkbox", { name: "Choose Slack tide" }).check();
  await pictured(ana, "library");
});

test("the lobby has the stage that sounds in front, in its cover's colour", async () => {
  const { page } = ana;
  await page.goto(stage);
  await ana.seesPlaying(/Harbour lights|Slack tide/);
  for (const [name, colour] of [["Sunday records", "#8a3fa0"], ["Kitchen", "#2d7a46"], ["Attic", "#b5762b"]]) {
    const { id } = await ana.asks("POST", "/stages", { name, genres: ["jazz"] });
    await paints(ana, `/stages/${id}/cover`, colour);
  }
  await paints(ana, `${stage.replace("/s/", "/stages/")}/cover`, "#1d5fae");
  await page.getByRole("link", { name: "Lobby" }).first().click();
  const front = page.locator(".front .stage-card");
  await front.getByText("Late shift").waitFor();
  await page.waitForFunction(() => document.querySelector(".front [data-washed]"));
  assert.equal(await page.locator(".front").count(), 1);
  await pictured(ana, "lobby");
  await page.keyboard.press("Control+k");
  await page.getByRole("option").first().waitFor();
  await page.keyboard.type("harbour");
  await page.getByRole("option", { name: /^Harbour lights/ }).waitFor();
  await pictured(ana, "palette");
  await page.keyboard.press("Escape");
  await page.getByRole("searchbox").fill("shift");
  await page.waitForFunction(() => !document.querySelector(".front"));
  ana.hasNoProblems();
});
