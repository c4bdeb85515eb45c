// FLAC files made on the spot, of samples as they are: no smaller than WAV, but found and taken apart as all FLAC is.

const BLOCK = 4_096;

/** A stereo 16-bit file with a quiet tone; `blocks` are metadata blocks beside the first, as `{ type, body }`. */
export function flac({ hertz, seconds, rate = 44_100, blocks = [] }) {
  const total = seconds * rate;
  const frames = [];
  for (let number = 0; number * BLOCK < total; number++) {
    const count = Math.min(BLOCK, total - number * BLOCK);
    const samples = Buffer.alloc(count * 2);
    for (let i = 0; i < count; i++) {
      samples.writeInt16BE(Math.round(4_000 * Math.sin((2 * Math.PI * hertz * (number * BLOCK + i)) / rate)), i * 2);
    }
    frames.push(frame(number, count, [samples, samples]));
  }
  return Buffer.concat([Buffer.from("fLaC"), block(0, streamInfo(rate, total), blocks.length === 0), ...blocks.map(({ type, body }, i) => block(type, body, i === blocks.length - 1)), ...frames]);
}

/** A cover whose sizes are left out, as some programs write it: Chromium refuses the whole file for that. */
export function pictureWithoutSize() {
  const picture = Buffer.from([0xff, 0xd8, 0xff, 0xd9]);
  const head = Buffer.alloc(32 + 10);
  head.writeUInt32BE(3, 0);
  head.writeUInt32BE(10, 4);
  head.write("image/jpeg", 8);
  head.writeUInt32BE(picture.length, 38);
  return { type: 6, body: Buffer.concat([head, picture]) };
}

function block(type, body, last) {
  return Buffer.concat([Buffer.from([(last ? 0x80 : 0) | type, body.length >> 16, (body.length >> 8) & 255, body.length & 255]), body]);
}

function streamInfo(rate, total) {
  const info = Buffer.alloc(34);
  info.writeUInt16BE(BLOCK, 0);
  info.writeUInt16BE(BLOCK, 2);
  info.writeUInt32BE(((rate << 12) | (1 << 9) | (15 << 4)) >>> 0, 10);
  info.writeUInt32BE(total, 14);
  return info;
}

function frame(number, count, channels) {
  // 16-bit length of the block, two channels, 16 bits a sample.
  const coded = number < 0x80 ? [number] : number < 0x800 ? [0xc0 | (number >> 6), 0x80 | (number & 63)] : [0xe0 | (number >> 12), 0x80 | ((number >> 6) & 63), 0x80 | (number & 63)];
  const head = Buffer.from([0xff, 0xf8, 0x70, 0x18, ...coded, (count - 1) >> 8, (count - 1) & 255]);
  const parts = [head, Buffer.from([crc(head, 8, 0x07)])];
  for (const samples of channels) parts.push(Buffer.from([0x02]), samples);
  const body = Buffer.concat(parts);
  const check = crc(body, 16, 0x8005);
  return Buffer.concat([body, Buffer.from([check >> 8, check & 255])]);
}

const TABLES = new Map();

function crc(bytes, bits, polynomial) {
  if (!TABLES.has(bits)) {
    const step = (value) => ((value << 1) ^ (value >> (bits - 1) ? polynomial : 0)) & (2 ** bits - 1);
    const table = Array.from({ length: 256 }, (_, i) => Array.from({ length: 8 }).reduce(step, i << (bits - 8)));
    TABLES.set(bits, table);
  }
  const table = TABLES.get(bits);
  let sum = 0;
  for (const byte of bytes) sum = ((sum << 8) ^ table[(sum >> (bits - 8)) ^ byte]) & (2 ** bits - 1);
  return sum;
}
