/** A stage with listeners in it: real server, real browsers, each behind its own line and at its own loudspeaker. */

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { launch, openPage, otherClock } from "./chromium.mjs";
import { startOctave } from "./octave.mjs";
import { CHANNELS, RATE, startRoom } from "./pulse.mjs";
import { LINES, seeded, startRelay } from "./relay.mjs";
import { channelsOf, noiseWav } from "./signal.mjs";

const WEB = join(import.meta.dirname, "../../../web");
/** By how much each page's wall clock is wrong, in milliseconds. */
const WRONG_BY = [0, 90_000, -3_600_000, 5_000];

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export async function setUp() {
  const folder = await mkdtemp(join(tmpdir(), "octave-rig-"));
  const bundle = join(folder, "listener.js");
  const rolldown = join(WEB, "node_modules/.bin/rolldown");
  execFileSync(rolldown, [join(import.meta.dirname, "listener.ts"), "--format", "iife", "-o", bundle], { cwd: WEB, stdio: "ignore" });
  const script = readFileSync(bundle, "utf8");
  const octave = await startOctave();
  const speakers = await startRoom();
  const host = await octave.person("host");
  const songs = [];
  for (let i = 1; i <= 4; i++) songs.push(await octave.song(host.token, `Noise ${i}`, noiseWav(40, i), `noise${i}.wav`));
  let people = 0;

  return {
    octave,
    songs,
    /** Noise as MP3: what is played in pieces. */
    async longSong(seconds) {
      const [wav, mp3] = [join(folder, "long.wav"), join(folder, "long.mp3")];
      await writeFile(wav, noiseWav(seconds, 99));
      execFileSync("ffmpeg", ["-v", "error", "-y", "-i", wav, "-b:a", "192k", mp3]);
      return octave.song(host.token, "Long noise", await readFile(mp3), "long.mp3");
    },
    async stage() {
      return octave.api(host.token, "POST", "/stages", { name: "Rig", control: "everyone" });
    },
    /** Somebody joins `stage` at loudspeaker `seat`, over a line of the named kind. */
    async listener(stage, seat, line, { ppm = 0, shim = "" } = {}) {
      const person = seat === 0 ? host : await octave.person(`listener${++people}`);
      const relay = await startRelay(octave.port, LINES[line](seeded(seat + 1)));
      const browser = await launch({ sink: speakers.sinks[seat], pulse: speakers.pulse });
      const url = `http://127.0.0.1:${relay.port}`;
      const page = await openPage(browser, `${url}/`, {
        before: otherClock(WRONG_BY[seat], ppm) + shim,
        cookies: [{ name: "octave_session", value: person.token, url }],
        log: (text) => console.log(`    listener ${seat}: ${text}`),
      });
      await sleep(300);
      await page.evaluate(`${script}; globalThis.rig = listen(${stage.id}); rig.inside`);
      return {
        seat,
        relay,
        page,
        ask: (frame) => page.evaluate(`rig.request(${JSON.stringify({ stage: stage.id, ...frame })})`),
        status: () => page.evaluate("(() => { const { positionUs, ...s } = rig.engine.status(); return s; })()"),
        log: () => page.evaluate("rig.log"),
        isolated: () => page.evaluate("crossOriginIsolated"),
        async leave() {
          await browser.close();
          relay.close();
        },
      };
    },
    /** Records while `act` runs; gives channels, the load, and what `mark` noted (in seconds of the recording). */
    async recording(act) {
      const file = join(folder, "room.f32");
      const stop = speakers.record(file);
      const began = performance.now();
      await sleep(400);
      const marks = [];
      const mark = (what) => marks.push({ at: (performance.now() - began) / 1000, what });
      const before = loadavg()[0];
      await act(mark);
      const load = Math.max(before, loadavg()[0]);
      await stop();
      const channels = channelsOf(await readFile(file), CHANNELS);
      return { channels, marks, load, seconds: channels[0].length / RATE };
    },
    async tearDown() {
      await speakers.stop();
      await octave.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
