/**
 * The server's clock, seen from here.
 *
 * A probe goes out at `t0`, is read by the server at `t1`, answered at `t2` and is back at `t3`. Each way is judged by
 * itself: which of its delays repeat best is learnt from them (`delays.ts`), what they say of the offset is joined over the
 * bursts (`ways.ts`, `track.ts`), and what has changed is told apart by what both ways say together: a clock that is another
 * one leaves the round trip as it was. `protocol/src/clock` is the same estimator for native clients;
 * `protocol/vectors/clock` holds both to the same figures. docs/SYNC.md says why it is made so.
 *
 * All times are microseconds. Local times come from one monotonic clock, server times count from the Unix epoch.
 */

import { mean } from "./delays";
import { varianceAt } from "./track";
import { type Burst, burstOf, type Probe, type Surprise, tripOf, Ways } from "./ways";

export type { Probe } from "./ways";

/** What became of a burst: `restarted` means that the path or the server's clock is another one than before. */
export type BurstOutcome = "empty" | "accepted" | "rejected" | "restarted";

/** Bursts are judged once so many are known. */
const JUDGED_FROM = 6;
/** What is off by more standard deviations than this is not believed; more where few delays count, or few bursts are known. */
const GATE = 5;
const GATE_OF_FEW_DELAYS = 5;
const GATE_OF_FEW_BURSTS = 10;
/** Where the round trip has changed too, by so many standard deviations, so many more. */
const ANOTHER_TRIP = 3.5;
const GATE_OF_TRIP = 2;
/** So many in a row on one side are believed. */
const RESTART_AFTER = 3;
/** The latest bursts are looked at together, too: so many. */
const RUNS = [3, 6, 12];
/** What is told is less sure than what is reckoned with: neither jitter nor drift keeps to its model. */
const DOUBT = 4;
const UNTOLD_US = 100;
/** The bound takes in so many standard deviations. */
const BOUND = 3;

export class ClockEstimator {
  /** Offsets are kept relative to the first one: a double has only 0.25 µs left at the size of the Unix epoch. */
  private base = 0;
  private ways: Ways | undefined;
  /** Bursts that were not believed so far, all off on one side. */
  private pending: { burst: Burst; surprise: Surprise }[] = [];
  /** The next burst that is off is believed at once. */
  private doubted = false;
  /** How far the latest bursts were from what was expected. */
  private surprises: Surprise[] = [];
  /** By how much longer routes have moved what the ways say, and the variance of that. */
  private skew = { offset: 0, variance: 0 };

  /** Takes one burst in. Order of the probes does not matter; bursts must come in the order of time. */
  burst(probes: readonly Probe[]): BurstOutcome {
    const sound = probes.filter((p) => tripOf(p) >= 0);
    const [first] = sound;
    if (!first) return "empty";
    if (!this.ways) this.base = Math.round(first.t1 - first.t0);
    const burst = burstOf(sound, this.base);
    if (!this.ways) this.ways = new Ways(burst);
    else if (this.ways.count < JUDGED_FROM) this.ways.take([burst]);
    else return this.judge(this.ways, burst);
    return "accepted";
  }

  /** This machine slept: a clock that stood still meanwhile is another one. */
  doubt(): void {
    this.doubted = true;
  }

  /** Whether anything is known yet. */
  get ready(): boolean {
    return this.ways !== undefined;
  }

  /** Server time at a local instant. */
  toServer(localUs: number): number {
    const { at, offset } = this.line;
    return localUs + this.base + offset + this.driftPpm * 1e-6 * (localUs - at);
  }

  /** Local instant of a server time. */
  toLocal(serverUs: number): number {
    const { at, offset } = this.line;
    const undrifted = serverUs - this.base - offset;
    const rate = this.driftPpm * 1e-6;
    return undrifted - (rate * (undrifted - at)) / (1 + rate);
  }

  /**
   * How much faster the server's clock runs, in parts per million: as much of the estimate as stands out from its
   * uncertainty, 0 of one that doesn't.
   */
  get driftPpm(): number {
    const { drift, varDrift } = this.ways?.now ?? { drift: 0, varDrift: 0 };
    const [square, doubt] = [drift * drift, DOUBT * varDrift];
    return square <= doubt ? 0 : drift * (1 - doubt / square);
  }

  /** Standard deviation of the offset at a local instant, without what the path's asymmetry hides. */
  sdUs(localUs: number): number {
    return this.ways ? Math.sqrt(DOUBT * this.variance(this.ways, localUs) + UNTOLD_US * UNTOLD_US) : 0;
  }

  /** Least round trip of the last minutes; 0 before the first burst. */
  get rttMin(): number {
    return this.ways?.rttMin ?? 0;
  }

  /**
   * The most that the estimate can be wrong: no answer is read before it was sent, so the offset is off by no more than the
   * least delay that the estimate leaves to either way.
   */
  boundUs(localUs: number): number {
    if (!this.ways) return 0;
    const { up, down } = this.ways.least;
    return Math.max(up + this.skew.offset, down - this.skew.offset, 0) + BOUND * Math.sqrt(this.variance(this.ways, localUs));
  }

  private variance(ways: Ways, localUs: number): number {
    return varianceAt(ways.now, localUs) + this.skew.variance;
  }

  private get line(): { at: number; offset: number } {
    const { at, offset } = this.ways?.now ?? { at: 0, offset: 0 };
    return { at, offset: offset - this.skew.offset };
  }

  private judge(ways: Ways, burst: Burst): BurstOutcome {
    const surprise = ways.surprise(burst);
    const { clock, trip } = together([surprise]);
    const gate = this.gate(ways, surprise.probes);
    if (Math.abs(clock) <= gate + (Math.abs(trip) > ANOTHER_TRIP ? GATE_OF_TRIP : 0)) {
      this.doubted = false;
      this.pending = [];
      ways.take([burst]);
      this.surprises = [...this.surprises.slice(1 - Math.max(...RUNS)), surprise];
      return this.lookBack(ways, burst);
    }
    // A round trip shorter than any before shows another route, and is believed at once.
    if (burst.rtt < ways.rttMin) return this.restart(burst, ways.now.drift);
    const side = Math.sign(clock);
    if (this.pending.some((p) => Math.sign(p.surprise.up - p.surprise.down) !== side)) this.pending = [];
    this.pending.push({ burst, surprise });
    if (this.pending.length < (this.doubted ? 1 : RESTART_AFTER)) return "rejected";
    const late = this.pending.map((p) => p.burst);
    const trips = mean(this.pending.map((p) => together([p.surprise]).trip));
    return trips > ANOTHER_TRIP ? this.lengthen(ways, late) : this.restart(burst, 0);
  }

  /** Whether the latest bursts, each not far off by itself, all are off on one side. */
  private lookBack(ways: Ways, burst: Burst): BurstOutcome {
    for (const run of RUNS) {
      if (this.surprises.length < run) break;
      const latest = this.surprises.slice(-run);
      const { clock, trip } = together(latest);
      const probes = latest.reduce((sum, s) => sum + s.probes, 0);
      if (Math.abs(clock) <= this.gate(ways, probes)) continue;
      if (trip <= ANOTHER_TRIP && burst.rtt <= ways.rttUsual) return this.restart(burst, 0);
      // The route differs, not the clock: these bursts are no witnesses against it.
      this.surprises = [];
    }
    return "accepted";
  }

  private gate(ways: Ways, probes: number): number {
    return GATE + GATE_OF_FEW_DELAYS / Math.sqrt(ways.share * probes) + GATE_OF_FEW_BURSTS / ways.count;
  }

  /** Begins anew: what came before may be of another kind. */
  private restart(burst: Burst, drift: number): BurstOutcome {
    this.ways = new Ways(burst, drift);
    this.skew = { offset: 0, variance: 0 };
    this.forget();
    return "restarted";
  }

  private lengthen(ways: Ways, bursts: readonly Burst[]): BurstOutcome {
    const { skew, variance } = ways.lengthen(bursts);
    this.skew = { offset: this.skew.offset + skew, variance: this.skew.variance + variance };
    this.forget();
    return "accepted";
  }

  private forget(): void {
    this.doubted = false;
    this.pending = [];
    this.surprises = [];
  }
}

/** How far off bursts are, in standard deviations: the clock moves both ways apart, the route moves their sum. */
function together(surprises: readonly Surprise[]): { clock: number; trip: number } {
  const root = Math.sqrt(surprises.length);
  const clock = surprises.reduce((sum, s) => sum + (s.up - s.down) / Math.sqrt(s.scatter + s.doubt), 0);
  const trip = surprises.reduce((sum, s) => sum + (s.up + s.down) / Math.sqrt(s.scatter), 0);
  return { clock: clock / root, trip: trip / root };
}

/** The middle value, or the mean of the middle two; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
