/** What is at hand of a file: stretches of bytes, kept in blocks so that what is over can be let go of. */

const BLOCK = 64 * 1024;

export class Bytes {
  private readonly blocks = new Map<number, Uint8Array<ArrayBuffer>>();
  /** [from, to), in order, none touching another. */
  private stretches: [number, number][] = [];

  /** Memory held, in bytes. */
  get held(): number {
    return this.blocks.size * BLOCK;
  }

  put(from: number, data: Uint8Array): void {
    if (data.length === 0) return;
    for (let done = 0; done < data.length; ) {
      const at = from + done;
      const index = Math.floor(at / BLOCK);
      const block = this.blocks.get(index) ?? new Uint8Array(BLOCK);
      this.blocks.set(index, block);
      const part = data.subarray(done, done + BLOCK - (at % BLOCK));
      block.set(part, at % BLOCK);
      done += part.length;
    }
    this.cover(from, from + data.length);
  }

  /** The first byte from `from` on that is missing. */
  hole(from: number): number {
    return this.stretches.find(([a, b]) => a <= from && from < b)?.[1] ?? from;
  }

  /** Where what is missing from `from` on ends: the next byte at hand, if there is one. */
  nextHeld(from: number): number {
    return this.stretches.find(([a]) => a > from)?.[0] ?? Infinity;
  }

  has(from: number, to: number): boolean {
    return this.hole(from) >= to;
  }

  /** A copy of [from, to), all of which must be at hand. */
  copy(from: number, to: number): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(Math.max(0, to - from));
    for (let done = 0; done < out.length; ) {
      const at = from + done;
      const block = this.blocks.get(Math.floor(at / BLOCK));
      const part = (block ?? new Uint8Array(BLOCK)).subarray(at % BLOCK, Math.min(BLOCK, (at % BLOCK) + out.length - done));
      out.set(part, done);
      done += part.length;
    }
    return out;
  }

  /** Lets go of all but [from, to), to whole blocks. */
  keep(from: number, to: number): void {
    const first = Math.floor(from / BLOCK);
    const last = Math.ceil(to / BLOCK);
    for (const index of this.blocks.keys()) if (index < first || index >= last) this.blocks.delete(index);
    this.stretches = this.stretches
      .map(([a, b]): [number, number] => [Math.max(a, first * BLOCK), Math.min(b, last * BLOCK)])
      .filter(([a, b]) => a < b);
  }

  private cover(from: number, to: number): void {
    const apart = this.stretches.filter(([a, b]) => b < from || a > to);
    const touching = this.stretches.filter(([a, b]) => b >= from && a <= to);
    const merged: [number, number] = [Math.min(from, ...touching.map(([a]) => a)), Math.max(to, ...touching.map(([, b]) => b))];
    this.stretches = [...apart, merged].sort((x, y) => x[0] - y[0]);
  }
}
