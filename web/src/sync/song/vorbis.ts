/** How long a Vorbis packet sounds: the setup header's modes say which block each is of (Vorbis I, sections 4.2 and 4.3). */

/** Bits of a mode: its block's flag, two types that are always nought, and the mapping. */
const MODE_BITS = 41;
const COUNT_BITS = 6;

export interface Vorbis {
  readonly sampleRate: number;
  readonly channels: number;
  /** The block of a packet; undefined for what is no sound. */
  blockOf(packet: Uint8Array): number | undefined;
  /** The three headers as decoders want them; tags are left out. */
  readonly description: Uint8Array<ArrayBuffer>;
}

export function openVorbis(id: Uint8Array, setup: Uint8Array): Vorbis | undefined {
  const view = new DataView(id.buffer, id.byteOffset, id.length);
  if (id.length < 30 || setup.length < 16) return undefined;
  const sizes = [1 << ((id[28] ?? 0) & 15), 1 << ((id[28] ?? 0) >> 4)];
  const long = modesOf(setup);
  if (!long) return undefined;
  const width = long.length > 1 ? 32 - Math.clz32(long.length - 1) : 0;
  return {
    sampleRate: view.getUint32(12, true),
    channels: id[11] ?? 0,
    blockOf(packet) {
      const first = packet[0] ?? 1;
      return first & 1 ? undefined : sizes[long[(first >> 1) & ((1 << width) - 1)] ?? 0];
    },
    description: laced(id, setup),
  };
}

/** The modes stand last in the setup header and are of one size: they are read from its end, and counted by what stands before. */
function modesOf(setup: Uint8Array): number[] | undefined {
  const bit = (n: number) => ((setup[setup.length - 1 - (n >> 3)] ?? 0) >> (7 - (n & 7))) & 1;
  const bits = (from: number, count: number) => {
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 2 + bit(from + i);
    return value;
  };
  let at = 0;
  while (at < 8 && !bit(at)) at += 1;
  const end = at + 1;
  const found: number[] = [];
  let modes: number[] | undefined;
  for (let p = end; p + MODE_BITS + COUNT_BITS < setup.length * 8 && found.length < 64; p += MODE_BITS) {
    if (bits(p, 8) > 63 || bits(p + 8, 16) !== 0 || bits(p + 24, 16) !== 0) break;
    found.unshift(bit(p + 40));
    if (bits(p + MODE_BITS, COUNT_BITS) + 1 === found.length) modes = [...found];
  }
  return modes;
}

function laced(id: Uint8Array, setup: Uint8Array): Uint8Array<ArrayBuffer> {
  const comments = NO_COMMENTS;
  const out = new Uint8Array(3 + id.length + comments.length + setup.length);
  out.set([2, id.length, comments.length]);
  out.set(id, 3);
  out.set(comments, 3 + id.length);
  out.set(setup, 3 + id.length + comments.length);
  return out;
}

/** A comment header without a comment. */
export const NO_COMMENTS = new Uint8Array([3, ...new TextEncoder().encode("vorbis"), 0, 0, 0, 0, 0, 0, 0, 0, 1]);

/** The headers of a description, one by one. */
export function unlaced(description: Uint8Array): Uint8Array[] {
  const [, first = 0, second = 0] = description;
  const [a, b] = [3 + first, 3 + first + second];
  return [description.subarray(3, a), description.subarray(a, b), description.subarray(b)];
}
