// Songs made on the spot.

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
