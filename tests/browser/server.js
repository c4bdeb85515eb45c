// The real program as a child process, on a port of its own choice, over a temporary folder.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const binary = process.env.OCTAVE_BINARY ?? new URL("../../target/debug/octave", import.meta.url).pathname;

export class Server {
  #child;
  #data;
  #listen;
  #options;
  url;

  static async start(...options) {
    const server = new Server();
    server.#options = options;
    server.#data = await mkdtemp(join(tmpdir(), "octave-browser-"));
    server.#listen = "127.0.0.1:0";
    await server.#run();
    return server;
  }

  /** Kills it as a power cut would, and starts it again at the same address. */
  async crashAndRestart() {
    await this.#end("SIGKILL");
    await this.#run();
  }

  /** Stops it politely, and starts it again at the same address. */
  async restart() {
    await this.#end("SIGTERM");
    await this.#run();
  }

  /** Stops it politely, and starts it again at the same address as its operator wants it now. */
  async restartWith(...options) {
    this.#options = options;
    await this.restart();
  }

  /** Is away while somebody does something, and then there again at the same address. */
  async away(meanwhile) {
    await this.#end("SIGTERM");
    await meanwhile();
    await this.#run();
  }

  /** Takes in a folder of music as this user's, and goes on at the same address. */
  async imports(folder, user) {
    await this.#end("SIGTERM");
    execFileSync(binary, ["import", "--data", this.#data, "--user", user, folder], { stdio: "ignore" });
    await this.#run();
  }

  async stop() {
    await this.#end("SIGTERM");
    await rm(this.#data, { recursive: true, force: true });
  }

  async #end(signal) {
    const exit = once(this.#child, "exit");
    this.#child.kill(signal);
    await exit;
  }

  async #run() {
    const args = ["serve", "--listen", this.#listen, "--data", this.#data, ...this.#options];
    this.#child = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"] });
    const said = [];
    this.url = await new Promise((resolve, reject) => {
      const read = (line) => {
        said.push(line);
        if (process.env.OCTAVE_TEST_LOG) console.error(line);
        const found = line.match(/http:\/\/(127\.0\.0\.1:[1-9]\d*)/);
        if (found) resolve(found[0]);
      };
      createInterface({ input: this.#child.stdout }).on("line", read);
      createInterface({ input: this.#child.stderr }).on("line", read);
      this.#child.once("error", reject);
      this.#child.once("exit", (code) => reject(new Error(`the server ended (${code}):\n${said.join("\n")}`)));
    });
    this.#listen = new URL(this.url).host;
  }
}
