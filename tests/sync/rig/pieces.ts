/** In the page: decodes a file both ways, as a whole by the browser and in pieces by us, and compares. */

import { openSource } from "../../../web/src/sync/song/open";
import type { Reader } from "../../../web/src/sync/song/reader";
import { Workshop } from "../../../web/src/sync/song/workshop";

/** A file on the server, by stretches; counts what it took. */
async function remote(url: string): Promise<Reader & { requests: number; bytes: number }> {
  const size = Number((await fetch(url, { method: "HEAD" })).headers.get("content-length"));
  const file = {
    size,
    requests: 0,
    bytes: 0,
    async read(from: number, to: number) {
      const [a, b] = [Math.max(0, from), Math.min(size, to)];
      if (b <= a) return new Uint8Array(0);
      file.requests += 1;
      file.bytes += b - a;
      return new Uint8Array(await (await fetch(url, { headers: { range: `bytes=${a}-${b - 1}` } })).arrayBuffer());
    },
  };
  return file;
}

/** What the page does for the worker: decodes a small file at its own rate. */
async function decodeFile(bytes: Uint8Array<ArrayBuffer>, rate: number, channels: number) {
  const buffer = await new OfflineAudioContext(channels, 1, rate).decodeAudioData(bytes.buffer);
  return Array.from({ length: buffer.numberOfChannels }, (_, c) => buffer.getChannelData(c).slice());
}

/** `way` is "file" where there is to be no WebCodecs; `like` is the same sound in a file that the browser can decode. */
async function compare(url: string, rate: number, way: "codec" | "file", like = url) {
  const Codec = globalThis.AudioDecoder;
  if (way === "file") Object.assign(globalThis, { AudioDecoder: undefined });
  try {
    const bytes = await (await fetch(like)).arrayBuffer();
    const rough = await new OfflineAudioContext(2, 1, 48_000).decodeAudioData(bytes.slice(0));
    const hint = { durationUs: rough.duration * 1e6 };
    const source = await openSource(await remote(url), hint, decodeFile);
    if (!source) return { pieces: false };
    const whole = await new OfflineAudioContext(2, 1, source.sampleRate).decodeAudioData(bytes.slice(0));
    const from = Math.floor(whole.length / 3);
    const count = Math.min(100_000, whole.length - from);
    const worst = (raw: Float32Array[], at: number) => {
      let most = 0;
      for (let c = 0; c < Math.max(1, Math.min(raw.length, whole.numberOfChannels)); c++) {
        const reference = whole.getChannelData(c);
        if (!raw[c]) return Infinity;
        raw[c]?.forEach((x, i) => (most = Math.max(most, Math.abs(x - (reference[at + i] ?? 0)))));
      }
      return most;
    };
    // A file of which nothing is known yet is leapt into: as who joins late does.
    const late = await remote(url);
    const leapt = await openSource(late, hint, decodeFile);
    const [asked, weighed] = [late.requests, late.bytes];
    const middle = worst((await leapt?.read(from, count)) ?? [], from);
    const leap = { requests: late.requests - asked, bytes: late.bytes - weighed };
    const head = worst(await source.read(0, 20_000), 0);
    const tail = worst(await source.read(source.frames - 20_000, 20_000), source.frames - 20_000);
    return {
      pieces: true,
      frames: source.frames,
      wholeFrames: whole.length,
      head,
      middle,
      tail,
      open: { requests: asked, bytes: weighed },
      leap,
      ...(way === "codec" ? await resampled(url, rate, hint.durationUs, await new OfflineAudioContext(2, 1, rate).decodeAudioData(bytes)) : {}),
    };
  } finally {
    Object.assign(globalThis, { AudioDecoder: Codec });
  }
}

/** The same through the worker, and at another rate. */
async function resampled(url: string, rate: number, duration_us: number, played: AudioBuffer) {
  const workshop = new Workshop(new OfflineAudioContext(2, 1, rate), new Worker("/worker.js"));
  const song = { id: 1, audio_url: url, duration_us } as Parameters<Workshop["open"]>[0];
  const opening = workshop.open(song, new AbortController().signal);
  workshop.order([{ song, level: "sound" }]);
  const tape = await opening;
  const began = performance.now();
  const at = { frame: Math.min(rate * 5, tape.frames >> 1), due: false };
  for (tape.prepare([at]); !tape.pieceAt(at.frame) && !tape.fault; tape.prepare([at])) await new Promise((done) => setTimeout(done, 5));
  const msPerPiece = performance.now() - began;
  const found = tape.pieceAt(at.frame);
  const piece = found?.buffer.getChannelData(0) ?? new Float32Array();
  const reference = played.getChannelData(0).subarray(found?.start);
  let [difference, power] = [0, 0];
  for (let i = 2_000; i < piece.length - 2_000 && i < reference.length; i++) {
    difference += ((piece[i] ?? 0) - (reference[i] ?? 0)) ** 2;
    power += (reference[i] ?? 0) ** 2;
  }
  workshop.destroy();
  return {
    tapeFrames: tape.frames,
    playedFrames: played.length,
    resampledDb: piece.length > 4_000 ? Math.round(100 * Math.log10(difference / power)) / 10 : 0,
    msPerPiece: Math.round(msPerPiece),
  };
}

Object.assign(globalThis, { compare });
