/**
 * The estimator that was in use before, for comparison: of each burst the probes with the least round trip count, as if
 * their ways there and back had been equally lucky, and one Kalman filter of offset and drift joins the bursts.
 */

import { type BurstOutcome, median, type Probe } from "../clock/clock";

/** A burst's samples count up to this much above its least round trip, or [`RTT_SLACK_SHARE`] if that is more. */
const RTT_SLACK_US = 500;
const RTT_SLACK_SHARE = 0.03;
/** Noise of a burst that met no queueing: scheduling and interrupts at both ends. */
const NOISE_FLOOR_US = 150;
/** Where the samples of a burst scatter, not even the best of them met empty queues: a share of how far, by their number. */
const NOISE_OF_SPREAD = 0.25;
/** Quartz is within 50 ppm, cheap boards within 100. */
const DRIFT_PRIOR_PPM = 100;
/** No clock that works drifts more; such a figure is an artefact of the network. */
const DRIFT_MAX_PPM = 300;
/** Random walk of the offset (µs² per second) and of the drift (ppm² per second): warming up, frequency scaling. */
const OFFSET_WALK = 25;
const DRIFT_WALK = 4e-4;
/** Innovations beyond this many standard deviations are not believed... */
const GATE = 3;
/** ...unless so many in a row lie on one side. */
const RESTART_AFTER = 3;
/** The least round trip is looked for in this much past: routes change. */
const RTT_MEMORY_US = 300e6;

interface Reduced {
  readonly at: number;
  readonly offset: number;
  readonly rtt: number;
  /** How far the samples' median round trip lies above the least, over the root of their number. */
  readonly spread: number;
}

export class LuckyEstimator {
  /** Offsets are kept relative to the first one: a double has only 0.25 µs left at the size of the Unix epoch. */
  private base = 0;
  private offset = 0;
  private drift = 0;
  private varOffset = 0;
  private covariance = 0;
  private varDrift = 0;
  private at = 0;
  private count = 0;
  private streak = 0;
  private trips: { at: number; rtt: number }[] = [];

  /** Takes one burst in. Order of the probes does not matter; bursts must come in the order of time. */
  burst(probes: readonly Probe[]): BurstOutcome {
    const reduced = reduce(probes);
    if (!reduced) return "empty";
    const before = this.rttMin;
    this.trips = this.trips.filter((t) => t.at >= reduced.at - RTT_MEMORY_US);
    this.trips.push({ at: reduced.at, rtt: reduced.rtt });
    if (this.count === 0) {
      this.base = reduced.offset;
      this.restart(reduced);
      return "accepted";
    }
    // A shorter trip than any before shows that all earlier bursts had met a queue and knew less than they claimed.
    if (this.rttMin < before) this.varOffset += ((before - this.rttMin) / 2) ** 2;
    return this.update(reduced);
  }

  /** Whether anything is known yet. */
  get ready(): boolean {
    return this.count > 0;
  }

  /** Server time at a local instant. */
  toServer(localUs: number): number {
    return localUs + this.base + this.relativeOffset(localUs);
  }

  /** Local instant of a server time. */
  toLocal(serverUs: number): number {
    const undrifted = serverUs - this.base - this.offset;
    const rate = this.driftPpm * 1e-6;
    return undrifted - (rate * (undrifted - this.at)) / (1 + rate);
  }

  /**
   * How much faster the server's clock runs, in parts per million: as much of the estimate as stands out from its
   * uncertainty, 0 of one that doesn't.
   */
  get driftPpm(): number {
    const square = this.drift * this.drift;
    if (square <= this.varDrift || Math.abs(this.drift) >= DRIFT_MAX_PPM) return 0;
    return this.drift * (1 - this.varDrift / square);
  }

  /** Standard deviation of the offset at a local instant, without what the path's asymmetry hides. */
  sdUs(localUs: number): number {
    const dt = Math.max(0, localUs - this.at) * 1e-6;
    return Math.sqrt(this.varOffset + dt * (2 * this.covariance + dt * this.varDrift) + OFFSET_WALK * dt);
  }

  /** Least round trip of the last minutes; 0 before the first burst. */
  get rttMin(): number {
    return this.trips.reduce((least, t) => Math.min(least, t.rtt), this.trips[0]?.rtt ?? 0);
  }

  /** The most that the estimate can be wrong: no two-way method sees how a round trip divides into its two ways. */
  boundUs(localUs: number): number {
    return this.rttMin / 2 + this.sdUs(localUs);
  }

  private relativeOffset(localUs: number): number {
    return this.offset + this.driftPpm * 1e-6 * (localUs - this.at);
  }

  /** Variance of a burst's offset. */
  private noise({ rtt, spread }: Reduced): number {
    return (NOISE_FLOOR_US + (rtt - this.rttMin) / 2 + NOISE_OF_SPREAD * spread) ** 2;
  }

  private restart(r: Reduced): void {
    this.offset = r.offset - this.base;
    this.drift = 0;
    this.varOffset = this.noise(r);
    this.covariance = 0;
    this.varDrift = DRIFT_PRIOR_PPM ** 2;
    this.at = r.at;
    this.count = 1;
    this.streak = 0;
  }

  private update(r: Reduced): BurstOutcome {
    const dt = Math.max(0, (r.at - this.at) * 1e-6);
    const predicted = this.offset + this.drift * dt;
    const varOffset = this.varOffset + dt * (2 * this.covariance + dt * this.varDrift) + OFFSET_WALK * dt;
    const covariance = this.covariance + dt * this.varDrift;
    const varDrift = this.varDrift + DRIFT_WALK * dt;

    const innovation = r.offset - this.base - predicted;
    const variance = varOffset + this.noise(r);
    if (innovation * innovation > GATE * GATE * variance) {
      const sign = Math.sign(innovation);
      this.streak = Math.sign(this.streak) === sign ? this.streak + sign : sign;
      if (Math.abs(this.streak) < RESTART_AFTER) return "rejected";
      this.trips = [{ at: r.at, rtt: r.rtt }];
      this.restart(r);
      return "restarted";
    }
    const gainOffset = varOffset / variance;
    const gainDrift = covariance / variance;
    this.offset = predicted + gainOffset * innovation;
    this.drift += gainDrift * innovation;
    this.varOffset = (1 - gainOffset) * varOffset;
    this.varDrift = varDrift - gainDrift * covariance;
    this.covariance = (1 - gainOffset) * covariance;
    this.at = Math.max(this.at, r.at);
    this.count += 1;
    this.streak = 0;
    return "accepted";
  }
}

/** The median of the samples that met the least queueing. */
function reduce(probes: readonly Probe[]): Reduced | undefined {
  const samples = probes
    .map((p) => ({
      at: (p.t0 + p.t3) / 2,
      offset: (p.t1 - p.t0 + (p.t2 - p.t3)) / 2,
      rtt: p.t3 - p.t0 - (p.t2 - p.t1),
    }))
    .filter((s) => s.rtt >= 0);
  if (samples.length === 0) return undefined;
  const rtt = Math.min(...samples.map((s) => s.rtt));
  const spread = (median(samples.map((s) => s.rtt)) - rtt) / Math.sqrt(samples.length);
  const good = samples.filter((s) => s.rtt <= rtt + Math.max(RTT_SLACK_US, RTT_SLACK_SHARE * rtt));
  return { at: median(good.map((s) => s.at)), offset: median(good.map((s) => s.offset)), rtt, spread };
}
