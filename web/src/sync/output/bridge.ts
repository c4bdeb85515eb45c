/**
 * Between the page's clock and the sound that leaves the device.
 *
 * `AudioContext.getOutputTimestamp()` pairs a context time with the instant at which that frame is heard. Each pair is a
 * reading of one offset, context time less page time; the device's own clock moves it slowly, a new route (headphones,
 * a dropout) moves it at once. Below, in `buffered.ts`, is how readings that go astray are told from a device that moves.
 * Readings that scatter freeze the bridge: a controller that trusts every report chases the wrong ones.
 *
 * All times are microseconds: page time is `performance.now()`, context time the context's.
 */

import { median } from "../clock/clock";
import { Buffered, type Reading } from "../play/buffered";
import { Speed } from "./speed";

/** Readings older than this do not count. */
const WINDOW_US = 0.5e6;
/** So many fresh readings that agree within this and are off those before by that make a jump: only they count then. */
const FRESH = 4;
const AGREE_US = 700;
const AGREE_SHARE = 0.15;
const JUMP_US = 3_000;
/** Scatter (median step from one reading to the next) beyond which nothing is corrected. */
const FREEZE_SCATTER_US = 3_000;
/** Without a fresh reading for this long, time stamps count as absent. */
const STALE_US = 1.5e6;
/** Readings before the first offset is believed; fewer where silence lasts until then, as all is corrected later. */
const FIRST_READINGS = 8;
const AGAIN_READINGS = 5;
/** The fallback's window, and the latency that is assumed where none is told. */
const ENVELOPE_US = 1e6;
const LATENCY_UNKNOWN_US = 40_000;
/** What was measured, see docs/SYNC.md: with time stamps on a known system and on others, with a told latency, without. */
const DOUBT_KNOWN_US = 1_000;
const DOUBT_ELSEWHERE_US = 10_000;
const DOUBT_TOLD_US = 20_000;
const DOUBT_UNTOLD_US = 60_000;

/** How context time follows page time near `at`. */
export interface ClockOffset {
  /** Context time less page time at `at`. */
  readonly offset: number;
  /** Change of the offset per microsecond of page time. */
  readonly slope: number;
  readonly at: number;
  /** How far one reading is from the next, at the median. */
  readonly scatter: number;
  /** By how much the readings are held to be astray; already taken off. */
  readonly astray: number;
  /** Whether output time stamps are behind it, or only `currentTime` and a told latency. */
  readonly source: "timestamps" | "envelope";
}

interface Point {
  readonly page: number;
  readonly offset: number;
}

export class Bridge {
  private readings: Reading[] = [];
  private envelope: Point[] = [];
  private latencies: number[] = [];
  private buffered: Buffered;
  private speed = new Speed();
  private count = 0;
  private enough = FIRST_READINGS;
  private lastPage = -Infinity;
  private cached: ClockOffset | undefined;
  private stepCount = 0;
  private lossCount = 0;

  /** `block` is how much the browser renders at once; 0 if it doesn't tell. */
  constructor(private readonly block = 0) {
    this.buffered = new Buffered(block);
  }

  /**
   * Takes a pair of `getOutputTimestamp()` and the `currentTime` of the same moment. The same pair again, or one that is
   * not yet meaningful, changes nothing.
   */
  timestamp(page: number, context: number, rendered: number): void {
    if (!(page > this.lastPage) || page <= 0 || context <= 0) return;
    this.lastPage = page;
    this.cached = undefined;
    const reading = { page, told: context - page, rendered: rendered - page };
    this.readings.push(reading);
    this.count += 1;
    this.readings = this.readings.filter((r) => r.page > page - WINDOW_US);
    this.speed.take(page, reading.rendered);
    this.buffered.take(reading, this.speed.estimate);
    this.jump();
  }

  /** An offset that has jumped is followed at once. */
  private jump(): void {
    const [older, fresh] = [this.readings.slice(0, -FRESH), this.readings.slice(-FRESH)];
    const offsets = fresh.map((r) => r.told);
    if (older.length < FRESH || scatterOf(older) > FREEZE_SCATTER_US) return;
    const by = median(offsets) - median(older.map((r) => r.told));
    if (Math.abs(by) < JUMP_US || Math.max(...offsets) - Math.min(...offsets) > Math.max(AGREE_US, AGREE_SHARE * Math.abs(by)))
      return;
    if (this.buffered.jumped(fresh, by) === "lost") this.lossCount += 1;
    this.readings = fresh;
    this.stepCount += 1;
  }

  /** Takes `currentTime` and, where there is one, `outputLatency`; needed where time stamps are absent or stale. */
  current(page: number, context: number, latency: number | undefined): void {
    this.envelope.push({ page, offset: context - page });
    this.envelope = this.envelope.filter((r) => r.page > page - ENVELOPE_US);
    if (latency !== undefined && latency > 0) this.latencies = [...this.latencies.slice(-20), latency];
    if (this.stale(page)) this.cached = undefined;
  }

  /** The offset in use; absent until enough was read. */
  offset(now: number): ClockOffset | undefined {
    if (!this.stale(now)) {
      if (this.count < this.enough) return undefined;
      this.cached ??= this.fit();
      return this.cached;
    }
    if (this.lastPage > -Infinity && this.readings.length > 0 && now - this.lastPage < 2 * STALE_US) return this.cached;
    return this.fromEnvelope(now);
  }

  /** Context time that is heard at a page time. */
  toContext(page: number, now: number): number | undefined {
    const l = this.offset(now);
    return l && page + l.offset + l.slope * (page - l.at);
  }

  /** Page time at which a context time is heard. */
  toPage(context: number, now: number): number | undefined {
    const l = this.offset(now);
    if (!l) return undefined;
    const straight = context - l.offset;
    return straight - (l.slope * (straight - l.at)) / (1 + l.slope);
  }

  /** Whether readings scatter too much to act on. */
  frozen(now: number): boolean {
    const l = this.offset(now);
    return !l || l.scatter > FREEZE_SCATTER_US;
  }

  /**
   * By how much the sound may be off without being seen to be: little where what is buffered is what this system is known to
   * buffer, more on systems that nobody has recorded, much where nothing but the rendered sound is told.
   */
  doubt(now: number): number {
    const source = this.offset(now)?.source;
    if (source === "timestamps") return this.buffered.usual ? DOUBT_KNOWN_US : DOUBT_ELSEWHERE_US;
    return this.latencies.length > 0 ? DOUBT_TOLD_US : DOUBT_UNTOLD_US;
  }

  /** How often the offset has jumped: new routes and dropouts. */
  get steps(): number {
    return this.stepCount;
  }

  /** How many of these were sound that was lost. */
  get losses(): number {
    return this.lossCount;
  }

  /** Forgets all: the context was suspended or replaced. */
  reset(): void {
    if (this.lastPage > -Infinity) this.enough = AGAIN_READINGS;
    this.readings = [];
    this.count = 0;
    this.envelope = [];
    this.buffered = new Buffered(this.block);
    this.speed = new Speed();
    this.lastPage = -Infinity;
    this.cached = undefined;
  }

  private stale(now: number): boolean {
    return now - this.lastPage > STALE_US;
  }

  /** The offset at the middle of the readings, with the device's slope through it. */
  private fit(): ClockOffset {
    const { readings } = this;
    const { slope } = this.speed.estimate;
    const at = median(readings.map((r) => r.page));
    const told = median(readings.map((r) => r.told - slope * (r.page - at)));
    const astray = this.buffered.astray(told, at, this.speed.estimate);
    return { offset: told - astray, slope, at, scatter: scatterOf(readings), astray, source: "timestamps" };
  }

  private fromEnvelope(now: number): ClockOffset | undefined {
    if (this.envelope.length < FIRST_READINGS) return undefined;
    const offsets = this.envelope.map((r) => r.offset);
    const latency = this.latencies.length > 0 ? median(this.latencies) : LATENCY_UNKNOWN_US;
    return { offset: Math.max(...offsets) - latency, slope: 0, at: now, scatter: 0, astray: 0, source: "envelope" };
  }
}

/** How far one reading is from the next, at the median. */
function scatterOf(readings: readonly Reading[]): number {
  return median(readings.slice(1).map((r, i) => Math.abs(r.told - (readings[i] ?? r).told)));
}
