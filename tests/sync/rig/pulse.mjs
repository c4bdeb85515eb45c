/**
 * A room of loudspeakers without hardware: one null sink with a channel per listener, a mono sink on each channel, and
 * one recording of all of them, sample by sample.
 */

import { spawn } from "node:child_process";
import { mkdtemp, mkdir, rm } from "node:fs/promises";
import { createWriteStream } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:net";
import { endWithUs } from "./children.mjs";

export const RATE = 48_000;
export const CHANNELS = 4;
const PLACES = ["front-left", "front-right", "rear-left", "rear-right"];

/**
 * Starts a private sound server; what plays on the speaker `of(i)` is channel `i` of the recording. `blockMs` is the block
 * that the sink is pinned to.
 */
export async function startRoom({ blockMs = 10 } = {}) {
  const home = await mkdtemp(join(tmpdir(), "octave-room-"));
  const socket = join(home, "native");
  await mkdir(join(home, "run"), { mode: 0o700 });
  const modules = [`module-native-protocol-unix auth-anonymous=1 socket=${socket}`, ...sinks()];
  const args = ["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--log-target=stderr"];
  const env = { ...process.env, HOME: home, XDG_RUNTIME_DIR: join(home, "run"), PULSE_RUNTIME_PATH: join(home, "run") };
  const server = spawn("pulseaudio", [...args, ...modules.flatMap((m) => ["-L", m])], { env, stdio: "ignore" });
  endWithUs(server);
  await reachable(socket);
  const pulse = `unix:${socket}`;
  const pin = hold(pulse, env, blockMs);
  return {
    of: (i) => ({ sink: nameOf(i), pulse }),
    record: (file) => record(file, pulse, env),
    async stop() {
      pin.kill();
      await ended(server);
      await rm(home, { recursive: true, force: true });
    },
  };
}

const nameOf = (i) => `listener${i}`;

/** The modules of a room: a sink with a channel per place, and a mono sink on each. */
export function sinks() {
  return [
    `module-null-sink sink_name=room rate=${RATE} format=float32le channels=${CHANNELS} channel_map=${PLACES.join(",")}`,
    ...PLACES.map((place, i) => `module-remap-sink sink_name=${nameOf(i)} master=room channels=1 channel_map=mono master_channel_map=${place} remix=no`),
  ];
}

/** Pins the sink's block: at its own choice of 20 ms and more, Chromium's latency settles late. */
export function hold(pulse, env, blockMs) {
  const args = ["--playback", "--raw", "--format=float32le", `--rate=${RATE}`, "--channels=1", "--device=room", `--latency-msec=${blockMs}`, "/dev/zero"];
  const pin = spawn("pacat", args, { env: { ...env, PULSE_SERVER: pulse }, stdio: "ignore" });
  endWithUs(pin);
  return pin;
}

/**
 * Records all channels as interleaved 32-bit floats into a file. Returns how to stop, and `secondsAt(time)`: which second
 * of the recording was heard at a time (`performance.now()`).
 */
export function record(file, pulse, env) {
  const out = createWriteStream(file);
  const args = ["--raw", "--format=float32le", `--rate=${RATE}`, `--channels=${CHANNELS}`, `--channel-map=${PLACES.join(",")}`, "--device=room.monitor", "--latency-msec=50"];
  const parec = spawn("parec", args, { env: { ...env, PULSE_SERVER: pulse }, stdio: ["ignore", "pipe", "ignore"] });
  endWithUs(parec);
  parec.stdout.pipe(out);
  const clock = new RecordingClock();
  let bytes = 0;
  parec.stdout.on("data", (chunk) => {
    bytes += chunk.length;
    clock.heard(performance.now(), bytes / 4 / CHANNELS / RATE);
  });
  const stop = async () => {
    const closed = new Promise((done) => out.once("close", done));
    parec.kill("SIGTERM");
    await closed;
  };
  return { stop, secondsAt: (time) => clock.secondsAt(time) };
}

export async function ended(server) {
  const gone = new Promise((done) => server.once("exit", done));
  server.kill("SIGTERM");
  await gone;
}

/**
 * A null sink's clock is some hundred ppm fast (it counts whole microseconds per chunk, and chunks are small): time of the
 * recording and true time part by tens of milliseconds in a minute. Of each second the chunk that was here first counts.
 */
class RecordingClock {
  #lags = [];

  /** `seconds` of the recording were here at `time`, in milliseconds. */
  heard(time, seconds) {
    const second = Math.floor(seconds);
    const lag = time / 1000 - seconds;
    if (lag < (this.#lags[second] ?? Infinity)) this.#lags[second] = lag;
  }

  secondsAt(time) {
    let seconds = time / 1000 - this.#lags[0];
    for (let i = 0; i < 3; i++) seconds = time / 1000 - this.#lagAt(seconds);
    return seconds;
  }

  /** Between the middles of two seconds as the crow flies. */
  #lagAt(seconds) {
    const last = this.#lags.length - 1;
    const place = Math.min(last, Math.max(0, seconds - 0.5));
    const [before, after] = [this.#lags[Math.floor(place)], this.#lags[Math.ceil(place)]];
    return before + (after - before) * (place - Math.floor(place));
  }
}

export async function reachable(socket) {
  for (let i = 0; i < 100; i++) {
    const ok = await new Promise((done) => {
      const c = connect(socket, () => {
        c.destroy();
        done(true);
      });
      c.once("error", () => done(false));
    });
    if (ok) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error("pulseaudio did not start");
}
