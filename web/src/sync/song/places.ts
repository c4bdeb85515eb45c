/** Where in a file its samples lie: places that are known, and guesses between them that come nearer with every look. */

export interface Place {
  readonly start: number;
  /** In bytes. */
  readonly offset: number;
}

interface Habits {
  /** So few samples are walked rather than leapt over. */
  readonly walked: number;
  /** Places closer than this, in samples, are not worth remembering both. */
  readonly apart: number;
  /** By so many bytes a leap is made shorter that went too far, and by twice so many one that found nothing. */
  readonly back: number;
}

const LEAPS = 16;

/** Finds the first place from a byte on that lies between two others. */
export type Look<P> = (from: number, a: P, b: P) => Promise<P | undefined>;

export class Places<P extends Place> {
  #known: readonly P[];

  constructor(
    readonly first: P,
    more: readonly P[],
    /** Where the file ends. */
    readonly end: P,
    private readonly habits: Habits,
  ) {
    this.#known = [first, ...more];
  }

  /** In bytes, as if the song were equally dense between the places that are known. */
  offsetOf(sample: number): number {
    const [a, b] = this.#around(sample);
    return a.offset + ((sample - a.start) * (b.offset - a.offset)) / Math.max(1, b.start - a.start);
  }

  note(place: P): void {
    const [before] = this.#around(place.start);
    if (place.offset >= this.end.offset || place.start >= this.end.start || place.start - before.start < this.habits.apart)
      return;
    this.#known = [...this.#known, place].sort((x, y) => x.start - y.start);
  }

  /** A place at or before a sample, not far from it. */
  async locate(sample: number, look: Look<P>): Promise<P> {
    const { walked } = this.habits;
    let [a, b] = this.#around(sample);
    let back = 0;
    for (let leap = 0; leap < LEAPS && sample - a.start > walked; leap++) {
      // A little early: to fall short costs less than to overshoot.
      const part = Math.max(0, (sample - a.start - walked / 2) / (b.start - a.start));
      const guess = Math.floor(a.offset + (b.offset - a.offset) * part - back);
      if (guess <= a.offset) break;
      const found = await look(guess, a, b);
      if (!found) back = 2 * Math.max(back, this.habits.back);
      else if (found.start > sample) {
        b = found;
        back = this.habits.back;
      } else a = found;
    }
    return a;
  }

  /** The last known place at or before a sample, and the first one after it. */
  #around(sample: number): [P, P] {
    const after = this.#known.findIndex(({ start }) => start > sample);
    const before = this.#known[Math.max(1, after < 0 ? this.#known.length : after) - 1] ?? this.first;
    return [before, (after > 0 && this.#known[after]) || this.end];
  }
}
