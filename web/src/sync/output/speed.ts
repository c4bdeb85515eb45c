/**
 * By how much the sound device runs faster than the page: the slope of what it has used up.
 *
 * Rendered offsets are coarse, but they can't wander: a line through ten seconds of them is good for some fifty ppm. A
 * longer one would be finer and of no use: quartz needs no more, and a sound server's null sink runs at another speed, by
 * up to 600 ppm, whenever a stream comes or goes.
 */

/** Pieces of this length, over this long. */
const PIECE_US = 0.5e6;
const MEMORY_US = 10e6;
/** Standard deviation of a piece's offset. */
const PIECE_SD_US = 500;
/** An offset that leaves the line by more has jumped: sound was lost, or the device wants another amount in advance. */
const JUMP_US = 4_000;
/**
 * Before offsets tell of it, the speed is nought give or take this: quartz keeps within 100 ppm, a sound server's null sink
 * was seen at 850. After a jump it is what it was, give or take the other.
 */
const UNKNOWN_SD = 500e-6;
const KNOWN_SD = 50e-6;
const MOST = 1_000e-6;

/** Microseconds per microsecond, and its standard deviation. */
export interface Estimate {
  readonly slope: number;
  readonly sd: number;
}

interface Point {
  readonly page: number;
  readonly offset: number;
}

export class Speed {
  private pieces: Point[] = [];
  private before: Estimate = { slope: 0, sd: UNKNOWN_SD };
  private now = this.before;
  private begun = -Infinity;
  private highest = -Infinity;

  get estimate(): Estimate {
    return this.now;
  }

  /** Takes a rendered offset: context time less page time. */
  take(page: number, offset: number): void {
    if (page - this.begun >= PIECE_US) {
      if (this.begun > -Infinity) this.add({ page: this.begun, offset: this.highest });
      this.begun = page;
      this.highest = offset;
    }
    this.highest = Math.max(this.highest, offset);
  }

  private add(piece: Point): void {
    const last = this.pieces.at(-1);
    if (last && Math.abs(piece.offset - last.offset) > JUMP_US) {
      this.before = { slope: this.now.slope, sd: Math.max(this.now.sd, KNOWN_SD) };
      this.pieces = [];
    }
    this.pieces.push(piece);
    this.pieces = this.pieces.filter((p) => p.page > piece.page - MEMORY_US);
    this.now = joined(this.before, line(this.pieces));
  }
}

/** By least squares. */
function line(points: readonly Point[]): Estimate {
  const [first] = points;
  if (!first || points.length < 3) return { slope: 0, sd: Infinity };
  const mean = (f: (p: Point) => number) => points.reduce((sum, p) => sum + f(p), 0) / points.length;
  const [page, offset] = [mean((p) => p.page), mean((p) => p.offset - first.offset)];
  const spread = mean((p) => (p.page - page) ** 2);
  const slope = mean((p) => (p.page - page) * (p.offset - first.offset - offset)) / spread;
  return { slope, sd: PIECE_SD_US / Math.sqrt(spread * points.length) };
}

function joined(before: Estimate, now: Estimate): Estimate {
  const [a, b] = [1 / before.sd ** 2, 1 / now.sd ** 2];
  const slope = (before.slope * a + now.slope * b) / (a + b);
  return { slope: Math.max(-MOST, Math.min(MOST, slope)), sd: 1 / Math.sqrt(a + b) };
}
