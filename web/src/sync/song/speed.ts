/** How fast a line is, by what came over it of late. */

/** What is so long ago counts for a third. */
const MEMORY_S = 2;
/** How long it must have been measured before it outweighs what was assumed. */
const ASSUMED_S = 0.1;

export class LineSpeed {
  private bytes: number;
  private seconds = ASSUMED_S;

  constructor(assumed: number) {
    this.bytes = assumed * ASSUMED_S;
  }

  /** Bytes a second. */
  get now(): number {
    return this.bytes / this.seconds;
  }

  /** So much came within so long; a moment without any counts for no more than that moment. */
  add(bytes: number, seconds: number): void {
    const kept = Math.exp(-seconds / MEMORY_S);
    this.bytes = this.bytes * kept + bytes;
    this.seconds = this.seconds * kept + seconds;
  }
}
