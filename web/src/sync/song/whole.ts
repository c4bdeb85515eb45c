/** A tape that is decoded at once: where a file can't be taken apart here. */

import { Fault, faultOf } from "./fault";
import type { Piece, Tape } from "./tape";

/** As floats; some twenty minutes. */
const MOST_BYTES = 512 * 2 ** 20;

export class WholeTape implements Tape {
  fault: Fault | null = null;
  private piece: Piece | undefined;
  private begun = false;
  private closed = false;

  constructor(
    private readonly decode: () => Promise<AudioBuffer>,
    /** As the server says; what comes may be some frames more or less. */
    private length: number,
    readonly sampleRate: number,
  ) {
    const stereo = 2 * Float32Array.BYTES_PER_ELEMENT;
    if (length * stereo > MOST_BYTES) this.fault = new Fault("too-long", "it can only be decoded as a whole");
  }

  get frames(): number {
    return this.length;
  }

  pieceAt(frame: number): Piece | undefined {
    return frame < this.frames ? this.piece : undefined;
  }

  prepare(): void {
    if (this.begun || this.fault) return;
    this.begun = true;
    this.decode().then(
      (buffer) => {
        if (this.closed) return;
        this.piece = { start: 0, buffer };
        this.length = buffer.length;
      },
      (error: unknown) => {
        this.fault = faultOf(error);
      },
    );
  }

  close(): void {
    this.closed = true;
    this.piece = undefined;
  }
}
