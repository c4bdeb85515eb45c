/**
 * How much sound lies between rendering and the ear, and what that says of time stamps gone astray.
 *
 * What a browser has rendered (`currentTime`) when it asks for more is coarse, but it counts what the device consumed and
 * can't drift away from it. What it is told of the ear (`getOutputTimestamp()`) is fine, but it may be an extrapolation:
 * PulseAudio's goes astray by up to ten milliseconds in the seconds after a start or an underrun, and comes back over
 * five to fifteen seconds. It is nearly right at the start itself. So the difference of the two, the sound that is buffered, is
 * kept from there on and moves only while it keeps still; where the present difference departs from it by more than it is
 * uncertain, the time stamps are held to be astray by that much.
 *
 * Sound that is lost in a dropout moves both alike and leaves the difference as it was: nothing here needs to know of it.
 *
 * All times are microseconds.
 */

import { median } from "../clock/clock";
import type { Estimate } from "../output/speed";

export interface Reading {
  readonly page: number;
  /** Context time that is told to be heard at `page`, less `page`. */
  readonly told: number;
  /** Context time rendered for the request at `page`, less `page`. */
  readonly rendered: number;
}

/** What is rendered is the highest level of this long, and of so many: requests come late by up to the device's period, never early. */
const RECENT_US = 3e6;
const LEAST = 6;
/** All of so long lower than all before by this: sound was lost. */
const FALLEN_US = 0.25e6;
const LOST_US = 8_000;
/** So many of them may be wrong by a whole block, as `currentTime` and the time stamp were not read at once. */
const ASTRIDE = 1 / 12;
const FEW = 4;
/**
 * Where blocks and the sound server's beat differ, requests come late by a sawtooth whose top shows three times a second. At
 * first there is but a top or two: the highest level counts, less what it lies above most tops, unless it is so far above all
 * others that it was read across a request.
 */
const FIRST_TOP_US = 400;
const APART_US = 10_000;
/**
 * Chromium keeps four of its blocks between rendering and ear on PulseAudio, less a little. A first value that is somewhat off
 * that was told by time stamps that began wrong; one that is farther off than this comes of another sound system.
 */
const BLOCKS = 4;
const LESS_US = 1_100;
const USUAL_SD_US = 700;
const ELSEWHERE_US = 12_000;
const WRONG_US = 2_500;
/** It is learnt in pieces of this length, and forgotten over this long. */
const PIECE_US = 0.5e6;
const MEMORY_US = 60e6;
/**
 * It is known for the first time after this long. Requests of the first part of it still fill the device's buffers; what is
 * told means something sooner, and the sooner it is taken the less it has strayed.
 */
const START_US = 0.8e6;
const FILLING_US = 0.3e6;
const MEANINGLESS_US = 0.1e6;
const FIRST_SD_US = 1_000;
/** Standard deviation of one piece; it grows with the range of told levels, less the device's speed, in so many around. */
const PIECE_SD_US = 600;
const AROUND = 9;
const RANGE_SD = 2;
/** Requests come in the beat of device and context: the greatest difference is short by this, which no mean takes away. */
const BEAT_US = 500;
/** A departure within so many standard deviations is left to the time stamps. */
const TRUST = 1.5;
/** Time stamps that kept to the device's speed for this long are not astray. */
const ASTRAY_US = 15e6;
/** A departure of at least this that keeps to the device's speed this well, for so many pieces, is the truth. */
const DEPARTED_US = 3_000;
const SETTLED_US = 1_000;
const SETTLED_PIECES = 8;
/** The difference jumps by this with the told level while the rendered one stays: another route. */
const ROUTE_US = 12_000;
/** A fall of the told level of which no more than this, or this share, is its own is a loss of sound. */
const ALONE_US = 2_000;
const ALONE_SHARE = 0.25;
/** Readings come each 25 to 50 ms. */
const HELD_UP_US = 100e3;
/** So late a request may be, and so much less the difference seem. */
const LATE_US = 12_500;

/** Sound was lost; it takes another way; an extrapolation went astray or was put right. */
export type Jump = "lost" | "route" | "astray";

interface Piece {
  readonly page: number;
  readonly told: number;
  readonly buffered: number;
}

export class Buffered {
  private readings: Reading[] = [];
  private pieces: Piece[] = [];
  private sum = 0;
  private weight = 0;
  private lastPiece = -Infinity;
  /** By how much told levels departed from rendered ones when they were last compared. */
  private departure = 0;

  /** `block` is how much the browser renders at once; 0 if it doesn't tell. */
  constructor(private readonly block: number) {}

  /** Whether as much is buffered as Chromium does on PulseAudio, which is known well. */
  get usual(): boolean {
    if (this.block <= 0 || this.weight === 0) return false;
    return Math.abs(this.sum / this.weight - (BLOCKS * this.block - LESS_US)) < WRONG_US;
  }

  /** Takes a reading of a device of that speed. */
  take(reading: Reading, { slope }: Estimate): void {
    this.readings.push(reading);
    const keep = this.weight === 0 ? START_US + PIECE_US : RECENT_US;
    this.readings = this.readings.filter((r) => r.page > reading.page - keep);
    this.fall();
    this.begin(reading.page);
    this.learn(reading.page, slope);
  }

  /**
   * By how much `told`, the level that time stamps tell at `at`, is astray: never by more than they have left the device's
   * speed of late.
   */
  astray(told: number, at: number, { slope, sd }: Estimate): number {
    const last = this.readings.at(-1);
    if (this.weight === 0 || !last || this.readings.length < LEAST) return 0;
    const rendered = highest(this.readings.map((r) => r.rendered - slope * (r.page - at)));
    const departure = told - (rendered - this.sum / this.weight);
    this.departure = departure;
    const doubt = TRUST * Math.hypot(1 / Math.sqrt(this.weight), BEAT_US);
    if (Math.abs(departure) <= doubt) return 0;
    const span = at - (this.pieces[0]?.page ?? at);
    const left = range([...this.pieces.map((p) => p.told - slope * (p.page - at)), told]);
    const strayed = Math.max(0, left - TRUST * sd * span);
    return Math.sign(departure) * Math.min(strayed, Math.abs(departure) - doubt ** 2 / Math.abs(departure));
  }

  /** What lies before a loss of sound is forgotten. */
  private fall(): void {
    const last = this.readings.at(-1);
    if (!last) return;
    const after = this.readings.filter((r) => r.page > last.page - FALLEN_US);
    const before = this.readings.slice(0, -after.length);
    if (after.length < FEW || before.length < FEW) return;
    const by = highest(after.map((r) => r.rendered)) - highest(before.map((r) => r.rendered));
    if (by <= -LOST_US) this.readings = after;
  }

  /**
   * The told level has jumped by `by`, and `fresh` are the readings since. Says what it was: requests that come late make a
   * loss seem larger than it is, and a jump of told levels alone smaller.
   */
  jumped(fresh: readonly Reading[], by: number): Jump {
    if (this.weight === 0) {
      this.readings = [...fresh];
      return "route";
    }
    // Time stamps that ran ahead are put right.
    if (by < 0 && this.departure > ALONE_US && -by < this.departure + ALONE_US) return "astray";
    const departure = this.sum / this.weight - highest(fresh.map((r) => r.rendered - r.told));
    if (by < 0 && departure > -Math.max(ALONE_US, ALONE_SHARE * -by)) {
      this.readings = [...fresh];
      this.pieces = this.pieces.map((p) => ({ ...p, told: p.told + by }));
      return "lost";
    }
    const alone = by - departure;
    const far = Math.min(Math.abs(by), Math.abs(departure)) >= ROUTE_US && alone > -LATE_US && alone < LATE_US / 2;
    if (!far || !this.still()) return "astray";
    this.readings = [...fresh];
    this.restart(this.sum / this.weight - by);
    return "route";
  }

  /** Whether readings came at their pace of late: a page or a sound server that was held up tells nonsense for a while. */
  private still(): boolean {
    return this.readings.every((r, i) => i === 0 || r.page - (this.readings[i - 1] ?? r).page < HELD_UP_US);
  }

  private restart(buffered: number): void {
    this.pieces = [];
    this.weight = this.sum = 0;
    this.add(buffered, 2 * PIECE_SD_US);
  }

  private begin(page: number): void {
    const first = this.readings[0];
    if (this.weight > 0 || !first || page - first.page < START_US) return;
    // Nonsense may have been told: begin again.
    if (!this.still()) {
      this.readings = this.readings.slice(-1);
      return;
    }
    const since = (us: number) => this.readings.filter((r) => r.page > first.page + us);
    const told = median(
      since(MEANINGLESS_US)
        .slice(0, FEW)
        .map((r) => r.told),
    );
    const measured = top(since(FILLING_US).map((r) => r.rendered)) - FIRST_TOP_US - told;
    // Firefox: what is usual for Chromium says nothing.
    if (this.block <= 0) return this.add(measured, FIRST_SD_US);
    const usual = BLOCKS * this.block - LESS_US;
    const off = Math.abs(measured - usual);
    if (off > ELSEWHERE_US || off < WRONG_US) this.add(measured, FIRST_SD_US);
    if (off <= ELSEWHERE_US) this.add(usual, USUAL_SD_US);
  }

  private learn(page: number, slope: number): void {
    if (page - this.lastPiece < PIECE_US) return;
    this.lastPiece = page;
    const piece = this.readings.filter((r) => r.page > page - PIECE_US);
    if (piece.length < 3) return;
    this.pieces.push({ page, told: median(piece.map((r) => r.told)), buffered: highest(piece.map((r) => r.rendered - r.told)) });
    this.pieces = this.pieces.filter((p) => p.page > page - ASTRAY_US);
    const forget = Math.exp(-PIECE_US / MEMORY_US);
    this.weight *= forget;
    this.sum *= forget;
    if (this.weight > 0) this.settle(slope);
    const around = this.pieces.slice(-AROUND);
    const middle = around[AROUND >> 1];
    if (!middle || around.length < AROUND) return;
    this.add(middle.buffered, PIECE_SD_US + RANGE_SD * range(around.map((p) => p.told - slope * p.page)));
  }

  /** What left and keeps still is the truth. */
  private settle(slope: number): void {
    const last = this.pieces.slice(-SETTLED_PIECES);
    if (last.length < SETTLED_PIECES || range(last.map((p) => p.told - slope * p.page)) > SETTLED_US) return;
    const now = median(last.map((p) => p.buffered));
    if (Math.abs(now - this.sum / this.weight) >= DEPARTED_US) this.restart(now);
  }

  private add(buffered: number, sd: number): void {
    this.weight += 1 / sd ** 2;
    this.sum += buffered / sd ** 2;
  }
}

/** The highest level, but for the few that were read across a request. */
function highest(levels: readonly number[]): number {
  const sorted = Float64Array.from(levels).sort();
  return sorted[sorted.length - 1 - Math.floor(sorted.length * ASTRIDE)] ?? NaN;
}

/** The highest of few levels that is not alone up there. */
function top(levels: readonly number[]): number {
  const sorted = Float64Array.from(levels).sort();
  return sorted.findLast((l, i) => l - (sorted[i - 1] ?? l) < APART_US) ?? NaN;
}

function range(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}
