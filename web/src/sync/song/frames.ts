/**
 * Files that are frames and nothing else, each of which tells its own length: MP3, AAC in ADTS. Which frame lies where is
 * reckoned where all are about as long as each other, and else known only from those before it.
 */

import { type Reader, Window } from "./reader";
import type { Packet } from "./track";

export interface FrameKind {
  /** Samples of each frame. */
  readonly samples: number;
  /** The size of the frame whose header begins at `at`, if one of this stream's does. */
  sizeAt(data: Uint8Array, at: number): number | undefined;
}

export interface Point {
  readonly index: number;
  readonly offset: number;
}

/** Where some frames lie, in order. */
export type Places = () => Promise<readonly Point[]>;

/** What is no frame is skipped so far. */
const SEARCH_BYTES = 128 * 1024;
const STEP = 4_096;
const HEAD = 8;
/** Every so many frames one's place is remembered. */
const NOTED = 32;
/** So few frames are walked rather than leapt over. */
const WALKED = 64;
/** How far a frame may lie from where constant lengths put it. */
const SLACK = 2;

export class Frames {
  private points: Point[];
  private last: Point;
  /** Mean size in bytes, as long as all frames seem to keep to it. */
  private constant: number | undefined;

  constructor(
    private readonly file: Reader,
    private readonly kind: FrameKind,
    private readonly first: number,
    /** Where frames lie about, and whether that is more than a guess. */
    private readonly mean: number,
    constant: boolean,
    /** Asks somebody who has read all of it. */
    private ask: Places | undefined,
  ) {
    this.last = { index: 0, offset: first };
    this.points = [this.last];
    this.constant = constant ? mean : undefined;
  }

  private learn(points: readonly Point[]): void {
    this.points = [...this.points, ...points].sort((a, b) => a.index - b.index);
  }

  place(index: number): number {
    const known = this.before(index);
    return known.offset + Math.max(0, index - known.index) * this.mean;
  }

  /** Frames [from, to), fewer at the end. */
  async packets(from: number, to: number, signal?: AbortSignal): Promise<Packet[]> {
    const window = new Window(this.file, signal);
    const { samples } = this.kind;
    const packets: Packet[] = [];
    let { index, offset } = await this.locate(from, window);
    while (index < to) {
      const at = await frameFrom(window, this.kind, offset);
      if (at === undefined) break;
      const size = this.kind.sizeAt(await window.look(at, HEAD), 0) ?? 0;
      this.note({ index, offset: at });
      if (index >= from) {
        const data = (await window.look(at, size)).slice();
        if (data.length < size) break;
        packets.push({ start: index * samples, frames: samples, data });
      }
      index += 1;
      offset = at + size;
    }
    this.last = { index, offset };
    return packets;
  }

  private note(point: Point): void {
    const top = this.points.at(-1);
    if (point.index % NOTED !== 0 || !top) return;
    if (point.index > top.index) this.points.push(point);
    else if (!this.points.some((p) => p.index === point.index)) this.learn([point]);
  }

  private before(index: number): Point {
    const noted = this.points.findLast((p) => p.index <= index) ?? { index: 0, offset: this.first };
    return this.last.index <= index && this.last.index > noted.index ? this.last : noted;
  }

  private async locate(index: number, window: Window): Promise<Point> {
    const known = this.before(index);
    if (index - known.index <= WALKED) return known;
    if (this.constant === undefined) return this.told(index);
    const guess = this.first + Math.floor(index * this.constant);
    for (const shift of [0, 1, -1, SLACK, -SLACK]) {
      const at = guess + shift;
      const size = this.kind.sizeAt(await window.look(at, HEAD), 0);
      if (size === undefined || Math.abs(size - this.constant) > SLACK) continue;
      if (this.kind.sizeAt(await window.look(at + size, HEAD), 0) !== undefined) return { index, offset: at };
    }
    // They do not keep to it: only walking tells.
    this.constant = undefined;
    return this.told(index);
  }

  /** The nearest frame of those that others know of. */
  private async told(index: number): Promise<Point> {
    const { ask } = this;
    this.ask = undefined;
    // Who does not answer only makes for a longer walk.
    if (ask) this.learn(await ask().catch(() => []));
    return this.before(index);
  }
}

/** The first frame from `from` on: one that is followed by another, or by the end. */
export async function frameFrom(window: Window, kind: FrameKind, from: number): Promise<number | undefined> {
  if (kind.sizeAt(await window.look(from, HEAD), 0) !== undefined) return from;
  return searchFrame(window, kind, from);
}

export async function searchFrame(window: Window, kind: FrameKind, from: number): Promise<number | undefined> {
  for (let base = from; base < Math.min(from + SEARCH_BYTES, window.size); base += STEP) {
    const chunk = await window.look(base, STEP + HEAD);
    for (let i = chunk.indexOf(0xff); i >= 0 && i < STEP; i = chunk.indexOf(0xff, i + 1)) {
      const size = kind.sizeAt(chunk, i);
      if (size === undefined) continue;
      const next = base + i + size;
      if (next >= window.size || kind.sizeAt(await window.look(next, HEAD), 0) !== undefined) return base + i;
    }
  }
  return undefined;
}
