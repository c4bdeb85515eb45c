/**
 * From a file's sample rate to the context's, exactly in place: sample `n` of the result is the sound at `n` divided by
 * the context's rate, whichever stretch it is computed from. A windowed sinc (Kaiser), one set of coefficients per phase
 * of the rates' ratio.
 */

/** Zero crossings on each side, and the window's shape: 100 dB of image rejection, 0.1 dB flat to 20 kHz. */
const CROSSINGS = 24;
const BETA = 9;
/** More phases than this would be a table of megabytes; no common pair of rates has more than 640. */
const PHASES_MAX = 1_280;

export class Resampler {
  private readonly up: number;
  private readonly down: number;
  /** Taps on each side of a sample. */
  readonly reach: number;
  private readonly table: Float32Array;

  private constructor(up: number, down: number) {
    this.up = up;
    this.down = down;
    const cutoff = Math.min(1, up / down) * 0.97;
    this.reach = Math.ceil(CROSSINGS / cutoff);
    this.table = new Float32Array(up * 2 * this.reach);
    for (let phase = 0; phase < up; phase++) this.fill(phase, cutoff);
  }

  /** Undefined where the ratio has too many phases. */
  static between(from: number, to: number): Resampler | undefined {
    const common = gcd(from, to);
    return to / common <= PHASES_MAX ? new Resampler(to / common, from / common) : undefined;
  }

  /** How many frames come of `frames`. */
  length(frames: number): number {
    return Math.round((frames * this.up) / this.down);
  }

  /** The source frame at or before the result's frame `n`. */
  sourceOf(n: number): number {
    return Math.floor((n * this.down) / this.up);
  }

  /**
   * Result frames [from, from + out.length); `source` begins with frame `sourceOf(from) - reach` and must reach `reach`
   * frames beyond the last one's.
   */
  run(source: Float32Array, from: number, out: Float32Array): void {
    const { up, down, table } = this;
    const taps = 2 * this.reach;
    if (up === down) return out.set(source.subarray(this.reach, this.reach + out.length));
    let index = 0;
    let phase = (from * down) % up;
    for (let i = 0; i < out.length; i++) {
      let sum = 0;
      const row = phase * taps;
      // The tap at `reach` is the frame at or before the place; the first lies reach − 1 before it.
      for (let k = 0; k < taps; k++) sum += (source[index + k + 1] ?? 0) * (table[row + k] ?? 0);
      out[i] = sum;
      phase += down;
      while (phase >= up) {
        phase -= up;
        index += 1;
      }
    }
  }

  private fill(phase: number, cutoff: number): void {
    const taps = 2 * this.reach;
    const row = phase * taps;
    let sum = 0;
    for (let k = 0; k < taps; k++) {
      const x = k - this.reach + 1 - phase / this.up;
      const window = bessel(BETA * Math.sqrt(Math.max(0, 1 - (x / this.reach) ** 2))) / bessel(BETA);
      const value = cutoff * sinc(cutoff * x) * window;
      this.table[row + k] = value;
      sum += value;
    }
    // Each phase lets a constant through as it is.
    for (let k = 0; k < taps; k++) this.table[row + k] = (this.table[row + k] ?? 0) / sum;
  }
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** The modified Bessel function of order zero. */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > 1e-12 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
