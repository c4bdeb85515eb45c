/** A stage with listeners in it: real server, real browsers, each behind its own line and at its own loudspeaker. */

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { launch, openPage, otherClock } from "./chromium.mjs";
import { openFirefox } from "./firefox.mjs";
import { startOctave } from "./octave.mjs";
import { startPipeWire } from "./pipewire.mjs";
import { CHANNELS, RATE, startRoom } from "./pulse.mjs";
import { LINES, seeded, startRelay } from "./relay.mjs";
import { channelsOf, noiseWav } from "./signal.mjs";

const WEB = join(import.meta.dirname, "../../../web");
/** By how much each page's wall clock is wrong, in milliseconds. */
const WRONG_BY = [0, 90_000, -3_600_000, 5_000];

/** What a page has to say of itself; `block` is how much it renders at once, in milliseconds. */
const NOTES = `({
  block: (globalThis.theContext?.baseLatency ?? 0) * 1e3,
  views: globalThis.rig?.views ?? [],
  probes: globalThis.rig?.probes ?? [],
  log: globalThis.rig?.log ?? [],
})`;

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** `keep`: a folder for the recordings themselves; `sound`: the sound system, `blockMs` the block that its sink is pinned to. */
export async function setUp({ keep, sound = "pulse", blockMs = 10 } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "octave-rig-"));
  const [listener, bareScript] = ["listener", "bare"].map((name) => bundle(join(import.meta.dirname, `${name}.ts`), folder));
  const worker = bundle(join(WEB, "src/sync/song/worker.ts"), folder);
  const script = `globalThis.workerScript = ${JSON.stringify(worker)}; ${listener}`;
  const octave = await startOctave();
  const speakers = sound === "pipewire" ? await startPipeWire({ blockMs }) : await startRoom({ blockMs });
  const host = await octave.person("host");
  const songs = [];
  for (let i = 1; i <= 4; i++) songs.push(await octave.song(host.token, `Noise ${i}`, noiseWav(40, i), `noise${i}.wav`));
  let people = 0;
  const notes = { recordings: [], listeners: [] };

  return {
    octave,
    sound,
    songs,
    folder,
    song: (title, wav) => octave.song(host.token, title, wav, `${title}.wav`),
    /** Noise as MP3: what is played in pieces. */
    async longSong(seconds) {
      const [wav, mp3] = [join(folder, "long.wav"), join(folder, "long.mp3")];
      await writeFile(wav, noiseWav(seconds, 99));
      execFileSync("ffmpeg", ["-v", "error", "-y", "-i", wav, "-b:a", "192k", mp3]);
      return octave.song(host.token, "Long noise", await readFile(mp3), "long.mp3");
    },
    async stage(more = {}) {
      return octave.api(host.token, "POST", "/stages", { name: "Rig", control: "everyone", ...more });
    },
    /** Somebody joins `stage` at loudspeaker `seat`, over a line of the named kind. */
    async listener(stage, seat, line, options) {
      const person = seat === 0 ? host : await octave.person(`listener${++people}`);
      return openListener({ octave, speakers, script, bareScript, notes }, stage, person, seat, line, options);
    },
    /** Records while `act` runs; gives channels, the load, and what `mark` noted (in seconds of the recording). */
    async recording(act) {
      const file = join(folder, "room.f32");
      const { stop, secondsAt } = speakers.record(file);
      const began = performance.now();
      await sleep(400);
      const noted = [];
      const before = loadavg()[0];
      await act((what, at = performance.now()) => noted.push({ at, what }));
      const load = Math.max(before, loadavg()[0]);
      await stop();
      if (keep) await copyFile(file, join(keep, `${notes.recordings.length}.f32`));
      const channels = Object.assign(channelsOf(await readFile(file), CHANNELS), { recording: notes.recordings.length });
      const marks = noted.map(({ at, what }) => ({ at: secondsAt(at), what }));
      const clock = [began + 500, performance.now()].map((at) => [performance.timeOrigin + at, secondsAt(at)]);
      notes.recordings.push({ clock, marks });
      return { channels, marks, load, seconds: channels[0].length / RATE };
    },
    /** What the recordings and the players of a scenario had to say beside its figures; then forgotten. */
    takeNotes() {
      return { recordings: notes.recordings.splice(0), listeners: notes.listeners.splice(0) };
    },
    async tearDown() {
      await speakers.stop();
      await octave.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A page of `person`'s, in a browser of its own that plays into loudspeaker `seat`. */
async function openListener(of, stage, person, seat, line, { ppm = 0, shim = "", site, bare, firefox = false } = {}) {
  const { octave, speakers, script, bareScript, notes } = of;
  const relay = await startRelay(octave.port, LINES[line](seeded(seat + 1)));
  const url = `http://127.0.0.1:${relay.port}`;
  const options = {
    site,
    before: otherClock(WRONG_BY[seat], ppm) + shim,
    cookies: [{ name: "octave_session", value: person.token, url }],
    log: (text) => console.log(`    listener ${seat}: ${text}`),
  };
  const { page, close } = await (firefox ? openFirefox : openChromium)(speakers.of(seat), site ? `${url}/s/${stage.id}` : `${url}/`, options);
  await sleep(300);
  if (bare) await page.evaluate(`${bareScript}; bare(${JSON.stringify(bare.audio_url)}).then((it) => { globalThis.rig = it; })`);
  else if (!site) await page.evaluate(`(() => { ${script}; globalThis.rig = listen(${stage.id}); return globalThis.rig.inside; })()`);
  return {
    seat,
    relay,
    page,
    ask: (frame) => page.evaluate(`rig.request(${JSON.stringify({ stage: stage.id, ...frame })})`),
    status: () => page.evaluate("(() => { const { positionUs, ...s } = rig.engine.status(); return s; })()"),
    log: () => page.evaluate("rig.log"),
    /** The offset by hand: how late this listener's sound is said to be, in milliseconds. */
    setOffset: (ms) => page.evaluate(`rig.engine.setOffsetMs(${ms})`),
    isolated: () => page.evaluate("crossOriginIsolated"),
    async leave() {
      notes.listeners.push({ seat, ...(await page.evaluate(NOTES)) });
      await close();
      relay.close();
    },
  };
}

async function openChromium(speaker, url, options) {
  const browser = await launch(speaker);
  return { page: await openPage(browser, url, options), close: () => browser.close() };
}

function bundle(from, folder) {
  const out = join(folder, `${basename(from, ".ts")}.js`);
  const rolldown = join(WEB, "node_modules/.bin/rolldown");
  execFileSync(rolldown, [from, "--format", "iife", "-o", out], { cwd: WEB, stdio: "ignore" });
  return readFileSync(out, "utf8");
}

/** The web client's own files, built anew: what a page asks for by its path. */
export function buildSite(folder) {
  execFileSync("npm", ["run", "build"], { cwd: WEB, stdio: "ignore", env: { ...process.env, OCTAVE_WEB_OUT: folder } });
  const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2" };
  return async (path) => {
    const file = extname(path) ? path : "/index.html";
    return { type: types[extname(file)] ?? "application/octet-stream", body: await readFile(join(folder, file)).catch(() => Buffer.alloc(0)) };
  };
}

/** Listeners on `lines` in a new stage, clocks measured and devices settled, `songs` queued. */
export async function gather(rig, lines, songs, { options = [], settle = 4_000, stage: more = {} } = {}) {
  const stage = await rig.stage(more);
  const listeners = await Promise.all(lines.map((line, seat) => rig.listener(stage, seat, line, options[seat])));
  for (const song of songs) await listeners[0].ask({ type: "queue", action: "add", song: song.id });
  await sleep(settle);
  return { stage, listeners, leave: () => Promise.all(listeners.map((l) => l.leave())) };
}
