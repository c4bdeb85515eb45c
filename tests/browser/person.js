// Somebody at a browser of their own: finds things by what they are called, as a person or a screen reader would.
import assert from "node:assert/strict";

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

export class Person {
  constructor(name, page) {
    this.name = name;
    this.page = page;
    this.problems = [];
  }

  /** What is in `before` runs in each of the person's pages, in order, ahead of the page's own code. */
  static async arrives(browser, url, name, ...before) {
    const context = await browser.newContext({ baseURL: url, viewport: { width: 1280, height: 800 } });
    for (const script of before) await context.addInitScript(script);
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const person = new Person(name, page);
    page.on("pageerror", (error) => person.problems.push(error));
    await page.goto("/");
    return person;
  }

  async registers() {
    await this.page.getByRole("link", { name: "Sign in" }).first().click();
    await this.page.getByText("New here? Create an account").click();
    await this.page.getByLabel("Username", { exact: true }).fill(this.name);
    await this.page.getByLabel("Email").fill(`${this.name}@example.org`);
    await this.page.getByLabel("Password").fill("correct horse battery");
    await this.page.getByRole("button", { name: "Create account" }).click();
    await this.page.getByRole("button", { name: "Your menu" }).waitFor();
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
    await this.page.getByRole("button", { name: "Add songs" }).first().click();
    const dialog = this.page.getByRole("dialog");
    await dialog.getByLabel("Search songs").fill(title);
    await dialog.getByRole("button", { name: new RegExp(`${title}`) }).first().click();
    await dialog.getByRole("button", { name: "Close" }).click();
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

  /** Sees that this song plays. */
  async seesPlaying(title) {
    await this.page.getByRole("button", { name: "Mute" }).waitFor();
    await this.page.getByRole("region", { name: "Now playing" }).getByText(title).first().waitFor();
  }

  /** Seconds into the song, as the page shows it. */
  async position() {
    return Number(await this.page.getByRole("slider", { name: "Position" }).getAttribute("aria-valuenow"));
  }

  async reloads() {
    await this.page.reload();
  }

  /** The page did not throw. */
  hasNoProblems() {
    assert.deepEqual(this.problems, [], `${this.name}'s page threw`);
  }
}
