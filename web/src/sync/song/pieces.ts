/**
 * A tape that holds only the stretch around what sounds: some tens of seconds of floats, however long the song is. Pieces
 * are short where the sound waits for them, so that it begins soon on a slow line, and long where there is time.
 */

import type { Fault } from "./fault";
import type { Stretch } from "./messages";
import type { Piece, Place, Tape } from "./tape";

/** What answers a question: first what will come, then that. */
export interface Answers {
  fitted(start: number, end: number): void;
  arrived(start: number, channels: Float32Array<ArrayBuffer>[]): void;
}

/** Asks for a stretch; returns how to forget it. */
export type Ask = (stretch: Stretch, answers: Answers) => () => void;

/** Seconds of a piece: two leave room for a correction within it. */
const LEAST_S = 2;
const MOST_S = 8;
/** Decoded ahead of where it sounds, and kept behind that for a step back. */
const AHEAD_S = 16;
const BEHIND_S = 8;
/** A gap that is shorter and reached already is left alone. */
const SOON_S = 0.5;

/** What was asked for: whoever waits for a frame before its end waits for that. */
interface Job {
  readonly start: number;
  end: number;
  forget: () => void;
}

export class PieceTape implements Tape {
  private own: Fault | null = null;
  private instead: Tape | undefined;
  private pieces: Piece[] = [];
  private job: Job | undefined;
  constructor(
    private readonly ask: Ask,
    private readonly length: number,
    readonly sampleRate: number,
  ) {}

  get frames(): number {
    return this.instead?.frames ?? this.length;
  }

  get fault(): Fault | null {
    return this.own ?? this.instead?.fault ?? null;
  }

  set fault(fault: Fault | null) {
    this.own = fault;
  }

  /** It can't be had in pieces after all: this one stands in for them. */
  insteadOf(whole: Tape): void {
    this.close();
    this.instead = whole;
  }

  pieceAt(frame: number): Piece | undefined {
    if (this.instead) return this.instead.pieceAt(frame);
    return this.pieces.find((p) => p.start <= frame && frame < p.start + p.buffer.length);
  }

  prepare(places: readonly Place[]): void {
    if (this.instead) return this.instead.prepare(places);
    const rate = this.sampleRate;
    const near = ({ start, buffer }: Piece) =>
      places.some(({ frame }) => start < frame + (AHEAD_S + MOST_S) * rate && start + buffer.length > frame - BEHIND_S * rate);
    this.pieces = this.pieces.filter(near);
    const missing = places
      .map(({ frame, due }) => ({
        frame,
        due,
        from: this.covered(Math.min(Math.max(0, due ? this.soon(frame) : frame), this.frames)),
      }))
      .filter(({ frame, from }) => from < this.frames && from < frame + AHEAD_S * rate)
      .sort((a, b) => a.from - a.frame - (b.from - b.frame))[0];
    if (missing && !this.fault) this.fill(missing);
  }

  close(): void {
    this.instead?.close();
    this.job?.forget();
    this.job = undefined;
    this.pieces = [];
  }

  /** What sounds in a moment is not hurried: the gap before it would be over first. */
  private soon(frame: number): number {
    if (this.pieceAt(frame)) return frame;
    return this.pieces.find((p) => p.start > frame && p.start - frame < SOON_S * this.sampleRate)?.start ?? frame;
  }

  /** The first frame from `frame` on that is not decoded. */
  private covered(frame: number): number {
    for (let at = frame; ; ) {
      const piece = this.pieceAt(at);
      if (!piece) return at;
      at = piece.start + piece.buffer.length;
    }
  }

  private fill({ frame, due, from }: Place & { from: number }): void {
    const rate = this.sampleRate;
    if (this.job && from >= this.job.start && from < this.job.end) return;
    // The song goes on elsewhere, or went past what was being fetched.
    this.job?.forget();
    const start = Math.floor(from);
    const next = this.pieces.reduce((least, p) => (p.start > start ? Math.min(least, p.start) : least), this.frames);
    const room = next - start;
    const mostS = due ? Math.min(MOST_S, Math.max(LEAST_S, (start - frame) / rate)) : MOST_S;
    const [least, most] = [Math.min(room, LEAST_S * rate), Math.min(room, Math.floor(mostS * rate))];
    const job: Job = { start, end: start + least, forget: () => undefined };
    this.job = job;
    job.forget = this.ask(
      { start, least, most, room, soundsIn: due ? start - frame : null },
      {
        fitted: (_, end) => {
          job.end = end;
        },
        arrived: (at, channels) => {
          if (this.job === job) this.job = undefined;
          this.add(at, channels);
        },
      },
    );
  }

  private add(start: number, channels: Float32Array<ArrayBuffer>[]): void {
    const length = channels[0]?.length ?? 0;
    if (length === 0) return;
    const buffer = new AudioBuffer({ length, numberOfChannels: channels.length, sampleRate: this.sampleRate });
    channels.forEach((samples, c) => buffer.copyToChannel(samples, c));
    this.pieces = [...this.pieces, { start, buffer }].sort((a, b) => a.start - b.start);
  }
}
