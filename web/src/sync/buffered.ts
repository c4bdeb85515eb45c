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
/** Rendered levels are off by this; then told ones need to be off by less. */
const RENDERED_STEP_US = 5_000;
const BOTH_STEP_US = 4_000;
/** Requests come late, never early: rendered levels are taken at this quantile. */
const LATENESS = 0.85;
/** The buffered sound is learnt in pieces of this length, and forgotten over this long. */
const PIECE_US = 0.5e6;
const MEMORY_US = 60e6;
/** Standard deviation of one piece, and by how much it grows with the speed (µs per µs) by which it is off the device's. */
const PIECE_SD_US = 600;
const ASTRAY_SD_US = 8e6;
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
    const straight = this.pieces.filter((p) => p.page > at - ASTRAY_US).map((p) => p.told - slope * (p.page - at));
    const strayed = Math.max(...straight, told) - Math.min(...straight, told);
    return Math.sign(departure) * Math.min(strayed, Math.abs(departure) - doubt ** 2 / Math.abs(departure));
  }

  private step(): Step | undefined {
    const fresh = this.readings.slice(-FRESH);
    const older = this.readings.slice(0, -FRESH);
    if (older.length < FRESH) return undefined;
    const levels = fresh.map((r) => r.told);
    const agree = Math.max(...levels) - Math.min(...levels) <= AGREE_US;
    const told = agree ? median(levels) - median(older.map((r) => r.told)) : 0;
    const rendered = upper(fresh.map((r) => r.rendered)) - upper(older.map((r) => r.rendered));
    const renderedSteps = Math.abs(rendered) >= RENDERED_STEP_US;
    const toldSteps = Math.abs(told) >= (renderedSteps ? BOTH_STEP_US : TOLD_STEP_US);
    if (!renderedSteps && !toldSteps) return undefined;
    this.readings = fresh;
    this.forget();
    // A dropout moves both alike, and leaves as much buffered as before; else it is learnt anew.
    if (Math.abs(rendered - told) >= RENDERED_STEP_US / 2) this.weight = this.sum = 0;
    return { readings: fresh, told: toldSteps ? told : 0 };
  }

  /** Time stamps that left and don't come back: another route, taken while the last one was still young. */
  private settled(): Step | undefined {
    const { slope } = this;
    const last = this.pieces.slice(-SETTLED_PIECES);
    if (last.length < SETTLED_PIECES || this.weight === 0) return undefined;
    const straight = last.map((p) => p.told - slope * p.page);
    const departure = this.sum / this.weight - median(last.map((p) => p.buffered));
    if (Math.max(...straight) - Math.min(...straight) > SETTLED_US || Math.abs(departure) < DEPARTED_US) return undefined;
    this.forget();
    this.weight = this.sum = 0;
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
    if (this.pieces.length === 0 && this.weight === 0) this.add(buffersAtFirst(piece, this.slope), PIECE_SD_US);
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
    const [before, middle, after] = this.pieces.slice(-3);
    if (!before || !middle || !after) return;
    const off = Math.abs((after.told - before.told) / (after.page - before.page) - this.slope);
    this.add(middle.buffered, PIECE_SD_US + ASTRAY_SD_US * off);
  }

  private add(buffered: number, sd: number): void {
    this.weight += 1 / sd ** 2;
    this.sum += buffered / sd ** 2;
  }
}

/** What is buffered by the first of these readings, before they can go astray. */
function buffersAtFirst(readings: readonly Reading[], slope: number): number {
  const first = readings.slice(0, 3);
  const [page, told] = [median(first.map((r) => r.page)), median(first.map((r) => r.told))];
  return upper(readings.map((r) => r.rendered - told - slope * (r.page - page)));
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

/** A level of those requests that came in time. */
function upper(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.floor(LATENESS * (sorted.length - 1))] ?? NaN;
}
