/** A real server with its data in a temporary folder, and what the rig asks of it over HTTP. */

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endWithUs } from "./children.mjs";

const ROOT = join(import.meta.dirname, "../../..");

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((done) => probe.once("listening", done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

export async function startOctave({ binary = process.env.OCTAVE_BINARY ?? join(ROOT, "target/debug/octave") } = {}) {
  const data = await mkdtemp(join(tmpdir(), "octave-data-"));
  const port = await freePort();
  let child;
  const start = async () => {
    child = spawn(binary, ["serve", "--listen", `127.0.0.1:${port}`, "--data", data, "--limits", "off"], {
      env: { ...process.env, OCTAVE_LOG: process.env.OCTAVE_LOG ?? "warn" },
      stdio: ["ignore", "ignore", "inherit"],
    });
    endWithUs(child);
    for (let i = 0; ; i++) {
      if (await fetch(`http://127.0.0.1:${port}/readyz`).then((r) => r.ok, () => false)) return;
      if (i > 200 || child.exitCode !== null) throw new Error(`${binary} does not start`);
      await new Promise((done) => setTimeout(done, 50));
    }
  };
  const end = async () => {
    const gone = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    await gone;
  };
  await start();

  const api = async (token, method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body && !(body instanceof FormData) ? { "content-type": "application/json" } : {}),
      },
      body: body && !(body instanceof FormData) ? JSON.stringify(body) : body,
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.status === 204 ? null : response.json();
  };
  return {
    port,
    api,
    async person(username) {
      const { token } = await api(null, "POST", "/auth/register", {
        username,
        email: `${username}@example.org`,
        password: "correct horse battery",
      });
      return { username, token };
    },
    async song(token, title, bytes, name) {
      const form = new FormData();
      form.set("file", new Blob([bytes]), name);
      form.set("title", title);
      return api(token, "POST", "/songs", form);
    },
    async restart() {
      await end();
      await start();
    },
    async stop() {
      await end();
      await rm(data, { recursive: true, force: true });
    },
  };
}
