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
  private piece: Piece;

  constructor(
    buffer: AudioBuffer,
    readonly peak: number | null,
  ) {
    this.frames = buffer.length;
    this.sampleRate = buffer.sampleRate;
    this.piece = { start: 0, buffer };
  }

  pieceAt(frame: number): Piece | undefined {
    return frame < this.frames ? this.piece : undefined;
  }

  prepare(): void {}

  close(): void {}
}

/** Samples looked at between two breaths of the page: a few milliseconds. */
const PEAK_SLICE = 500_000;

/** The largest sample magnitude. */
export async function peakOf(buffer: AudioBuffer): Promise<number> {
  let peak = 0;
  for (let c = 0; c < buffer.numberOfChannels; c++) {
    const channel = buffer.getChannelData(c);
    for (let at = 0; at < channel.length; at += PEAK_SLICE) {
      for (const sample of channel.subarray(at, at + PEAK_SLICE)) {
        const size = sample < 0 ? -sample : sample;
        if (size > peak) peak = size;
      }
      await breath();
    }
  }
  return peak;
}

/** Lets the page do what else is due. */
export function breath(): Promise<void> {
  return new Promise((done) => setTimeout(done, 0));
}
