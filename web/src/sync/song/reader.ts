/** A file of which any stretch can be had, sooner or later. */

export interface Reader {
  /** In bytes. */
  readonly size: number;
  /** Bytes [from, to), cut off at the file's ends. */
  read(from: number, to: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}

/** So much more than what was asked for is read at once: little enough for a slow line, enough for a few headers. */
const BLOCK = 8 * 1024;

/** Small looks into a file, one after the other, mostly forwards. */
export class Window {
  private base = 0;
  private data: Uint8Array<ArrayBuffer> = new Uint8Array(0);

  constructor(
    private readonly file: Reader,
    private readonly signal?: AbortSignal,
  ) {}

  get size(): number {
    return this.file.size;
  }

  /** Bytes [at, at + length), fewer at the file's end. */
  async look(at: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const to = Math.min(at + length, this.file.size);
    const end = this.base + this.data.length;
    if (at >= this.base && to <= end) return this.data.subarray(at - this.base, to - this.base);
    // What is there already of it is not asked for again.
    const kept = at >= this.base && at < end ? this.data.subarray(at - this.base) : new Uint8Array(0);
    const more = await this.file.read(at + kept.length, Math.max(to, at + kept.length + BLOCK), this.signal);
    this.data = new Uint8Array(kept.length + more.length);
    this.data.set(kept);
    this.data.set(more, kept.length);
    this.base = at;
    return this.data.subarray(0, Math.max(0, Math.min(to - at, this.data.length)));
  }

  async view(at: number, length: number): Promise<DataView> {
    const bytes = await this.look(at, length);
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }
}

/** Where a file begins behind an ID3v2 tag, if it has one. */
export async function afterId3(window: Window): Promise<number> {
  const [b0, b1, b2, , , flags = 0, s0 = 0, s1 = 0, s2 = 0, s3 = 0] = await window.look(0, 10);
  if (b0 !== 0x49 || b1 !== 0x44 || b2 !== 0x33) return 0;
  return 10 + ((s0 << 21) | (s1 << 14) | (s2 << 7) | s3) + (flags & 0x10 ? 10 : 0);
}

export function text(data: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...data.subarray(at, at + length));
}

/** A file that is in memory as a whole. */
export function readerOf(bytes: ArrayBuffer): Reader {
  return {
    size: bytes.byteLength,
    read: (from, to) => Promise.resolve(new Uint8Array(bytes.slice(Math.max(0, from), Math.max(0, to)))),
  };
}
