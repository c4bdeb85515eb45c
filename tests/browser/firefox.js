// Firefox as Debian has it, of which Playwright knows nothing: driven by Marionette, its own remote protocol, which is
// WebDriver's commands as JSON over TCP, each message after its length.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const binary = process.env.FIREFOX ?? "firefox-esr";
const PATIENCE_MS = Number(process.env.OCTAVE_TEST_PATIENCE_MS ?? 20_000);
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
/** WebDriver's names of keys that are not characters. */
export const KEYS = { Enter: "\uE007", Escape: "\uE00C", ArrowUp: "\uE013", ArrowDown: "\uE015" };

export class Firefox {
  #process;
  #profile;
  #socket;
  #received = Buffer.alloc(0);
  #waiting = new Map();
  #last = 0;

  /** `env` and `prefs` are added to what every test wants. */
  static async launch({ env = {}, prefs: more = {} } = {}) {
    const firefox = new Firefox();
    firefox.#profile = await mkdtemp(join(tmpdir(), "octave-firefox-"));
    const prefs = { "marionette.port": 0, "media.autoplay.default": 0, "browser.shell.checkDefaultBrowser": false, "datareporting.policy.dataSubmissionEnabled": false, ...more };
    const lines = Object.entries(prefs).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`);
    await writeFile(join(firefox.#profile, "user.js"), lines.join(""));
    const args = ["--headless", "--marionette", "--no-remote", "--profile", firefox.#profile];
    firefox.#process = spawn(binary, args, { stdio: "ignore", env: { ...process.env, HOME: firefox.#profile, ...env } });
    await firefox.#connect(await firefox.#port());
    await firefox.#ask("WebDriver:NewSession", {});
    await firefox.#ask("WebDriver:SetTimeouts", { implicit: PATIENCE_MS, script: PATIENCE_MS });
    await firefox.#ask("WebDriver:SetWindowRect", { width: 1280, height: 900 });
    return firefox;
  }

  async close() {
    const exit = once(this.#process, "exit");
    this.#process.kill();
    await exit;
    await rm(this.#profile, { recursive: true, force: true });
  }

  /** Firefox chooses a port and writes it down. */
  async #port() {
    for (let waited = 0; waited < PATIENCE_MS; waited += 50) {
      if (this.#process.exitCode !== null) throw new Error(`Firefox ended (${this.#process.exitCode})`);
      const port = Number(await readFile(join(this.#profile, "MarionetteActivePort"), "utf8").catch(() => ""));
      if (port > 0) return port;
      await pause(50);
    }
    throw new Error("Firefox did not open its port");
  }

  async #connect(port) {
    this.#socket = connect(port, "127.0.0.1");
    await once(this.#socket, "connect");
    this.#socket.on("data", (bytes) => {
      this.#received = Buffer.concat([this.#received, bytes]);
      for (let message = this.#message(); message; message = this.#message()) this.#answered(message);
    });
  }

  #message() {
    const colon = this.#received.indexOf(":");
    if (colon < 0) return null;
    const end = colon + 1 + Number(this.#received.subarray(0, colon));
    if (this.#received.length < end) return null;
    const message = JSON.parse(this.#received.subarray(colon + 1, end));
    this.#received = this.#received.subarray(end);
    return message;
  }

  /** What comes before the first command is Firefox saying who it is. */
  #answered(message) {
    if (!Array.isArray(message)) return;
    const [, id, error, result] = message;
    const { resolve, reject } = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) reject(new Error(`${error.error}: ${error.message}`));
    else resolve(result);
  }

  #ask(command, parameters) {
    const id = ++this.#last;
    const text = JSON.stringify([0, id, command, parameters]);
    this.#socket.write(`${Buffer.byteLength(text)}:${text}`);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  goes(url) {
    return this.#ask("WebDriver:Navigate", { url });
  }

  /** The element that this XPath finds, as soon as there is one. */
  async finds(xpath) {
    const { value } = await this.#ask("WebDriver:FindElement", { using: "xpath", value: xpath });
    return value[ELEMENT];
  }

  async clicks(xpath) {
    await this.#ask("WebDriver:ElementClick", { id: await this.finds(xpath) });
  }

  async types(xpath, text) {
    await this.#ask("WebDriver:ElementSendKeys", { id: await this.finds(xpath), text });
  }

  /** Keys to what has the focus. */
  async presses(...keys) {
    const actions = keys.flatMap((key) => ["keyDown", "keyUp"].map((type) => ({ type, value: KEYS[key] ?? key })));
    await this.#ask("WebDriver:PerformActions", { actions: [{ type: "key", id: "keyboard", actions }] });
  }

  /** What an expression comes to, awaited, in a scope of the tests' own around the page's; what it sets in `globalThis` the page has. */
  async comesTo(expression) {
    const script = `const done = arguments[0], globalThis = window;
      (async () => (${expression}))()
        .then((value) => done({ value: JSON.stringify(value) ?? null }), (error) => done({ error: String(error) + error?.stack }));`;
    const { value } = await this.#ask("WebDriver:ExecuteAsyncScript", { script, args: [], newSandbox: false });
    if (value.error) throw new Error(value.error);
    return value.value === null ? undefined : JSON.parse(value.value);
  }

  async keepsCookie(cookie) {
    await this.#ask("WebDriver:AddCookie", { cookie });
  }

  /** What a function of the page's makes of the arguments. */
  async evaluates(script, ...args) {
    const { value } = await this.#ask("WebDriver:ExecuteScript", { script: `return (${script})(...arguments)`, args });
    return value;
  }
}
