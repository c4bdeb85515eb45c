import type { Places } from "./frames";

/** A song's samples at the file's own rate, any stretch of them for the asking. */
export interface PcmSource {
  readonly sampleRate: number;
  readonly channels: number;
  /** Length in samples, without what the encoder put around the song. */
  readonly frames: number;
  /** Samples [from, from + count) of each channel; zeroes beyond the song. */
  read(from: number, count: number, signal?: AbortSignal): Promise<Float32Array<ArrayBuffer>[]>;
  /** About where in the file a sample lies. */
  place(frame: number): number;
}

/** A compressed packet. */
export interface Packet {
  /** The first sample that comes of it, counted over all that the decoder gives, and how many come. */
  readonly start: number;
  readonly frames: number;
  readonly data: Uint8Array<ArrayBuffer>;
}

export type Codec = "flac" | "mp3" | "aac" | "opus" | "vorbis";

/** A file taken apart, ready for a decoder. */
export interface Track {
  readonly codec: Codec;
  /** What a decoder wants to know before the first packet. */
  readonly description?: Uint8Array<ArrayBuffer>;
  readonly sampleRate: number;
  readonly channels: number;
  /** Samples of the decoder before the song's first. */
  readonly lead: number;
  /** The song's length in samples. */
  readonly frames: number;
  /** Samples that a decoder must have given before its output is right. */
  readonly runIn: number;
  /** The packets of which samples [from, to) come (counted as the decoder does), in order. */
  packets(from: number, to: number, signal?: AbortSignal): Promise<Packet[]>;
  /** About where in the file a sample lies. */
  place(sample: number): number;
}

/** What the server says of a song. */
export interface Hint {
  readonly durationUs: number;
  /** Where frames lie, for formats that don't tell. */
  readonly places?: Places;
}

export const samplesOf = (hint: Hint, rate: number) => Math.round((hint.durationUs * rate) / 1e6);
