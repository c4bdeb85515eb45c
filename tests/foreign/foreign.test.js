// The OpenAPI document as others' tools see it: linters find no error, generators make clients that work.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { Server } from "../browser/server.js";

const HERE = import.meta.dirname;
const DOCUMENT = join(HERE, "../../protocol/openapi.json");
const PYTHON = join(HERE, ".venv/bin");
const bin = (name) => join(HERE, "node_modules/.bin", name);

/** Runs a command; what it says of an error is the test's. */
async function run(command, args, options = {}) {
  const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
  const done = promisify(execFile)(command, args, { cwd: HERE, env, ...options });
  const { stdout } = await done.catch((error) => assert.fail(`${error.message}\n${error.stdout}\n${error.stderr}`));
  return stdout;
}

let server, work;

before(async () => {
  server = await Server.start();
  work = await mkdtemp(join(tmpdir(), "octave-foreign-"));
});

after(async () => {
  await server?.stop();
  await rm(work, { recursive: true, force: true });
});

test("Spectral finds no error", () => run(bin("spectral"), ["lint", DOCUMENT, "--ruleset", "spectral.yaml", "--fail-severity", "error"]));

test("Redocly finds no error", () => run(bin("redocly"), ["lint", DOCUMENT, "--config", "redocly.yaml", "--format", "stylish"]));

test("five calls by the types of openapi-typescript", async () => {
  await run(bin("openapi-typescript"), [DOCUMENT, "--output", join(work, "made/api.ts")]);
  await run("cp", [join(HERE, "five.ts"), work]);
  await symlink(join(HERE, "node_modules"), join(work, "node_modules"));
  await writeFile(join(work, "package.json"), '{"type":"module"}');
  const strict = ["--strict", "--target", "es2022", "--module", "nodenext", "--lib", "es2023,dom", "--types", "node", "--skipLibCheck"];
  await run(bin("tsc"), [...strict, "five.ts"], { cwd: work });
  const told = JSON.parse(await run("node", ["five.js", server.url], { cwd: work }));
  assert.deepEqual(told, { name: "typed", bio: "By types alone.", adding: "everyone", found: ["Typed"], refused: "stage_not_found" });
});

test("five calls by the client of openapi-python-client", async () => {
  const config = join(work, "config.yaml");
  await writeFile(config, "project_name_override: octave-client\npackage_name_override: octave_client\npost_hooks: []\n");
  const out = join(work, "python");
  const args = ["generate", "--path", DOCUMENT, "--config", config, "--output-path", out];
  await run(join(PYTHON, "openapi-python-client"), args);
  const env = { ...process.env, PYTHONPATH: out };
  const told = JSON.parse(await run(join(PYTHON, "python"), [join(HERE, "five.py"), server.url], { env }));
  assert.deepEqual(told, { name: "made", bio: "By a generator.", adding: "control", found: ["Made"], refused: "stage_not_found" });
});
