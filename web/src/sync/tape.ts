/**
 * A song as frames at the context's sample rate, in pieces that a voice plays one after the other.
 *
 * Frame `n` is the same sample of the song on every client, and the length agrees with the server's `duration_us`.
 */

export interface Piece {
  /** The song's frame with which the piece begins. */
  readonly start: number;
  readonly buffer: AudioBuffer;
}

export interface Tape {
  /** Length in frames. */
  readonly frames: number;
  readonly sampleRate: number;
  /** Largest sample magnitude; null where not all of the song was looked at. */
  readonly peak: number | null;
  /** The piece that holds a frame, if it is decoded. */
  pieceAt(frame: number): Piece | undefined;
  /** Decodes what voices need from these frames on and lets go of all else; to be called again as they move on. */
  prepare(frames: readonly number[]): void;
  close(): void;
}

/** A song decoded at once. */
export class WholeTape implements Tape {
  readonly frames: number;
  readonly sampleRate: number;
  readonly peak: number;
  private piece: Piece;

  constructor(buffer: AudioBuffer) {
    this.frames = buffer.length;
    this.sampleRate = buffer.sampleRate;
    this.peak = peakOf(buffer);
    this.piece = { start: 0, buffer };
  }

  pieceAt(frame: number): Piece | undefined {
    return frame < this.frames ? this.piece : undefined;
  }

  prepare(): void {}

  close(): void {}
}

function peakOf(buffer: AudioBuffer): number {
  let peak = 0;
  for (let c = 0; c < buffer.numberOfChannels; c++) {
    for (const sample of buffer.getChannelData(c)) {
      const size = sample < 0 ? -sample : sample;
      if (size > peak) peak = size;
    }
  }
  return peak;
}
