// Somebody at a browser of their own: finds things by what they are called, as a person or a screen reader would.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";

import { chromium } from "playwright-core";

/**
 * Debian's Chromium; sound goes through a real audio clock even without a device. `autoplay` is what the browser says
 * to sound that nobody asked for by a click.
 */
export const launch = (autoplay = "no-user-gesture-required", env = process.env, ...more) =>
  chromium.launch({
    env,
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", `--autoplay-policy=${autoplay}`, ...more],
  });

/** A browser to which this machine is one of a home network, by a name and without https: not a secure context. */
export const launchAtHome = () => launch(undefined, undefined, "--host-resolver-rules=MAP music.home 127.0.0.1");
export const atHome = (url) => url.replace("127.0.0.1", "music.home");
/** Keeps what may sound in a page, so that a test can ask whether it does; runs ahead of the page's own code. */
export function keepSounds() {
  globalThis.sounds = { contexts: [], elements: [] };
  const { AudioContext: Context, Audio: Element } = globalThis;
  globalThis.AudioContext = class extends Context {
    constructor(...of) {
      super(...of);
      globalThis.sounds.contexts.push(this);
    }
  };
  globalThis.Audio = class extends Element {
    constructor(...of) {
      super(...of);
      globalThis.sounds.elements.push(this);
    }
  };
}

const soundsOrNot = (wanted) => {
  const { contexts, elements } = globalThis.sounds;
  const heard = contexts.some((context) => context.state === "running") || elements.some((element) => !element.paused);
  return heard === wanted;
};

/** How long something that is waited for may take on a busy machine. */
const PATIENCE_MS = Number(process.env.OCTAVE_TEST_PATIENCE_MS ?? 20_000);
const PASSWORD = "correct horse battery";

export class Person {
  constructor(name, page) {
    this.name = name;
    this.page = page;
    this.problems = [];
    /** The frames that this page has sent, in order. */
    this.sent = [];
    page.on("pageerror", (error) => this.problems.push(error));
    page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => this.sent.push(JSON.parse(payload))));
  }

  /** What is in `before` runs in each of the person's pages, in order, ahead of the page's own code. */
  static arrives(browser, url, name, ...before) {
    return Person.#comes(browser, url, name, { viewport: { width: 1280, height: 800 } }, before);
  }

  /** With a phone in hand, of this many pixels. */
  static arrivesOnPhone(browser, url, name, width = 390, height = 844, ...before) {
    return Person.#comes(browser, url, name, { viewport: { width, height }, hasTouch: true, isMobile: true }, before);
  }

  /** With the service worker, which answers before a test's `route` does: app.test.js is about it, the others do without. */
  static arrivesWithWorker(browser, url, name, ...before) {
    const device = { viewport: { width: 1280, height: 800 }, serviceWorkers: "allow" };
    return Person.#comes(browser, url, name, device, before);
  }

  static async #comes(browser, url, name, device, before) {
    const context = await browser.newContext({ baseURL: url, serviceWorkers: "block", ...device });
    for (const script of before) await context.addInitScript(script);
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const person = new Person(name, page);
    await page.goto("/");
    return person;
  }

  /** Somebody with an account, which was made the short way. */
  static async known(browser, url, name, ...before) {
    const person = await Person.arrives(browser, url, name, ...before);
    await person.hasAnAccount();
    await person.reloads();
    await person.page.getByRole("button", { name: "Your menu" }).waitFor();
    return person;
  }

  /** From now on, for what the page asks; it says so when it is loaded anew. */
  hasAnAccount() {
    const { name } = this;
    return this.asks("POST", "/auth/register", { username: name, email: `${name}@example.org`, password: PASSWORD });
  }

  /** A second tab of the same browser. */
  async opensTab(path) {
    const page = await this.page.context().newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const tab = new Person(this.name, page);
    await page.goto(path);
    return tab;
  }

  /**
   * A tab that asks for a touch before it sounds. Whatever a test asks of a page counts as a touch, for the pages that follow it in the
   * tab too: this one is new, and says by itself when the button is there.
   */
  async opensUntouchedTab(path, listens = () => undefined) {
    const page = await this.page.context().newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.addInitScript(() => {
      const look = setInterval(() => {
        if (![...document.querySelectorAll("button")].some((button) => button.textContent.startsWith("Listen"))) return;
        clearInterval(look);
        console.debug("asks for a touch");
      }, 50);
    });
    const tab = new Person(this.name, page);
    listens(page);
    const asks = page.waitForEvent("console", (message) => message.text() === "asks for a touch");
    await page.goto(path);
    await asks;
    return tab;
  }

  /** Talks to the server as the page would; for what a test needs and is not about. */
  async asks(method, path, data, expected = [200, 201, 204]) {
    const answer = await this.page.request.fetch(`/api/v1${path}`, { method, data });
    assert.ok(expected.includes(answer.status()), `${method} ${path}: ${answer.status()} ${await answer.text()}`);
    return answer.status() === 204 ? null : answer.json();
  }

  /** Puts a song into the library without the page. */
  async has(fileName, audio) {
    const file = { name: fileName, mimeType: "audio/wav", buffer: audio };
    const answer = await this.page.request.post("/api/v1/songs", { multipart: { file } });
    assert.equal(answer.status(), 201, await answer.text());
    return answer.json();
  }

  async registers() {
    await this.page.getByRole("link", { name: "Sign in" }).first().click();
    await this.page.getByText("New here? Create an account").click();
    await this.fillsIn();
    await this.page.getByRole("button", { name: "Your menu" }).waitFor();
  }

  /** Fills in the form that makes an account. */
  async fillsIn() {
    await this.page.getByLabel("Username", { exact: true }).fill(this.name);
    await this.page.getByLabel("Email").fill(`${this.name}@example.org`);
    await this.page.getByLabel("Password").fill(PASSWORD);
    await this.page.getByRole("button", { name: "Create account" }).click();
  }

  /** Signs in where the form is. */
  async signsIn() {
    await this.page.getByLabel("Username or email").fill(this.name);
    await this.page.getByLabel("Password").fill(PASSWORD);
    await this.page.getByRole("button", { name: "Sign in", exact: true }).click();
  }

  /** Drops a file into the library and waits until it is there. */
  async uploads(fileName, audio) {
    await this.page.getByRole("link", { name: "Library" }).first().click();
    await this.page.locator('input[type="file"]').first().setInputFiles({ name: fileName, mimeType: "audio/wav", buffer: audio });
    await this.page.getByText("In the library").first().waitFor();
  }

  async opensStage(name) {
    await this.page.getByRole("link", { name: "Lobby" }).first().click();
    await this.page.getByRole("button", { name: "Open a stage" }).first().click();
    const dialog = this.page.getByRole("dialog");
    await dialog.getByLabel("Name", { exact: true }).fill(name);
    await dialog.getByRole("button", { name: "Open the stage" }).click();
    await this.page.getByRole("heading", { name }).first().waitFor();
  }

  async queues(title) {
    await this.triesToQueue(title, (dialog, song) => song.and(dialog.locator("[aria-pressed=true]")).waitFor());
  }

  /** Presses what adds a song; what is looked for before the dialog is closed says what came of it. */
  async triesToQueue(title, looks = () => undefined) {
    await this.page.getByRole("button", { name: "Add songs" }).first().click();
    const dialog = this.page.getByRole("dialog");
    // What was there before the answer is drawn anew with it, and a press that falls between the two is lost.
    const found = this.page.waitForResponse((answer) => /\/songs\?.*q=/.test(answer.url()));
    await dialog.getByLabel("Search songs").fill(title);
    await found;
    const song = dialog.getByRole("button", { name: new RegExp(`${title}`) }).first();
    await song.click();
    await looks(dialog, song);
    await dialog.getByRole("button", { name: "Close" }).click();
    await dialog.waitFor({ state: "detached" });
  }

  /** Opens a menu and chooses from it. */
  async chooses(menu, item) {
    await this.page.getByRole("button", { name: menu }).first().click();
    await this.page.getByRole("menuitem", { name: item }).click();
  }

  async presses(button) {
    await this.page.getByRole("button", { name: button }).first().click();
  }

  /** Comes in by the lobby, as somebody who sees the stage in the list. */
  async enters(stage) {
    await this.page.getByRole("link", { name: new RegExp(stage) }).first().click();
    await this.page.getByRole("heading", { name: stage }).first().waitFor();
  }

  /** Sees this count of listeners in the stage's list of people. */
  async sees(count) {
    await this.page.getByRole("heading", { name: `People ${count}`, exact: true }).waitFor();
  }

  async says(line) {
    await this.page.getByPlaceholder("Say something").fill(line);
    await this.page.keyboard.press("Enter");
  }

  /** Sees this line of the conversation, once. */
  async reads(line) {
    const lines = this.page.getByRole("log").getByText(line, { exact: true });
    await lines.first().waitFor();
    assert.equal(await lines.count(), 1, `${this.name} reads "${line}" more than once`);
  }

  /** Sees that this song plays; what comes next is named there, too. */
  async seesPlaying(title) {
    await this.page.getByRole("region", { name: "Now playing" }).getByRole("heading", { name: title }).waitFor();
  }

  /** Seconds into the song, as the page shows it. */
  async position() {
    return Number(await this.page.getByRole("slider", { name: "Position" }).getAttribute("aria-valuenow"));
  }

  async isHeard() {
    await this.page.waitForFunction(soundsOrNot, true);
  }

  /** Nothing sounds in this tab. */
  async isSilent() {
    await this.page.waitForFunction(soundsOrNot, false);
  }

  /** The page is as if no stage had ever been entered. */
  async hasLeftNothing() {
    await this.isSilent();
    await this.page.waitForFunction(() => document.title === "Octave");
    assert.equal(await this.page.locator('link[rel="icon"]').getAttribute("href"), "/icon.svg");
    assert.equal(await this.page.getByRole("complementary", { name: "Now playing" }).count(), 0, "a mini player");
    const media = await this.page.evaluate(() => [navigator.mediaSession.playbackState, navigator.mediaSession.metadata]);
    assert.deepEqual(media, ["none", null]);
    this.hasNoProblems();
  }

  /** Takes everybody to a place of the song, in seconds. */
  async seeks(seconds) {
    await this.page.getByRole("slider", { name: "Position" }).fill(String(seconds));
  }

  /** Sees that the song has come to a place, in seconds, and not beyond another one: the song before may have been further. */
  async seesPast(seconds, before = Number.MAX_VALUE) {
    const between = ([from, to]) => {
      const position = Number(document.querySelector('[aria-label="Position"]').ariaValueNow);
      return from <= position && position < to;
    };
    await this.page.waitForFunction(between, [seconds, before]);
  }

  async reloads() {
    await this.page.reload();
  }

  /** Keeps a picture of the screen where pictures are asked for, for who wants to look at them. */
  async pictured(name) {
    const folder = process.env.OCTAVE_TEST_PICTURES;
    if (!folder) return;
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: `${folder}/${name}.png` });
  }

  /** The page did not throw. */
  hasNoProblems() {
    assert.deepEqual(this.problems, [], `${this.name}'s page threw`);
  }
}
