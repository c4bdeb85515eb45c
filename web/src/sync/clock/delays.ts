/**
 * What the delays of one way say of its length, whatever the shape of their jitter.
 *
 * Of n delays the mean of the k least is taken, for a ladder of k from the lowest few up to nine tenths. Where queues only
 * add, the lowest say most; where jitter goes both ways, nearly all of them do. Which k says most is learnt from the delays:
 * each rung's variance follows from its influence function (what one delay more would change), and rungs count by it.
 */

/** The ladder: its lowest rung as a share of the delays, at least [`FEWEST`]; its highest; from one to the next. */
const LOWEST_SHARE = 0.02;
const FEWEST = 2;
const HIGHEST_SHARE = 0.9;
const STEP = 1.6;
/** Of few delays a variance says little: rungs count by its inverse to this power, in full from so many delays on... */
const TRUST = 4;
const TRUSTED_FROM = 100;
/** ...and before that by how near they are to a rung that is never far from the best one, up to so many delays in full. */
const SAFE_SHARE = 0.15;
const SAFE_UP_TO = 40;
/** The variance of a rung's own variance, in delays. */
const FEW = 2;

/** One rung: the mean of the `k` least delays, of which `edge` is the greatest. */
interface Rung {
  readonly k: number;
  readonly edge: number;
  /** Variance of the mean, times the number of delays. */
  readonly variance: number;
}

export class Delays {
  private readonly sorted: Float64Array;
  readonly rungs: readonly Rung[];

  constructor(delays: readonly number[]) {
    this.sorted = Float64Array.from(delays).sort();
    this.rungs = ladder(this.sorted);
  }

  get count(): number {
    return this.sorted.length;
  }

  get least(): number {
    return this.sorted[0] ?? 0;
  }

  /** The weighted mean of the means of the least `shares` of these delays. */
  level(shares: readonly number[], weights: readonly number[]): number {
    return shares.reduce((sum, share, i) => {
      const k = Math.max(1, Math.round(share * this.count));
      let least = 0;
      for (let j = 0; j < k; j++) least += this.sorted[j] ?? 0;
      return sum + ((weights[i] ?? 0) * least) / k;
    }, 0);
  }
}

function ladder(sorted: Float64Array): Rung[] {
  const n = sorted.length;
  const origin = sorted[0] ?? 0;
  const rungs: Rung[] = [];
  let k = Math.min(n, Math.max(FEWEST, Math.ceil(LOWEST_SHARE * n)));
  const top = Math.max(k, Math.floor(HIGHEST_SHARE * n));
  let sum = 0;
  let squares = 0;
  for (let j = 0; j < top; j++) {
    const delay = (sorted[j] ?? 0) - origin;
    sum += delay;
    squares += delay * delay;
    if (j + 1 < k) continue;
    // Of the delays cut off at the edge: theirs is the variance of the influence function, times the square of k / n.
    const mean = (sum + (n - k) * delay) / n;
    const cut = Math.max(0, (squares + (n - k) * delay * delay) / n - mean * mean);
    rungs.push({ k, edge: delay + origin, variance: (cut * n * n * n) / (k * k * Math.max(1, n - 1)) });
    k = Math.min(top, Math.max(k + 1, Math.ceil(k * STEP)));
  }
  return rungs;
}

/** How much each rung counts, of both ways alike: what is skew in both of them cancels. */
export function weigh(up: Delays, down: Delays): number[] {
  const n = up.count;
  const both = up.rungs.map((rung, i) => rung.variance + (down.rungs[i]?.variance ?? 0));
  // A few lowest delays lie close together by chance: no rung is better than the next one and its number allow.
  const cautious = up.rungs.map(({ k }, i) => Math.max(both[i] ?? 0, both[i + 1] ?? 0) * (1 + FEW / k));
  const best = Math.min(...cautious);
  const trust = TRUST * Math.min(1, n / TRUSTED_FROM);
  const safety = Math.min(1, SAFE_UP_TO / n);
  const weights = up.rungs.map(({ k }, i) => {
    const distance = Math.log(k / n / SAFE_SHARE);
    return Math.exp(-trust * Math.log(((cautious[i] ?? 0) + 1) / (best + 1)) - safety * distance * distance);
  });
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

/** A way's delays with their weights: turns each delay into what it says of the way's level. */
export class Scale {
  /** Mean of what the delays say, and the variance of what one says. */
  readonly level: number;
  readonly variance: number;
  readonly least: number;
  /** How many delays the lowest means are made of, weighted; and the same as a share. */
  readonly counting: number;
  readonly share: number;
  private readonly shares: number[];

  constructor(
    private readonly delays: Delays,
    all: readonly number[],
    private readonly weights: readonly number[],
  ) {
    this.least = delays.least;
    this.shares = delays.rungs.map(({ k }) => k / delays.count);
    this.counting = delays.rungs.reduce((sum, { k }, i) => sum + k * (weights[i] ?? 0), 0);
    this.share = this.counting / delays.count;
    const said = all.map((delay) => this.says(delay));
    this.level = mean(said);
    const squares = said.reduce((sum, s) => sum + (s - this.level) ** 2, 0);
    this.variance = (squares / Math.max(1, said.length - 1)) * (1 + FEW / this.counting);
  }

  /** What one delay says of the level: delays above a rung's edge all say the same. */
  says(delay: number): number {
    return this.delays.rungs.reduce((sum, { edge }, i) => {
      const below = Math.max(0, edge - delay) / (this.shares[i] ?? 1);
      return sum + (this.weights[i] ?? 0) * (edge - below);
    }, 0);
  }

  /** By how much other delays lie above these, nought if they lie below. */
  rise(others: readonly number[]): number {
    return Math.max(0, new Delays(others).level(this.shares, this.weights) - this.level);
  }
}

/** Both ways' scales, from all delays that are known of them. */
export function scales(up: readonly number[], down: readonly number[]): [Scale, Scale] {
  const ways = [new Delays(up), new Delays(down)] as const;
  const weights = weigh(...ways);
  return [new Scale(ways[0], up, weights), new Scale(ways[1], down, weights)];
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
