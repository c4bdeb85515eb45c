/**
 * Is a song in pieces the same, sample by sample, as the browser's own decoding of the whole? Files of each format and
 * several rates are made by ffmpeg, and compared in Chromium.
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, openPage } from "./rig/chromium.mjs";
import { noiseWav } from "./rig/signal.mjs";

const WEB = join(import.meta.dirname, "../../web");
const FILES = {
  "44100.wav": ["-ar", "44100"],
  "48000-24bit.wav": ["-c:a", "pcm_s24le"],
  "44100.flac": ["-ar", "44100"],
  "48000.flac": [],
  "96000-24bit.flac": ["-ar", "96000", "-sample_fmt", "s32"],
  "cbr-44100.mp3": ["-ar", "44100", "-b:a", "192k"],
  "vbr-48000.mp3": ["-q:a", "2"],
  "mono-22050.mp3": ["-ar", "22050", "-ac", "1", "-b:a", "64k"],
  "48000.opus": ["-b:a", "128k"],
  "44100.ogg": ["-c:a", "libvorbis", "-ar", "44100", "-q:a", "5"],
  "44100.m4a": ["-c:a", "aac", "-ar", "44100", "-b:a", "160k"],
};

const folder = mkdtempSync(join(tmpdir(), "octave-decode-"));
writeFileSync(join(folder, "source.wav"), noiseWav(25, 3));
for (const [name, args] of Object.entries(FILES)) {
  execFileSync("ffmpeg", ["-v", "error", "-y", "-i", join(folder, "source.wav"), "-af", "lowpass=9000,lowpass=9000", ...args, join(folder, name)]);
}
const bundle = join(folder, "pieces.js");
execFileSync(join(WEB, "node_modules/.bin/rolldown"), [join(import.meta.dirname, "rig/pieces.ts"), "-o", bundle], { cwd: WEB, stdio: "ignore" });

const server = createServer((request, response) => {
  const name = request.url.slice(1);
  if (!name) return response.setHeader("content-type", "text/html").end('<!doctype html><script src="/pieces.js"></script>');
  if (name === "favicon.ico") return response.writeHead(404).end();
  if (name.endsWith(".js")) response.setHeader("content-type", "text/javascript");
  response.end(readFileSync(join(folder, name)));
}).listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));

const browser = await launch({ sink: "", pulse: "" });
const page = await openPage(browser, `http://127.0.0.1:${server.address().port}/`, { log: console.log });
let wrong = 0;
try {
  for (const name of Object.keys(FILES)) {
    const r = await page.evaluate(
      `new Promise(d => (function wait() { globalThis.compare ? d() : setTimeout(wait, 20) })()).then(() => compare("/${name}", 48000))`,
    );
    if (!r.pieces) {
      console.log(`${name.padEnd(20)} as a whole`);
      continue;
    }
    const same = r.frames === r.wholeFrames && Math.max(r.head, r.middle, r.tail) < 1e-4 && (r.resampledDb ?? -Infinity) < -35;
    if (!same) wrong += 1;
    console.log(name.padEnd(20), same ? "in pieces, the same" : "in pieces, DIFFERENT", JSON.stringify(r));
  }
} finally {
  await browser.close();
  server.close();
  rmSync(folder, { recursive: true });
}
process.exitCode = wrong ? 1 : 0;
