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

  /** Takes a reading of a device that runs by `slope` faster than the page; says so if it is the one that makes a step. */
  take(reading: Reading, slope: number): Step | undefined {
    this.readings.push(reading);
    this.readings = this.readings.filter((r) => r.page > reading.page - WINDOW_US);
    const step = this.step();
    if (step) return step;
    this.learn(reading.page, slope);
    return this.settled(slope);
  }

  /** By how much `told`, the level that time stamps tell at `at`, is astray. */
  astray(told: number, at: number, slope: number): number {
    if (this.weight === 0 || this.readings.length < FRESH) return 0;
    const levels = this.readings.map((r) => r.rendered - slope * (r.page - at));
    const departure = told - (upper(levels) - this.sum / this.weight);
    const middle = median(levels);
    const scatter = median(levels.map((l) => Math.abs(l - middle)));
    const doubt = TRUST * Math.hypot(scatter / Math.sqrt(levels.length), 1 / Math.sqrt(this.weight), BEAT_US);
    if (Math.abs(departure) <= doubt) return 0;
    const straight = this.pieces.map((p) => p.told - slope * (p.page - at));
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
    this.pieces = [];
    // A dropout moves both alike, and leaves as much buffered as before; else it is learnt anew.
    if (Math.abs(rendered - told) >= RENDERED_STEP_US / 2) this.weight = this.sum = 0;
    return { readings: fresh, told: toldSteps ? told : 0 };
  }

  /** Time stamps that left and don't come back: another route, taken while the last one was still young. */
  private settled(slope: number): Step | undefined {
    const last = this.pieces.slice(-SETTLED_PIECES);
    if (last.length < SETTLED_PIECES || this.weight === 0) return undefined;
    const straight = last.map((p) => p.told - slope * p.page);
    const departure = this.sum / this.weight - median(last.map((p) => p.buffered));
    if (Math.max(...straight) - Math.min(...straight) > SETTLED_US || Math.abs(departure) < DEPARTED_US) return undefined;
    this.pieces = [];
    this.weight = this.sum = 0;
    return { readings: this.readings.slice(-FRESH), told: departure };
  }

  private learn(page: number, slope: number): void {
    if (page - this.lastPiece < PIECE_US) return;
    this.lastPiece = page;
    const piece = this.readings.filter((r) => r.page > page - PIECE_US);
    if (piece.length < FRESH) return;
    if (this.pieces.length === 0 && this.weight === 0) this.add(buffersAtFirst(piece, slope), PIECE_SD_US);
    const told = median(piece.map((r) => r.told));
    this.pieces.push({ page, told, buffered: upper(piece.map((r) => r.rendered - r.told)) });
    this.pieces = this.pieces.filter((p) => p.page > page - ASTRAY_US);
    const forget = Math.exp(-PIECE_US / MEMORY_US);
    this.weight *= forget;
    this.sum *= forget;
    const [before, middle, after] = this.pieces.slice(-3);
    if (!before || !middle || !after) return;
    const off = Math.abs((after.told - before.told) / (after.page - before.page) - slope);
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

/** A level of those requests that came in time. */
function upper(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.floor(LATENESS * (sorted.length - 1))] ?? NaN;
}
