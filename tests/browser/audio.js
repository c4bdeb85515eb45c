// Songs made on the spot.
import { readFile } from "node:fs/promises";

/** A mono 16-bit WAV file with a quiet tone. */
export function wav({ hertz, seconds, rate = 8000 }) {
  const frames = seconds * rate;
  const file = Buffer.alloc(44 + frames * 2);
  file.write("RIFF", 0);
  file.writeUInt32LE(36 + frames * 2, 4);
  file.write("WAVEfmt ", 8);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20); // PCM
  file.writeUInt16LE(1, 22); // one channel
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write("data", 36);
  file.writeUInt32LE(frames * 2, 40);
  for (let frame = 0; frame < frames; frame++) {
    file.writeInt16LE(Math.round(4000 * Math.sin((2 * Math.PI * hertz * frame) / rate)), 44 + frame * 2);
  }
  return file;
}

const TONE = new URL("../fixtures/audio/tone.mp3", import.meta.url);

/** The frames of a short MP3 over and over: a long one of the same constant rate, of 64 kbit/s. */
export async function longMp3(seconds) {
  const file = await readFile(TONE);
  const [kbps, hertz] = [64, 44_100];
  const mean = (144_000 * kbps) / hertz;
  /** By whether they are padded by a byte. */
  const frames = [[], []];
  for (let at = 0; at + 4 <= file.length; ) {
    const isFrame = file[at] === 0xff && file[at + 1] === 0xfb && file[at + 2] >> 2 === 0x50 >> 2;
    const padded = (file[at + 2] >> 1) & 1;
    const size = isFrame ? Math.floor(mean) + padded : 1;
    if (isFrame) frames[padded].push(file.subarray(at, at + size));
    at += size;
  }
  // The first is a tag.
  const rounds = frames.map((kind) => kind.slice(1));
  return Buffer.concat(
    Array.from({ length: Math.ceil((seconds * hertz) / 1_152) }, (_, n) => {
      const kind = rounds[Math.floor((n + 1) * mean) - Math.floor(n * mean) - Math.floor(mean)];
      return kind[n % kind.length];
    }),
  );
}

const VARYING = new URL("../fixtures/audio/vbr_no_xing.mp3", import.meta.url);

/** The same of a rate that varies, without a tag: where a frame lies can't be reckoned. */
export async function varyingMp3(seconds) {
  const file = await readFile(VARYING);
  const round = file.subarray(file.indexOf(Buffer.from([0xff, 0xfb])));
  return Buffer.concat(Array.from({ length: Math.ceil(seconds / 2) }, () => round));
}
