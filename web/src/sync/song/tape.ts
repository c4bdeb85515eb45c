/**
 * A song as frames at the context's sample rate, in pieces that a voice plays one after the other.
 *
 * Frame `n` is the same sample of the song on every client, and the length agrees with the server's `duration_us`.
 */

import type { Fault } from "./fault";

export interface Piece {
  /** The song's frame with which the piece begins. */
  readonly start: number;
  readonly buffer: AudioBuffer;
}

/** Where a song sounds or will. */
export interface Place {
  readonly frame: number;
  /** Whether it moves on already, so that a short piece soon is better than a long one later. */
  readonly due: boolean;
}

export interface Tape {
  /** Length in frames. */
  readonly frames: number;
  readonly sampleRate: number;
  /** Why nothing more will come, if so. */
  readonly fault: Fault | null;
  /** The piece that holds a frame, if it is decoded. */
  pieceAt(frame: number): Piece | undefined;
  /** Decodes what voices need from these places on and lets go of all else; to be called again as they move on. */
  prepare(places: readonly Place[]): void;
  close(): void;
}
