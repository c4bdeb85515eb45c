/**
 * Which frame of the song sounds at which frame of the context, exactly.
 *
 * A line of pieces of constant speed. Speed 1 but for slews, and a slew moves the song by whole frames over whole render
 * quanta, so that the song's frames fall on the context's frames again when it is over: between two frames the browser
 * interpolates linearly, which takes the treble away.
 */

/** Web Audio reads `playbackRate` once per quantum of so many frames. */
export const QUANTUM = 128;

interface Stretch {
  readonly context: number;
  readonly song: number;
  readonly rate: number;
}

/** A change of speed at a context frame (on a quantum's first frame). */
export interface RateChange {
  readonly context: number;
  readonly rate: number;
}

export class Line {
  private stretches: Stretch[];

  /** `song` is the frame of the song that sounds at the frame `context`. */
  constructor(context: number, song: number) {
    this.stretches = [{ context, song, rate: 1 }];
  }

  /** The context frame at which the line begins. */
  get start(): number {
    return this.stretches[0]?.context ?? 0;
  }

  /** The song's frame at a context frame; before the start as if it had been running. */
  songAt(context: number): number {
    const s = this.stretches.findLast((x) => x.context <= context) ?? this.stretches[0];
    return s ? s.song + (context - s.context) * s.rate : 0;
  }

  /** The context frame at which a frame of the song sounds. */
  contextOf(song: number): number {
    const s = this.stretches.findLast((x) => x.song <= song) ?? this.stretches[0];
    return s ? s.context + (song - s.song) / s.rate : 0;
  }

  /** Speed at a context frame. */
  rateAt(context: number): number {
    return this.stretches.findLast((x) => x.context <= context)?.rate ?? 1;
  }

  /** The context frame from which on the speed is 1 for good. */
  get settled(): number {
    return this.stretches.at(-1)?.context ?? 0;
  }

  /**
   * Plans to put the song `shift` frames back (forward if negative) within `length` frames from `context` on, both
   * rounded up to quanta. Returns the two changes of speed.
   */
  slew(context: number, shift: number, length: number): readonly [RateChange, RateChange] {
    const from = Math.ceil(context / QUANTUM) * QUANTUM;
    const span = Math.ceil(length / QUANTUM) * QUANTUM;
    const rate = 1 - shift / span;
    const song = this.songAt(from);
    this.stretches = this.stretches.filter((s) => s.context < from);
    this.stretches.push({ context: from, song, rate });
    this.stretches.push({ context: from + span, song: song + span - shift, rate: 1 });
    return [
      { context: from, rate },
      { context: from + span, rate: 1 },
    ];
  }
}
