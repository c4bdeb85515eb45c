/** The same room of loudspeakers on PipeWire, which browsers and the recording reach by its PulseAudio protocol. */

import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endWithUs } from "./children.mjs";
import { ended, hold, reachable, record, sinks } from "./pulse.mjs";

export async function startPipeWire({ blockMs = 10 } = {}) {
  const home = await mkdtemp(join(tmpdir(), "octave-room-"));
  const run = join(home, "run");
  await mkdir(run, { mode: 0o700 });
  const env = { ...process.env, HOME: home, XDG_RUNTIME_DIR: run, PIPEWIRE_RUNTIME_DIR: run, PULSE_RUNTIME_PATH: join(run, "pulse") };
  const start = (command, ...args) => {
    const child = spawn(command, args, { env, stdio: "ignore" });
    endWithUs(child);
    return child;
  };
  // Its session manager wants a bus of its own.
  const servers = [start("pipewire")];
  await reachable(join(run, "pipewire-0"));
  servers.push(start("dbus-run-session", "--", "wireplumber"), start("pipewire-pulse"));
  const socket = join(run, "pulse", "native");
  await reachable(socket);
  const pulse = `unix:${socket}`;
  const pactl = (...args) => execFileSync("pactl", args, { env: { ...env, PULSE_SERVER: pulse }, encoding: "utf8" });
  for (const module of sinks()) pactl("load-module", ...module.split(" "));
  const pin = hold(pulse, env, blockMs);
  return {
    of: (i) => ({ sink: `listener${i}`, pulse }),
    record: (file) => record(file, pulse, env),
    async stop() {
      pin.kill();
      for (const server of servers.reverse()) await ended(server);
      await rm(home, { recursive: true, force: true });
    },
  };
}
