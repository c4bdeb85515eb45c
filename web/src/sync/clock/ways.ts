/** The latest bursts, way by way, and what they say of the clock together. Microseconds. */

import { mean, type Scale, scales } from "./delays";
import { type Line, type Measurement, track, varianceAt } from "./track";

/** One question and its answer: `t0` and `t3` on the local clock, `t1` and `t2` on the server's. */
export interface Probe {
  readonly t0: number;
  readonly t1: number;
  readonly t2: number;
  readonly t3: number;
}

/** A burst's probes: when they left and came back, and what the clocks show of each way: its length and their offset. */
export interface Burst {
  readonly at: number;
  readonly rtt: number;
  readonly left: readonly number[];
  readonly back: readonly number[];
  up: readonly number[];
  down: readonly number[];
}

/** How far a burst's ways lie from where they were expected, and the variances of that. */
export interface Surprise {
  readonly probes: number;
  readonly up: number;
  readonly down: number;
  /** Of the burst's own scatter; of what was expected. */
  readonly scatter: number;
  readonly doubt: number;
}

/** So many bursts are kept, and no older ones: routes change. */
const KEPT = 64;
const MEMORY_US = 300e6;
/** A burst is usual if this share of them are no better. */
const USUAL = 0.75;
/** Noise of a probe that no scatter shows: interrupts at both ends. */
const FLOOR_US = 20;
/** What bursts scatter more than their probes is believed from a few bursts on. */
const SCATTER_PRIOR = 2;
/** The line that delays are measured from moves with what they say; twice is enough. */
const ROUNDS = 2;

export function burstOf(probes: readonly Probe[], base: number): Burst {
  return {
    at: mean(probes.map((p) => (p.t0 + p.t3) / 2)),
    rtt: Math.min(...probes.map(tripOf)),
    left: probes.map((p) => p.t0),
    back: probes.map((p) => p.t3),
    up: probes.map((p) => p.t1 - p.t0 - base),
    down: probes.map((p) => p.t3 - p.t2 + base),
  };
}

export function tripOf(p: Probe): number {
  return p.t3 - p.t0 - (p.t2 - p.t1);
}

export class Ways {
  private bursts: Burst[];
  private up!: Scale;
  private down!: Scale;
  private line: Line;
  /** How much of what a probe says the one before has not said; and a burst's variance beyond what its probes' scatter explains. */
  private fresh = { up: 1, down: 1 };
  private between = { up: 0, down: 0 };

  constructor(
    first: Burst,
    /** The drift that is likely beforehand, in ppm. */
    private readonly likely = 0,
  ) {
    const offset = (Math.min(...first.up) - Math.min(...first.down)) / 2;
    this.line = { at: first.at, offset, drift: likely, varOffset: 0, covariance: 0, varDrift: 0 };
    this.bursts = [first];
    this.fit();
  }

  get count(): number {
    return this.bursts.length;
  }

  get now(): Line {
    return this.line;
  }

  /** Share of the delays that count, and the number of bursts that lie behind. */
  get share(): number {
    return this.up.share;
  }

  get rttMin(): number {
    return Math.min(...this.bursts.map((b) => b.rtt));
  }

  /** Three of four bursts had a least round trip no longer than this: they met no crowd. */
  get rttUsual(): number {
    const trips = this.bursts.map((b) => b.rtt).sort((a, b) => a - b);
    return trips[Math.floor(trips.length * USUAL)] ?? Infinity;
  }

  /** The least delays of each way: the offset can be off by no more, whatever the ways' lengths are. */
  get least(): { up: number; down: number } {
    return { up: this.up.least, down: this.down.least };
  }

  take(bursts: readonly Burst[]): void {
    this.bursts.push(...bursts);
    const latest = this.bursts.at(-1)?.at ?? 0;
    this.bursts = this.bursts.slice(-KEPT).filter((b) => b.at >= latest - MEMORY_US);
    this.fit();
  }

  surprise(burst: Burst): Surprise {
    const n = burst.up.length;
    const { up, down } = this.delays(burst);
    return {
      probes: n,
      up: mean(up.map((d) => this.up.says(d))) - this.up.level,
      down: mean(down.map((d) => this.down.says(d))) - this.down.level,
      scatter: this.variance(n) + 4 * FLOOR_US * FLOOR_US,
      doubt: 4 * varianceAt(this.line, burst.at),
    };
  }

  /**
   * The ways have become longer, as these bursts show: those before are moved along, so that the clock stays where it is.
   * Tells by how much it would have moved, and the variance of that.
   */
  lengthen(late: readonly Burst[]): { skew: number; variance: number } {
    const delays = late.map((b) => this.delays(b));
    const up = this.up.rise(delays.flatMap((d) => d.up));
    const down = this.down.rise(delays.flatMap((d) => d.down));
    for (const b of this.bursts) {
      b.up = b.up.map((delay) => delay + up);
      b.down = b.down.map((delay) => delay + down);
    }
    const skew = (up - down) / 2;
    this.line = { ...this.line, offset: this.line.offset + skew };
    const probes = delays.reduce((sum, d) => sum + d.up.length, 0);
    const variance = (this.up.variance + this.down.variance) / 4 / probes;
    this.take(late);
    return { skew, variance };
  }

  private fit(): void {
    for (let round = 0; round < ROUNDS; round++) {
      const delays = this.bursts.map((b) => this.delays(b));
      [this.up, this.down] = scales(
        delays.flatMap((d) => d.up),
        delays.flatMap((d) => d.down),
      );
      const levels = delays.map(({ up, down }) => ({
        n: up.length,
        up: mean(up.map((d) => this.up.says(d))),
        down: mean(down.map((d) => this.down.says(d))),
      }));
      this.fresh = {
        up: freshness(
          delays.map((d) => d.up),
          this.up,
        ),
        down: freshness(
          delays.map((d) => d.down),
          this.down,
        ),
      };
      this.between = {
        up: beyond(levels, "up", this.up, this.fresh.up),
        down: beyond(levels, "down", this.down, this.fresh.down),
      };
      const measured = this.bursts.map(({ at }, i): Measurement => {
        const { n, up, down } = levels[i] ?? { n: 1, up: 0, down: 0 };
        const variance = this.variance(n) / 4 + (FLOOR_US * FLOOR_US) / n;
        return { at, offset: this.expected(at) + (up - down) / 2, variance };
      });
      this.line = track(measured, this.likely);
    }
  }

  private expected(at: number): number {
    return this.line.offset + this.line.drift * 1e-6 * (at - this.line.at);
  }

  /** How long each way took, by the line. */
  private delays(burst: Burst): { up: number[]; down: number[] } {
    return {
      up: burst.up.map((seen, i) => seen - this.expected(burst.left[i] ?? 0)),
      down: burst.down.map((seen, i) => seen + this.expected(burst.back[i] ?? 0)),
    };
  }

  /** Variance of both ways' levels in a burst of `n` probes, summed. */
  private variance(n: number): number {
    const scatter = this.up.variance / worth(n, this.fresh.up) + this.down.variance / worth(n, this.fresh.down);
    return scatter + this.between.up + this.between.down;
  }
}

/**
 * Queues remember: probes that follow each other closely meet the same one. Half the mean square of what one says less the
 * one before, over the variance (von Neumann's ratio): 1 if each says something new, near 0 if all say the same.
 */
function freshness(bursts: readonly (readonly number[])[], scale: Scale): number {
  let squares = 0;
  let pairs = 0;
  for (const delays of bursts) {
    const said = delays.map((d) => scale.says(d));
    pairs += said.length - 1;
    for (let i = 1; i < said.length; i++) squares += ((said[i] ?? 0) - (said[i - 1] ?? 0)) ** 2;
  }
  return pairs > 0 && scale.variance > 0 ? Math.min(1, squares / pairs / 2 / scale.variance) : 1;
}

/** As how many independent probes `n` of that freshness count: as those of an autoregression. */
function worth(n: number, fresh: number): number {
  return Math.max(1, (n * fresh) / (2 - fresh));
}

function beyond(
  levels: readonly { n: number; up: number; down: number }[],
  way: "up" | "down",
  scale: Scale,
  fresh: number,
): number {
  const sum = levels.reduce((s, l) => s + (l[way] - scale.level) ** 2 - scale.variance / worth(l.n, fresh), 0);
  return Math.max(0, sum / (levels.length + SCATTER_PRIOR));
}
