// What the desktop sees: Chromium shows a page that plays as an MPRIS player on the session's bus, and media keys and lock
// screens go by that. A bus of the test's own stands in for the desktop.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";

import { wav } from "./audio.js";
import { Person, launch } from "./person.js";
import { Server } from "./server.js";

const PLAYER = "org.mpris.MediaPlayer2.Player";

let server, browser, bus, env, ana;

before(async () => {
  bus = spawn("dbus-daemon", ["--session", "--nofork", "--print-address"], { stdio: ["ignore", "pipe", "ignore"] });
  const [address] = await once(createInterface({ input: bus.stdout }), "line");
  env = { ...process.env, DBUS_SESSION_BUS_ADDRESS: address };
  server = await Server.start();
  browser = await launch("no-user-gesture-required", env);
  ana = await Person.arrives(browser, server.url, "ana");
  await ana.registers();
  await ana.uploads("Harbour lights.wav", wav({ hertz: 220, seconds: 240 }));
  await ana.opensStage("Late shift");
  await ana.queues("Harbour lights");
  await ana.presses("Play for everyone");
  await ana.seesPlaying("Harbour lights");
});

after(async () => {
  await browser?.close();
  await server?.stop();
  bus?.kill();
});

function send(...call) {
  return execFileSync("dbus-send", ["--session", "--print-reply", ...call], { env, encoding: "utf8" });
}

/** Asks again until the answer fits: the desktop is told a little after the page. */
async function eventually(ask, fits, what) {
  for (let tries = 0; tries < 100; tries++) {
    const answer = ask();
    const found = answer.match(fits);
    if (found) return found;
    await ana.page.waitForTimeout(100);
  }
  assert.fail(`${what}: ${ask()}`);
}

test("the desktop shows the song, and its pause and play steer the stage", async () => {
  const names = () => send("--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.ListNames");
  const [player] = await eventually(names, /org\.mpris\.MediaPlayer2\.chromium[\w.]*/, "no player");
  const call = (method, ...of) => send(`--dest=${player}`, "/org/mpris/MediaPlayer2", method, ...of);
  const read = (name) => () => call("org.freedesktop.DBus.Properties.Get", `string:${PLAYER}`, `string:${name}`);
  await eventually(read("Metadata"), /"Harbour lights"/, "the song's title");
  await eventually(read("PlaybackStatus"), /"Playing"/, "it plays");
  call(`${PLAYER}.Pause`);
  await ana.page.getByRole("button", { name: "Play for everyone" }).waitFor();
  await eventually(read("PlaybackStatus"), /"Paused"/, "it is paused");
  call(`${PLAYER}.Play`);
  await ana.page.getByRole("button", { name: "Pause for everyone" }).waitFor();
  await eventually(read("PlaybackStatus"), /"Playing"/, "it plays again");
  ana.hasNoProblems();
});
