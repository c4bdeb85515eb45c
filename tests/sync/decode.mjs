/**
 * Is a song in pieces the same, sample by sample, as the browser's own decoding of the whole? Files of each format and
 * several rates are made by ffmpeg, and compared in Chromium: decoded by WebCodecs, and by `decodeAudioData` in small
 * files of their own, as where an origin is not secure.
 */

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launch, openPage } from "./rig/chromium.mjs";
import { noiseWav } from "./rig/signal.mjs";

const WEB = join(import.meta.dirname, "../../web");
const SECONDS = 40;
const FILES = {
  "44100.wav": ["-ar", "44100"],
  "48000-24bit.wav": ["-c:a", "pcm_s24le"],
  "44100.flac": ["-ar", "44100"],
  "48000.flac": [],
  "96000-24bit.flac": ["-ar", "96000", "-sample_fmt", "s32"],
  "cbr-44100.mp3": ["-ar", "44100", "-b:a", "192k"],
  "bare-44100.mp3": ["-ar", "44100", "-b:a", "128k", "-write_xing", "0", "-id3v2_version", "0"],
  "vbr-48000.mp3": ["-q:a", "2"],
  "bare-vbr.mp3": ["-q:a", "4", "-write_xing", "0"],
  "mono-22050.mp3": ["-ar", "22050", "-ac", "1", "-b:a", "64k"],
  "48000.opus": ["-b:a", "128k"],
  "mono.opus": ["-ac", "1", "-b:a", "48k", "-frame_duration", "60"],
  "44100.ogg": ["-c:a", "libvorbis", "-ar", "44100", "-q:a", "5"],
  "mono-22050.ogg": ["-c:a", "libvorbis", "-ar", "22050", "-ac", "1", "-q:a", "2"],
  "44100.m4a": ["-c:a", "aac", "-ar", "44100", "-b:a", "160k"],
  // Without noise that each decoder draws for itself.
  "fast-48000.m4a": ["-c:a", "aac", "-aac_pns", "0", "-b:a", "128k", "-movflags", "+faststart"],
  "48000.aac": ["-c:a", "aac", "-aac_pns", "0", "-b:a", "128k"],
};

const folder = mkdtempSync(join(tmpdir(), "octave-decode-"));
writeFileSync(join(folder, "source.wav"), noiseWav(SECONDS, 3));
for (const [name, args] of Object.entries(FILES)) {
  execFileSync("ffmpeg", ["-v", "error", "-y", "-i", join(folder, "source.wav"), "-af", "lowpass=9000,lowpass=9000", ...args, join(folder, name)]);
}
/** The same sound in files that the browser itself refuses, or that are odd in another way. */
const LIKE = { "picture.flac": "44100.flac", "tagged.flac": "44100.flac", "id3.flac": "44100.flac", "f64.wav": "48000-24bit.wav" };
const flac = readFileSync(join(folder, "44100.flac"));
writeFileSync(join(folder, "picture.flac"), Buffer.concat([flac.subarray(0, 42), badPicture(), flac.subarray(42)]));
writeFileSync(join(folder, "tagged.flac"), Buffer.concat([flac, Buffer.concat([Buffer.from("TAG"), Buffer.alloc(125)])]));
writeFileSync(join(folder, "id3.flac"), Buffer.concat([Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 1, 0]), Buffer.alloc(128), flac]));
execFileSync("ffmpeg", ["-v", "error", "-y", "-i", join(folder, "48000-24bit.wav"), "-c:a", "pcm_f64le", join(folder, "f64.wav")]);

/** A picture of no width, as some programs write them. */
function badPicture() {
  const body = Buffer.alloc(32 + 10 + 64 * 1024);
  body.writeUInt32BE(3, 0);
  body.writeUInt32BE(10, 4);
  body.write("image/jpeg", 8);
  body.writeUInt32BE(64 * 1024, 38);
  return Buffer.concat([Buffer.from([6, body.length >> 16, (body.length >> 8) & 255, body.length & 255]), body]);
}

for (const [name, out] of [["pieces", "pieces.js"], ["worker", "worker.js"]]) {
  const from = name === "worker" ? join(WEB, "src/sync/song/worker.ts") : join(import.meta.dirname, "rig/pieces.ts");
  execFileSync(join(WEB, "node_modules/.bin/rolldown"), [from, "--format", "iife", "-o", join(folder, out)], { cwd: WEB, stdio: "ignore" });
}

const server = createServer((request, response) => {
  const name = request.url.slice(1);
  if (!name) return response.setHeader("content-type", "text/html").end('<!doctype html><script src="/pieces.js"></script>');
  if (name === "favicon.ico") return response.writeHead(404).end();
  if (name.endsWith(".js")) response.setHeader("content-type", "text/javascript");
  const file = join(folder, name);
  if (!existsSync(file)) return response.writeHead(404).end();
  if (request.method === "HEAD") return response.setHeader("content-length", statSync(file).size).end();
  const bytes = readFileSync(file);
  const [, from, to] = request.headers.range?.match(/bytes=(\d+)-(\d*)/) ?? [];
  if (from === undefined) return response.end(bytes);
  const part = bytes.subarray(Number(from), to ? Number(to) + 1 : undefined);
  response.writeHead(206, { "content-range": `bytes ${from}-${Number(from) + part.length - 1}/${bytes.length}` }).end(part);
}).listen(0, "127.0.0.1");
await new Promise((done) => server.once("listening", done));

const browser = await launch({ sink: "", pulse: "" });
const page = await openPage(browser, `http://127.0.0.1:${server.address().port}/`, { log: console.log });
let wrong = 0;
try {
  for (const name of [...Object.keys(FILES), ...Object.keys(LIKE)]) {
    for (const way of ["codec", "file"]) {
      const r = await page.evaluate(
        `new Promise(d => (function wait() { globalThis.compare ? d() : setTimeout(wait, 20) })()).then(() => compare("/${name}", 48000, "${way}", "/${LIKE[name] ?? name}"))`,
      );
      const same = r.pieces && r.frames === r.wholeFrames && Math.max(r.head, r.middle, r.tail) < 1e-4 && (r.resampledDb ?? -Infinity) < -35;
      if (!same) wrong += 1;
      console.log(name.padEnd(18), way.padEnd(6), same ? "in pieces, the same" : r.pieces ? "in pieces, DIFFERENT" : "NOT in pieces", JSON.stringify(r));
    }
  }
} finally {
  await browser.close();
  server.close();
  rmSync(folder, { recursive: true });
}
process.exitCode = wrong ? 1 : 0;
