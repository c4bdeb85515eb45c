/** A song's samples at the file's own rate, any stretch of them for the asking. */
export interface PcmSource {
  readonly sampleRate: number;
  readonly channels: number;
  /** Length in samples, without what the encoder put around the song. */
  readonly frames: number;
  /** Samples [from, from + count) of each channel; zeroes beyond the song. */
  read(from: number, count: number): Promise<Float32Array<ArrayBuffer>[]>;
}

/** A compressed packet within the file. */
export interface Packet {
  readonly offset: number;
  readonly size: number;
  /** The first sample that comes of it, counted over all that the decoder gives, and how many come. */
  readonly start: number;
  readonly frames: number;
}

/** A file taken apart, ready for a decoder. */
export interface Track {
  /** As WebCodecs names it. */
  readonly codec: string;
  readonly description?: Uint8Array<ArrayBuffer>;
  readonly sampleRate: number;
  readonly channels: number;
  readonly packets: readonly Packet[];
  /** Samples of the decoder before the song's first, and the song's length. */
  readonly lead: number;
  readonly frames: number;
  /** Packets that a decoder must have seen before its output is right. */
  readonly preroll: number;
}
