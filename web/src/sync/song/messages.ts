/** What the page and the worker that fetches and decodes say to each other. Frames are of the context's rate. */

import type { Why } from "./fault";

/** How much of a song is wanted: what it is, all of its file, or its sound. */
export type Level = "head" | "bytes" | "sound";

/** A stretch of a song that is asked for, in frames. */
export interface Stretch {
  readonly start: number;
  /** At least so many, and at most, as bytes are at hand. */
  readonly least: number;
  readonly most: number;
  /** How many there are before the song is over, or goes on with what is decoded already. */
  readonly room: number;
  /**
   * How soon the first will sound, if it moves towards that: what can't be here by then is left out, since what is over
   * before it comes would be fetched in vain. Null where nothing moves.
   */
  readonly soundsIn: number | null;
}

export type ToBench =
  | {
      readonly do: "open";
      readonly id: number;
      readonly url: string;
      /** Where the server tells of places in the file. */
      readonly placesUrl: string;
      readonly durationUs: number;
      /** Of the context. */
      readonly rate: number;
    }
  /** These songs, the most urgent first. */
  | { readonly do: "order"; readonly songs: readonly { readonly id: number; readonly level: Level }[] }
  | ({ readonly do: "piece"; readonly id: number; readonly ask: number } & Stretch)
  /** All of the file. */
  | { readonly do: "bytes"; readonly id: number; readonly ask: number }
  | { readonly do: "forget"; readonly ask: number }
  | { readonly do: "close"; readonly id: number }
  /** The answer to `decode`. */
  | { readonly do: "decoded"; readonly ask: number; readonly channels: Float32Array<ArrayBuffer>[] | null };

export type FromBench =
  /** `frames` is null for what can only be decoded as a whole. */
  | { readonly tell: "opened"; readonly id: number; readonly frames: number | null }
  | { readonly tell: "failed"; readonly id: number; readonly why: Why; readonly detail: string }
  /** What will be answered: from which frame to which. */
  | { readonly tell: "fitted"; readonly ask: number; readonly start: number; readonly end: number }
  | { readonly tell: "piece"; readonly ask: number; readonly start: number; readonly channels: Float32Array<ArrayBuffer>[] }
  | { readonly tell: "bytes"; readonly ask: number; readonly bytes: Uint8Array<ArrayBuffer> }
  /** Decode this small file at its own rate. */
  | {
      readonly tell: "decode";
      readonly ask: number;
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly rate: number;
      readonly channels: number;
    };
