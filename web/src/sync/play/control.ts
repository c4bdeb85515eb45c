/**
 * What to do about an error of position.
 *
 * Errors are kept as short medians; small ones are slewed away at a speed nobody hears, larger ones by starting anew at
 * the right place under a short cross-fade. While readings scatter or the bridge is frozen nothing is done: uncorrected
 * play drifts by microseconds, a wrong correction is heard.
 *
 * Times are microseconds; an error is how far the sound is ahead of where it should be.
 */

import { median } from "../clock/clock";

export type Correction =
  | { readonly kind: "none" }
  /** Put the song back by `backUs` (forward if negative) within `withinUs`. */
  | { readonly kind: "slew"; readonly backUs: number; readonly withinUs: number }
  /** Start anew at the right place. */
  | { readonly kind: "anchor" };

/** Readings that say how it stands; and so many that say whether a small error is more than a passing one of the readings. */
const READINGS = 10;
const MANY = 60;
const SMALL_US = 1_500;
/** An error below this is left alone: the readings themselves are no better. */
const DEAD_US = 120;
/** Speed changes by at most this: 0.3 % (5 cents) up to 5 ms, 0.5 % (9 cents) beyond. */
const GENTLE = 0.003;
const FIRM = 0.005;
const FIRM_FROM_US = 5_000;
/** A slew takes at least and at most so long; what is left is measured anew. */
const SLEW_MIN_US = 0.4e6;
const SLEW_MAX_US = 1e6;
/** Half a cycle of measuring and slewing: an error that is known to grow is met in its middle. */
const AHEAD_US = 0.4e6;
/** Beyond this a slew would take too long to be better than a cross-fade. */
const ANCHOR_FROM_US = 15_000;
/** In a voice's first seconds its place was computed from few readings; after a loss there was a hole: starting anew is noticed least. */
const SETTLING_US = 4e6;
const ANCHOR_SETTLING_US = 4_000;
/** Errors that spread more than this are not acted upon by an anchor, nor sooner after another than this. */
const SPREAD_US = 3_000;
const ANCHOR_PAUSE_US = 0.5e6;

interface Reading {
  readonly at: number;
  readonly error: number;
}

export class Controller {
  private readings: Reading[] = [];
  private lastAnchor = -Infinity;
  private since: number;

  /** `startedUs` is the page time at which the voice began. */
  constructor(startedUs: number) {
    this.since = startedUs;
    this.lastAnchor = startedUs;
  }

  /** Takes one reading of the error at a page time, as it would be when all planned slews were done. */
  read(error: number, at: number): void {
    this.readings.push({ at, error });
    if (this.readings.length > MANY) this.readings.shift();
  }

  /** Sound was lost: the readings belong to the time before, and all settles anew. */
  lost(nowUs: number): void {
    this.readings = [];
    this.since = nowUs;
  }

  /** Forgets the readings: the bridge has jumped, and they belong to the level before. */
  forget(): void {
    this.readings = [];
  }

  /** The median of the last readings; null before there is one. */
  get errorUs(): number | null {
    return this.readings.length > 0 ? median(this.latest.map((r) => r.error)) : null;
  }

  private get latest(): Reading[] {
    return this.readings.slice(-READINGS);
  }

  /**
   * What to do at a page time, where the error grows by `growth` (the device's speed less the server's) by itself. The
   * answer is taken as done: the next one assumes it. While a slew is under way only starting anew can be the answer.
   */
  decide(nowUs: number, growth = 0, slewing = false): Correction {
    const measured = this.errorUs;
    if (measured === null || this.readings.length < READINGS / 2) return { kind: "none" };
    const now = measured + growth * AHEAD_US;
    const settling = nowUs - this.since < SETTLING_US;
    const error = !settling && Math.abs(now) < SMALL_US ? this.lasting(nowUs, growth) : now;
    const size = Math.abs(error);
    if (size < DEAD_US) return { kind: "none" };
    if (size > (settling ? ANCHOR_SETTLING_US : ANCHOR_FROM_US)) {
      const errors = this.latest.map((r) => r.error);
      const spread = Math.max(...errors) - Math.min(...errors);
      if (spread > SPREAD_US || nowUs - this.lastAnchor < ANCHOR_PAUSE_US) return { kind: "none" };
      this.lastAnchor = nowUs;
      this.readings = [];
      return { kind: "anchor" };
    }
    if (slewing) return { kind: "none" };
    const speed = size > FIRM_FROM_US ? FIRM : GENTLE;
    const withinUs = Math.min(SLEW_MAX_US, Math.max(SLEW_MIN_US, size / speed));
    const backUs = Math.sign(error) * Math.min(size, speed * withinUs);
    this.readings = this.readings.map((r) => ({ ...r, error: r.error - backUs }));
    return { kind: "slew", backUs, withinUs };
  }

  /** The error that many readings agree upon, and what it will have grown to. */
  private lasting(nowUs: number, growth: number): number {
    const at = median(this.readings.map((r) => r.at));
    return median(this.readings.map((r) => r.error)) + growth * (nowUs - at + AHEAD_US);
  }
}
