/**
 * Between the page's clock and the sound that leaves the device.
 *
 * `AudioContext.getOutputTimestamp()` pairs a context time with the instant at which that frame is heard. Each pair is a
 * reading of one level, context time less page time; the device's own clock moves it slowly, a new route (headphones,
 * a dropout) moves it at once, and now and then a reading is plainly wrong. The level in use is a median with a slope, a
 * new level counts only when fresh readings agree on it, and readings that scatter freeze the bridge: a controller that
 * trusts every report chases the wrong ones and is worse than none.
 *
 * All times are microseconds: page time is `performance.now()`, context time the context's.
 */

import { median } from "./clock";

/** Readings older than this do not count. */
const WINDOW_US = 3e6;
/** In its first seconds a device's latency still moves: only the latest readings count. */
const YOUNG_US = 3e6;
const YOUNG_WINDOW_US = 0.5e6;
/** So many fresh readings, agreeing within [`AGREE_US`] and off by [`STEP_US`], make a new level. */
const STEP_READINGS = 12;
const AGREE_US = 700;
const STEP_US = 4_000;
/** Scatter (median absolute deviation) beyond which nothing is corrected. */
const FREEZE_MAD_US = 3_000;
/**
 * The device's own speed shows in medians of half a second over 20 s; 4 s of them are enough to begin with. Quartz stays
 * within 100 ppm, a sound server's null sink was seen at 500; more than 1,000 is no clock but a route that settles.
 */
const TREND_STEP_US = 0.5e6;
const TREND_US = 20e6;
const TREND_LEAST_US = 4e6;
const SLOPE_MAX = 1_000e-6;
/** Without a fresh reading for this long, time stamps count as absent. */
const STALE_US = 1.5e6;
/** Readings before the first level is believed. */
const FIRST_READINGS = 8;
/** The fallback's window, and the latency that is assumed where none is told. */
const ENVELOPE_US = 0.5e6;
const LATENCY_UNKNOWN_US = 40_000;

interface Reading {
  readonly page: number;
  readonly level: number;
}

/** How context time follows page time near `at`. */
export interface Level {
  /** Context time less page time at `at`. */
  readonly level: number;
  /** Change of the level per microsecond of page time. */
  readonly slope: number;
  readonly at: number;
  /** Median absolute deviation of the readings. */
  readonly mad: number;
  /** Whether output time stamps are behind it, or only `currentTime` and a told latency. */
  readonly source: "timestamps" | "envelope";
}

export class Bridge {
  private readings: Reading[] = [];
  private trend: Reading[] = [];
  private envelope: Reading[] = [];
  private latencies: number[] = [];
  private firstPage: number | undefined;
  private lastPage = -Infinity;
  private cached: Level | undefined;
  private stepCount = 0;

  /** Takes a pair of `getOutputTimestamp()`. The same pair again, or one that is not yet meaningful, changes nothing. */
  timestamp(page: number, context: number): void {
    if (!(page > this.lastPage) || page <= 0 || context <= 0) return;
    this.lastPage = page;
    this.cached = undefined;
    this.readings.push({ page, level: context - page });
    this.firstPage ??= page;
    const window = page - this.firstPage < YOUNG_US ? YOUNG_WINDOW_US : WINDOW_US;
    this.readings = this.readings.filter((r) => r.page > page - window);
    this.detectStep();
    this.follow(page);
  }

  /** Takes `currentTime` and, where there is one, `outputLatency`; needed where time stamps are absent or stale. */
  current(page: number, context: number, latency: number | undefined): void {
    this.envelope.push({ page, level: context - page });
    this.envelope = this.envelope.filter((r) => r.page > page - ENVELOPE_US);
    if (latency !== undefined && latency > 0) this.latencies = [...this.latencies.slice(-20), latency];
    if (this.stale(page)) this.cached = undefined;
  }

  /** The level in use; absent until enough was read. */
  level(now: number): Level | undefined {
    if (!this.stale(now)) {
      if (this.readings.length < FIRST_READINGS) return undefined;
      return (this.cached ??= fit(this.readings, slopeOf(this.trend)));
    }
    if (this.lastPage > -Infinity && this.readings.length > 0 && now - this.lastPage < 2 * STALE_US) return this.cached;
    return this.fromEnvelope(now);
  }

  /** Context time that is heard at a page time. */
  toContext(page: number, now: number): number | undefined {
    const l = this.level(now);
    return l && page + l.level + l.slope * (page - l.at);
  }

  /** Page time at which a context time is heard. */
  toPage(context: number, now: number): number | undefined {
    const l = this.level(now);
    if (!l) return undefined;
    const straight = context - l.level;
    return straight - (l.slope * (straight - l.at)) / (1 + l.slope);
  }

  /** Whether readings scatter too much to act on. */
  frozen(now: number): boolean {
    const l = this.level(now);
    return !l || l.mad > FREEZE_MAD_US;
  }

  /** How often the level has jumped: new routes and dropouts. */
  get steps(): number {
    return this.stepCount;
  }

  /** Forgets all: the context was suspended or replaced. */
  reset(): void {
    this.readings = [];
    this.trend = [];
    this.envelope = [];
    this.firstPage = undefined;
    this.lastPage = -Infinity;
    this.cached = undefined;
  }

  private stale(now: number): boolean {
    return now - this.lastPage > STALE_US;
  }

  private detectStep(): void {
    const fresh = this.readings.slice(-STEP_READINGS);
    const older = this.readings.slice(0, -STEP_READINGS);
    if (fresh.length < STEP_READINGS || older.length === 0) return;
    const levels = fresh.map((r) => r.level);
    if (Math.max(...levels) - Math.min(...levels) > AGREE_US) return;
    if (Math.abs(median(levels) - median(older.map((r) => r.level))) < STEP_US) return;
    this.readings = fresh;
    this.trend = [];
    this.stepCount += 1;
  }

  private follow(page: number): void {
    const last = this.trend.at(-1);
    if (last && page - last.page < TREND_STEP_US) return;
    const latest = this.readings.filter((r) => r.page > page - TREND_STEP_US);
    this.trend.push({ page: median(latest.map((r) => r.page)), level: median(latest.map((r) => r.level)) });
    this.trend = this.trend.filter((r) => r.page > page - TREND_US);
  }

  private fromEnvelope(now: number): Level | undefined {
    if (this.envelope.length < FIRST_READINGS) return undefined;
    const levels = this.envelope.map((r) => r.level);
    const latency = this.latencies.length > 0 ? median(this.latencies) : LATENCY_UNKNOWN_US;
    return { level: Math.max(...levels) - latency, slope: 0, at: now, mad: 0, source: "envelope" };
  }
}

/** The level at the middle of the readings, with a slope through it. */
function fit(readings: readonly Reading[], slope: number): Level {
  const at = median(readings.map((r) => r.page));
  const level = median(readings.map((r) => r.level - slope * (r.page - at)));
  const mad = median(readings.map((r) => Math.abs(r.level - level - slope * (r.page - at))));
  return { level, slope, at, mad, source: "timestamps" };
}

/** The slope between the medians of two halves; 0 while it can't be told. */
function slopeOf(trend: readonly Reading[]): number {
  const [first, last] = [trend[0], trend.at(-1)];
  if (!first || !last || last.page - first.page < TREND_LEAST_US) return 0;
  const half = trend.length >> 1;
  const [early, late] = [trend.slice(0, half), trend.slice(-half)];
  const rise = median(late.map((r) => r.level)) - median(early.map((r) => r.level));
  const run = median(late.map((r) => r.page)) - median(early.map((r) => r.page));
  const slope = rise / run;
  return Math.abs(slope) < SLOPE_MAX ? slope : 0;
}
