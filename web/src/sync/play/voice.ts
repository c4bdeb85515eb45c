/** One run of a song through the speakers, from an exact context frame on: a chain of buffer sources and its bookkeeping. */

import { Line, QUANTUM, type RateChange } from "../clock/line";
import type { Tape } from "../song/tape";

/** Pieces are handed to the context this far ahead. */
const AHEAD_S = 2;
/**
 * Changes are set this far ahead of `currentTime`: a block may be in rendering when it is read. Servers leave 60 ms beside
 * the way and the output's latency.
 */
const MARGIN_BLOCKS = 1.2;
const MARGIN_LEAST_S = 0.03;
/** The same where the context doesn't tell the length of its blocks. */
const MARGIN_UNKNOWN_S = 0.06;
/** A fade that hides a cut. */
export const FADE_S = 0.008;

interface Link {
  readonly node: AudioBufferSourceNode;
  /** Context frames. */
  readonly from: number;
  readonly to: number;
  /** The song's frame with which the piece ends. */
  readonly end: number;
}

/** The soonest that anything may be set, in seconds after `currentTime`. */
export function marginOf(context: AudioContext): number {
  const block = context.baseLatency;
  return block > 0 ? Math.max(MARGIN_LEAST_S, MARGIN_BLOCKS * block + 0.01) : MARGIN_UNKNOWN_S;
}

/** What servers leave time for: blocks of 40 ms. */
const RECKONED_S = MARGIN_BLOCKS * 0.04 + 0.01;

/** How much earlier than servers reckon with sound has to be handed over, in seconds: blocks are longer here. */
export function unreckonedOf(context: AudioContext): number {
  return Math.max(0, marginOf(context) - RECKONED_S);
}

export class Voice {
  readonly line: Line;
  private readonly gain: GainNode;
  private links: Link[] = [];
  private changes: RateChange[] = [];
  private cutAt = Infinity;
  private missedFrame = false;
  private readonly rate: number;
  private readonly margin: number;

  /** Sounds `song` (a frame of the tape) at the context frame `context`, at `level` (linear). */
  constructor(
    private readonly context: AudioContext,
    output: AudioNode,
    private readonly tape: Tape,
    at: { readonly context: number; readonly song: number },
    private readonly level: number,
    fadeIn: "cut" | "fade",
  ) {
    this.rate = context.sampleRate;
    this.margin = marginOf(context);
    this.line = new Line(at.context, at.song);
    this.gain = new GainNode(context, { gain: fadeIn === "fade" ? 0 : level });
    if (fadeIn === "fade") this.ramp(at.context / this.rate, 0, level);
    this.gain.connect(output);
    this.pump();
  }

  /** Whether something was set too late, so that the sound may be elsewhere than the line says. */
  get missed(): boolean {
    return this.missedFrame;
  }

  /** The context frame at which the song is over. */
  get end(): number {
    return Math.min(this.cutAt, this.line.contextOf(this.tape.frames));
  }

  /** The song's natural end as a context frame, whether or not the voice is cut before. */
  get naturalEnd(): number {
    return this.line.contextOf(this.tape.frames);
  }

  get started(): boolean {
    return this.line.start <= this.now() + this.margin * this.rate;
  }

  /** Whether there is something of the song to sound now: on a slow line it may have run out. */
  get supplied(): boolean {
    const now = this.now();
    return this.links.some((l) => l.from <= now + this.margin * this.rate && now < l.to);
  }

  get over(): boolean {
    return this.end <= this.now();
  }

  /** Whether its fade has been rendered, too: taken apart before, it would end with a click. */
  get silent(): boolean {
    const fade = this.cutAt < this.naturalEnd ? FADE_S * this.rate : 0;
    return this.end + fade <= this.now();
  }

  /** Hands the next pieces to the context. Returns false when the tape is not decoded so far. */
  pump(): boolean {
    const horizon = this.now() + AHEAD_S * this.rate;
    for (;;) {
      const from = this.links.at(-1)?.to ?? this.line.start;
      if (from >= Math.min(horizon, this.end) && this.links.length > 0) return true;
      // Late with a piece: go on where the song should be, not where it stopped.
      const late = this.links.length > 0 && from <= this.now();
      const begin = late ? Math.ceil(this.now() + this.margin * this.rate) : from;
      const song = Math.round(this.line.songAt(begin));
      if (song >= this.tape.frames) return true;
      const piece = this.tape.pieceAt(song);
      if (!piece) return false;
      this.links.push(this.link(piece.buffer, begin, song, piece.start));
      this.check(begin);
      this.links = this.links.filter((l) => l.to > this.now() - this.rate);
    }
  }

  /** Plans a slew; see [`Line.slew`]. Returns whether it fits in before the next piece. */
  slew(shift: number, length: number): boolean {
    const from = this.now() + this.margin * this.rate;
    const current = this.links.find((l) => l.from <= from && from + length + QUANTUM * 2 < l.to);
    if (!current || this.line.settled > from) return false;
    const changes = this.line.slew(from, shift, length);
    for (const change of changes) this.setRate(current.node, change);
    this.check(changes[0].context);
    this.changes = [...this.changes.slice(-4), ...changes];
    // Later pieces were placed by the line as it was.
    for (const later of this.links.filter((l) => l.from > current.from)) later.node.disconnect();
    const to = this.line.contextOf(current.end);
    this.links = [...this.links.filter((l) => l.from < current.from), { ...current, to }];
    this.pump();
    return true;
  }

  /** Falls silent at a context frame, or as soon as it can if that is over. */
  cut(context: number): void {
    const at = Math.max(context, this.now() + this.margin * this.rate);
    if (at >= this.cutAt) return;
    this.cutAt = at;
    // A song that ends there by itself needs no fade.
    if (this.naturalEnd <= at + QUANTUM) return;
    this.ramp(at / this.rate, this.level, 0);
    for (const { node } of this.links) node.stop(at / this.rate + FADE_S);
  }

  /** Silent at once; for a voice that has not begun, or when all ends. */
  discard(): void {
    this.gain.disconnect();
    for (const { node } of this.links) node.disconnect();
    this.links = [];
    this.cutAt = -Infinity;
  }

  private link(buffer: AudioBuffer, from: number, song: number, pieceStart: number): Link {
    const node = new AudioBufferSourceNode(this.context, { buffer });
    node.connect(this.gain);
    for (const change of this.changes) if (change.context >= from) this.setRate(node, change);
    node.playbackRate.value = this.line.rateAt(from);
    node.start(from / this.rate, (song - pieceStart) / this.rate);
    const end = pieceStart + buffer.length;
    if (this.cutAt < Infinity) node.stop(this.cutAt / this.rate + FADE_S);
    return { node, from, to: this.line.contextOf(end), end };
  }

  /** The page may have stood still between reading the clock and setting a frame by it. */
  private check(context: number): void {
    if (this.now() >= context) this.missedFrame = true;
  }

  private setRate(node: AudioBufferSourceNode, change: RateChange): void {
    // Half a frame early, so that rounding can't push it into the next quantum.
    node.playbackRate.setValueAtTime(change.rate, (change.context - 0.5) / this.rate);
  }

  private ramp(at: number, from: number, to: number): void {
    this.gain.gain.setValueAtTime(from, at);
    this.gain.gain.linearRampToValueAtTime(to, at + FADE_S);
  }

  private now(): number {
    return this.context.currentTime * this.rate;
  }
}
