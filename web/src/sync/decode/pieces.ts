/** A tape that holds only the stretch around what sounds: some tens of seconds of floats, however long the song is. */

import { breath, type Piece, type Tape } from "../tape";
import type { PcmSource } from "./pcm";
import { Resampler } from "./resample";

const PIECE_S = 8;
/** Pieces kept decoded ahead of the one that sounds; the one before stays, for a step back. */
const AHEAD = 2;
/** Work between two breaths of the page, in frames: a few milliseconds. */
const SLICE = 24_000;

export class PieceTape implements Tape {
  readonly frames: number;
  readonly peak = null;
  private readonly size: number;
  private pieces = new Map<number, Piece>();
  private working = false;
  private closed = false;

  private constructor(
    private readonly source: PcmSource,
    private readonly resampler: Resampler,
    readonly sampleRate: number,
  ) {
    this.frames = resampler.length(source.frames);
    this.size = PIECE_S * sampleRate;
  }

  /** Undefined where the rates don't go together. */
  static of(source: PcmSource, sampleRate: number): PieceTape | undefined {
    const resampler = Resampler.between(source.sampleRate, sampleRate);
    return resampler && new PieceTape(source, resampler, sampleRate);
  }

  pieceAt(frame: number): Piece | undefined {
    return this.pieces.get(Math.floor(frame / this.size));
  }

  prepare(frames: readonly number[]): void {
    const starts = frames.map((f) => Math.floor(Math.max(0, f) / this.size));
    const near = (index: number) => starts.some((s) => index >= s - 1 && index <= s + AHEAD);
    for (const index of this.pieces.keys()) if (!near(index)) this.pieces.delete(index);
    if (!this.working) void this.work(starts);
  }

  /** Decodes the most urgent missing piece; the next call of `prepare` goes on with the next. */
  private async work(starts: readonly number[]): Promise<void> {
    this.working = true;
    try {
      for (let ahead = 0; ahead <= AHEAD; ahead++) {
        for (const start of starts) {
          const index = start + ahead;
          if (!this.pieces.has(index) && index * this.size < this.frames) return await this.decode(index);
        }
      }
    } finally {
      this.working = false;
    }
  }

  close(): void {
    this.closed = true;
    this.pieces.clear();
  }

  private async decode(index: number): Promise<void> {
    const { resampler, source } = this;
    const start = index * this.size;
    const length = Math.min(this.size, this.frames - start);
    const from = resampler.sourceOf(start) - resampler.reach;
    const until = resampler.sourceOf(start + length) + resampler.reach + 2;
    const raw = await source.read(from, until - from).catch(() => silence(source.channels, until - from));
    const buffer = new AudioBuffer({ length, numberOfChannels: source.channels, sampleRate: this.sampleRate });
    for (const [c, channel] of raw.entries()) {
      const out = buffer.getChannelData(c);
      for (let at = 0; at < length; at += SLICE) {
        const begin = resampler.sourceOf(start + at) - resampler.reach - from;
        resampler.run(channel.subarray(begin), start + at, out.subarray(at, Math.min(length, at + SLICE)));
        await breath();
        if (this.closed) return;
      }
    }
    this.pieces.set(index, { start, buffer });
  }
}

/** What damage leaves of a stretch: the song goes on after it. */
function silence(channels: number, length: number): Float32Array<ArrayBuffer>[] {
  return Array.from({ length: channels }, () => new Float32Array(length));
}
