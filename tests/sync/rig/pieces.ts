/** In the page: decodes a file both ways, as a whole and in pieces, and compares. */

import { openSource } from "../../../web/src/sync/decode/open";
import { PieceTape } from "../../../web/src/sync/decode/pieces";

async function compare(url: string, rate: number) {
  const bytes = await (await fetch(url)).arrayBuffer();
  const source = await openSource(bytes);
  if (!source) return { pieces: false };
  const native = new OfflineAudioContext(2, 1, source.sampleRate);
  const whole = await native.decodeAudioData(bytes.slice(0));
  const from = Math.floor(whole.length / 3);
  const count = Math.min(100_000, whole.length - from);
  const worst = (raw: Float32Array[], at: number) => {
    let most = 0;
    for (let c = 0; c < Math.min(raw.length, whole.numberOfChannels); c++) {
      const reference = whole.getChannelData(c);
      raw[c]?.forEach((x, i) => (most = Math.max(most, Math.abs(x - (reference[at + i] ?? 0)))));
    }
    return most;
  };
  const head = worst(await source.read(0, 20_000), 0);
  const middle = worst(await source.read(from, count), from);
  const tail = worst(await source.read(source.frames - 20_000, 20_000), source.frames - 20_000);

  const tape = PieceTape.of(source, rate);
  const began = performance.now();
  while (!tape?.pieceAt(0)) {
    tape?.prepare([0]);
    await new Promise((done) => setTimeout(done, 5));
  }
  const msPerPiece = performance.now() - began;
  const played = await new OfflineAudioContext(2, 1, rate).decodeAudioData(bytes.slice(0));
  const piece = tape?.pieceAt(0)?.buffer.getChannelData(0) ?? new Float32Array();
  const reference = played.getChannelData(0);
  let [difference, power] = [0, 0];
  for (let i = 2_000; i < piece.length - 2_000 && i < reference.length; i++) {
    difference += ((piece[i] ?? 0) - (reference[i] ?? 0)) ** 2;
    power += (reference[i] ?? 0) ** 2;
  }
  return {
    pieces: true,
    frames: source.frames,
    wholeFrames: whole.length,
    tapeFrames: tape?.frames,
    playedFrames: played.length,
    head,
    middle,
    tail,
    resampledDb: Math.round(100 * Math.log10(difference / power)) / 10,
    msPerPiece: Math.round(msPerPiece),
  };
}

Object.assign(globalThis, { compare });
