/**
 * How much sound lies between rendering and the ear, and what that says of time stamps gone astray.
 *
 * What a browser has rendered (`currentTime`) when it asks for more is coarse, but it counts what the device consumed and
 * can't drift away from it. What it is told of the ear (`getOutputTimestamp()`) is fine, but it may be an extrapolation:
 * PulseAudio's goes astray by up to ten milliseconds in the seconds after a start or an underrun, and comes back over
 * five to fifteen seconds. It is right at the start itself. So the difference of the two, the sound that is buffered, is
 * kept from there on and moves only by readings that run at the device's speed; where the present difference departs
 * from it by more than it is uncertain, the time stamps are held to be astray by that much.
 *
 * All times are microseconds.
 */

import { median } from "./clock";

export interface Reading {
  readonly page: number;
  /** Context time that is told to be heard at `page`, less `page`. */
  readonly told: number;
  /** Context time rendered for the request at `page`, less `page`. */
  readonly rendered: number;
}

/** A level that has jumped: the readings since, and by how much the told level did. */
export interface Step {
  readonly readings: Reading[];
  readonly told: number;
}

const WINDOW_US = 3e6;
/** So many fresh readings make a step. */
const FRESH = 12;
/** Told levels agree within this and are off by this; smaller jumps are those of an extrapolation that is put right. */
const AGREE_US = 700;
const TOLD_STEP_US = 12_000;
/** Rendered levels alone are off by this: the device has another idea of how much it wants in advance. */
const RENDERED_STEP_US = 7_000;
/** Both are off by this, and alike within that and that share: sound was lost. */
const LOST_US = 4_000;
const ALIKE_US = 3_000;
const ALIKE_SHARE = 0.1;
/** Requests come late, never early: rendered levels are taken at this quantile. */
const LATENESS = 0.85;
/** The buffered sound is learnt in pieces of this length, and forgotten over this long. */
const PIECE_US = 0.5e6;
const MEMORY_US = 60e6;
/** It is known for the first time after this long; requests of the first part of it still fill the device's buffers. */
const START_US = 1e6;
const FILLING_US = 0.3e6;
/** Standard deviation of one piece; it grows with the range of told levels, less the device's speed, in so many pieces around. */
const PIECE_SD_US = 600;
const AROUND = 9;
const RANGE_SD = 2;
/** Standard deviation after a step. */
const STEPPED_SD_US = 1_200;
/** A departure within so many standard deviations is left to the time stamps. */
const TRUST = 1.5;
/** Requests come in the beat of the device's blocks: rendered levels are off by this together, which no mean takes away. */
const BEAT_US = 700;
/** A departure of this size that keeps to the device's speed this well, for so many pieces, is the truth. */
const DEPARTED_US = 4_000;
const SETTLED_US = 1_000;
const SETTLED_PIECES = 8;
/** Time stamps that kept to the device's speed for this long are not astray. */
const ASTRAY_US = 15e6;

/**
 * The device's speed against the page's is the slope of rendered levels over this long. Before they tell of it, it is
 * nought give or take this: quartz keeps within 100 ppm, a sound server's null sink was seen at 850. After a step it is
 * what it was.
 */
const SPEED_US = 30e6;
const SPEED_SD = 500e-6;
const SPEED_KNOWN_SD = 50e-6;
const SPEED_MAX = 1_000e-6;

interface Piece {
  readonly page: number;
  readonly told: number;
  readonly rendered: number;
  readonly buffered: number;
}

export class Buffered {
  private readings: Reading[] = [];
  private pieces: Piece[] = [];
  private speed = { slope: 0, sd: SPEED_SD };
  private before = this.speed;
  private sum = 0;
  private weight = 0;
  private lastPiece = -Infinity;

  /** By how much the device runs faster than the page, in µs per µs. */
  get slope(): number {
    return this.speed.slope;
  }

  /** Takes a reading; says so if it is the one that makes a step. */
  take(reading: Reading): Step | undefined {
    this.readings.push(reading);
    this.readings = this.readings.filter((r) => r.page > reading.page - WINDOW_US);
    const step = this.step();
    if (step) return step;
    this.learn(reading.page);
    return this.settled();
  }

  /** By how much `told`, the level that time stamps tell at `at`, is astray. */
  astray(told: number, at: number): number {
    const { slope } = this;
    if (this.weight === 0 || this.readings.length < FRESH) return 0;
    const levels = this.readings.map((r) => r.rendered - slope * (r.page - at));
    const departure = told - (upper(levels) - this.sum / this.weight);
    const middle = median(levels);
    const scatter = median(levels.map((l) => Math.abs(l - middle)));
    const doubt = TRUST * Math.hypot(scatter / Math.sqrt(levels.length), 1 / Math.sqrt(this.weight), BEAT_US);
    if (Math.abs(departure) <= doubt) return 0;
    const recent = this.pieces.filter((p) => p.page > at - ASTRAY_US);
    const span = at - (recent[0]?.page ?? at);
    const strayed = range([...recent.map((p) => p.told - slope * (p.page - at)), told]);
    return Math.sign(departure) * Math.min(Math.max(0, strayed - TRUST * this.speed.sd * span), Math.abs(departure) - doubt ** 2 / Math.abs(departure));
  }

  private step(): Step | undefined {
    const fresh = this.readings.slice(-FRESH);
    const older = this.readings.slice(0, -FRESH);
    const last = fresh.at(-1);
    if (!last || older.length < FRESH) return undefined;
    const risen = (r: Reading) => this.slope * (last.page - r.page);
    const levels = fresh.map((r) => r.told);
    const agree = range(levels) <= AGREE_US;
    const told = median(levels) - median(older.map((r) => r.told + risen(r)));
    const rendered = upper(fresh.map((r) => r.rendered)) - upper(older.map((r) => r.rendered + risen(r)));
    const alike = Math.abs(rendered - told) < ALIKE_US + ALIKE_SHARE * Math.abs(rendered);
    const lost = alike && Math.min(Math.abs(told), Math.abs(rendered)) >= LOST_US;
    const moved = agree && Math.abs(told) >= TOLD_STEP_US;
    const refilled = Math.abs(rendered) >= RENDERED_STEP_US && Math.abs(told) < LOST_US;
    if (!lost && !moved && !refilled) return undefined;
    this.readings = fresh;
    this.forget();
    // A dropout moves both alike, and leaves as much buffered as before.
    if (!alike) this.shift(rendered - told);
    return { readings: fresh, told: lost || moved ? told : 0 };
  }

  /** Time stamps that left and don't come back: another route, taken while the last one was still young. */
  private settled(): Step | undefined {
    const { slope } = this;
    const last = this.pieces.slice(-SETTLED_PIECES);
    if (last.length < SETTLED_PIECES || this.weight === 0) return undefined;
    const straight = last.map((p) => p.told - slope * p.page);
    const departure = this.sum / this.weight - median(last.map((p) => p.buffered));
    if (range(straight) > SETTLED_US || Math.abs(departure) < DEPARTED_US) return undefined;
    this.forget();
    this.shift(-departure);
    return { readings: this.readings.slice(-FRESH), told: departure };
  }

  private forget(): void {
    this.pieces = [];
    this.before = { slope: this.speed.slope, sd: Math.max(this.speed.sd, SPEED_KNOWN_SD) };
  }

  private learn(page: number): void {
    if (page - this.lastPiece < PIECE_US) return;
    this.lastPiece = page;
    const piece = this.readings.filter((r) => r.page > page - PIECE_US);
    if (piece.length < FRESH) return;
    const first = this.readings[0];
    if (first && this.weight === 0 && page - first.page >= START_US) this.add(bufferedAtFirst(this.readings, this.slope), PIECE_SD_US);
    this.pieces.push({
      page,
      told: median(piece.map((r) => r.told)),
      rendered: upper(piece.map((r) => r.rendered)),
      buffered: upper(piece.map((r) => r.rendered - r.told)),
    });
    this.pieces = this.pieces.filter((p) => p.page > page - SPEED_US);
    this.speed = joined(this.before, line(this.pieces));
    const forget = Math.exp(-PIECE_US / MEMORY_US);
    this.weight *= forget;
    this.sum *= forget;
    const around = this.pieces.slice(-AROUND);
    const middle = around[AROUND >> 1];
    if (!middle || around.length < AROUND) return;
    this.add(middle.buffered, PIECE_SD_US + RANGE_SD * range(around.map((p) => p.told - this.slope * p.page)));
  }

  /** From now on `by` more is buffered. */
  private shift(by: number): void {
    if (this.weight === 0) return;
    const buffered = this.sum / this.weight + by;
    this.weight = this.sum = 0;
    this.add(buffered, STEPPED_SD_US);
  }

  private add(buffered: number, sd: number): void {
    this.weight += 1 / sd ** 2;
    this.sum += buffered / sd ** 2;
  }
}

/** What is buffered by the first of these readings, before they can go astray. */
function bufferedAtFirst(readings: readonly Reading[], slope: number): number {
  const first = readings.slice(0, 3);
  const [page, told] = [median(first.map((r) => r.page)), median(first.map((r) => r.told))];
  const filled = readings.filter((r) => r.page > page + FILLING_US);
  return upper(filled.map((r) => r.rendered - told - slope * (r.page - page)));
}

interface Speed {
  readonly slope: number;
  readonly sd: number;
}

/** The slope of rendered levels by least squares. */
function line(pieces: readonly Piece[]): Speed {
  const [first] = pieces;
  if (!first || pieces.length < 3) return { slope: 0, sd: Infinity };
  const mean = (f: (p: Piece) => number) => pieces.reduce((sum, p) => sum + f(p), 0) / pieces.length;
  const [page, level] = [mean((p) => p.page), mean((p) => p.rendered - first.rendered)];
  const spread = mean((p) => (p.page - page) ** 2);
  const slope = mean((p) => (p.page - page) * (p.rendered - first.rendered - level)) / spread;
  return { slope, sd: PIECE_SD_US / Math.sqrt(spread * pieces.length) };
}

function joined(before: Speed, now: Speed): Speed {
  const [a, b] = [1 / before.sd ** 2, 1 / now.sd ** 2];
  const slope = (before.slope * a + now.slope * b) / (a + b);
  return { slope: Math.max(-SPEED_MAX, Math.min(SPEED_MAX, slope)), sd: 1 / Math.sqrt(a + b) };
}

function range(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}

/** A level of those requests that came in time. */
function upper(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.floor(LATENESS * (sorted.length - 1))] ?? NaN;
}
