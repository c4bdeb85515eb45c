/** Makes the speakers follow the cues: starts, changes, pauses on the instant, and small corrections in between. */

import type { Song, Timeline } from "../../protocol";
import type { ClockEstimator } from "../clock/clock";
import { loudnessGain } from "../output/loudness";
import type { Output } from "../output/output";
import type { Fault } from "../song/fault";
import { type Loader, Shelf, type Want } from "../song/shelf";
import type { Place, Tape } from "../song/tape";
import { Controller } from "./control";
import { Fader } from "./fader";
import type { Run } from "./run";
import { type Cue, cueAt, endsUnder, positionAt, pruned, sameLine, withTimeline } from "./timeline";
import { marginOf, Voice } from "./voice";
import { wantsOf } from "./wants";

/** Sources are scheduled this far ahead of their instant. */
const SCHEDULE_AHEAD_US = 2e6;
/**
 * What follows is fetched only when what plays has played for some time up to this, another one for each listener: all
 * of them at once would be a burst for the server, and for the machine of those who share one.
 */
const SPREAD_US = 2.5e6;
/** A song's end and the next one's beginning this close together are one moment: joined without a gap. */
const GAPLESS_US = 30_000;
/** A voice that has not begun is placed anew when its place is off by more. */
const REPLACE_US = 1_000;
/** A voice is told to end this long before, with and without another one that takes over; a change of mind costs a fade. */
const CUT_AHEAD_S = 0.5;
const CUT_ALONE_S = 0.1;
/** Corrections are considered this often. */
const CONTROL_EVERY_US = 125_000;

/** What a listener may like to know of the corrections. */
export interface Corrections {
  slews: number;
  anchors: number;
  /** Speed at this moment, 1 when nothing is corrected. */
  speed: number;
}

export class Player {
  readonly corrections: Corrections = { slews: 0, anchors: 0, speed: 1 };
  private cues: Cue[] = [];
  private runs: Run[] = [];
  private ending: { voice: Voice; fader?: Fader }[] = [];
  private readonly shelf: Shelf;
  private offsetUs = 0;
  private rev = 0;
  /** What follows, whether or not its time is known. */
  private next: Song | null = null;
  private expected: Song | null = null;
  /** What has to be decoded, in silence too. */
  private due: readonly Song[] = [];
  private readonly spreadUs = Math.random() * SPREAD_US;
  private steps = 0;
  private losses = 0;
  private lastControl = 0;

  constructor(
    private readonly output: Output,
    private readonly clock: ClockEstimator,
    loader: Loader,
    on: { loaded(song: Song): void; broken(song: Song, fault: Fault): void },
  ) {
    this.shelf = new Shelf(loader, on.loaded, on.broken);
  }

  setTimeline(timeline: Timeline, nowUs: number): void {
    this.rev = timeline.rev;
    this.next = timeline.next?.song ?? null;
    this.cues = withTimeline(this.cues, timeline);
    this.tick(nowUs);
  }

  /** What a play would begin with, as long as nothing is current. */
  expect(song: Song | null): void {
    this.expected = song;
  }

  /** "My sound is this late": it is played that much earlier. */
  setOffset(us: number): void {
    this.offsetUs = us;
  }

  /** Whether what was stated last could sound at once, as far as it ever can: nobody waits for what is broken here. */
  ready(nowUs: number): boolean {
    const cue = this.cues.find((c) => c.rev === this.rev);
    if (cue?.song && this.shelf.fault(cue.song)) return true;
    const tape = cue?.song && this.shelf.tape(cue.song);
    return cue !== undefined && tape?.pieceAt(Math.floor(this.frameOf(cue, nowUs))) !== undefined;
  }

  /** The cue in force. */
  cue(nowUs: number): Cue | undefined {
    return this.clock.ready ? cueAt(this.cues, this.clock.toServer(nowUs)) : this.cues[0];
  }

  /** Where the song is by the timeline, in microseconds. */
  positionUs(nowUs: number): number {
    const cue = this.cue(nowUs) ?? this.cues[0];
    if (!cue) return 0;
    const position = this.clock.ready ? positionAt(cue, Math.max(cue.at, this.clock.toServer(nowUs))) : cue.position;
    return Math.min(position, cue.song?.duration_us ?? position);
  }

  /** The song that should sound now, or would if it were played, and why it can't here. */
  faultNow(nowUs: number): { song: Song; fault: Fault } | null {
    const song = (this.cue(nowUs) ?? this.cues[0])?.song;
    const fault = song && this.shelf.fault(song);
    return song && fault ? { song, fault } : null;
  }

  /** The measured error of what sounds now, in microseconds; null in silence. */
  get errorUs(): number | null {
    return this.sounding()?.control.errorUs ?? null;
  }

  get audible(): boolean {
    return this.sounding()?.voice.supplied ?? false;
  }

  /** Does all that is due; to be called every 50 ms or so and after each change. */
  tick(nowUs: number): void {
    if (this.clock.ready) this.cues = pruned(this.cues, this.serverNow(nowUs) - GAPLESS_US);
    this.keepSongs(nowUs);
    this.prepareTapes(nowUs);
    for (const { voice, fader } of this.ending.filter((e) => e.voice.silent)) {
      voice.discard();
      fader?.discard();
    }
    this.ending = this.ending.filter((e) => !e.voice.silent);
    if (!this.output.running) return this.rest();
    if (!this.clock.ready || !this.output.bridge.offset(nowUs)) return;
    this.endRuns(nowUs);
    this.startRuns(nowUs);
    for (const run of this.runs) this.hold(run, nowUs);
    if (nowUs - this.lastControl >= CONTROL_EVERY_US) {
      this.lastControl = nowUs;
      this.correct(nowUs);
    }
  }

  destroy(): void {
    this.rest();
    this.shelf.destroy();
    this.cues = [];
  }

  /** The device stands still: what was placed would go on late when it is back, so all is placed anew then. */
  private rest(): void {
    for (const { voice, fader } of [...this.runs, ...this.ending]) {
      voice.discard();
      fader?.discard();
    }
    this.runs = [];
    this.ending = [];
  }

  private serverNow(nowUs: number): number {
    return this.clock.toServer(nowUs) + this.offsetUs;
  }

  private keepSongs(nowUs: number): void {
    const wants = this.output.running ? this.wants(nowUs) : this.wantsBefore(nowUs);
    this.due = wants.filter((w) => w.level === "sound").map((w) => w.song);
    this.shelf.keep(
      wants,
      this.cues.flatMap((c) => c.song ?? []),
    );
  }

  /** Before there is a gesture: only what the song is. */
  private wantsBefore(nowUs: number): Want[] {
    const song = (this.cue(nowUs) ?? this.cues.find((c) => c.rev === this.rev))?.song;
    return song && !this.shelf.fault(song) ? [{ song, level: "head" }] : [];
  }

  private wants(nowUs: number): Want[] {
    const { cues, spreadUs, next, expected } = this;
    const now = this.clock.ready ? this.serverNow(nowUs) : 0;
    return wantsOf({ cues, stated: cues.find((c) => c.rev === this.rev), now, spreadUs, next, expected }, this.shelf);
  }

  /** The context frame that is heard at a server time. */
  private frameAt(serverUs: number, nowUs: number): number {
    const page = this.clock.toLocal(serverUs - this.offsetUs);
    return ((this.output.bridge.toContext(page, nowUs) ?? 0) * this.rate) / 1e6;
  }

  private get rate(): number {
    return this.output.context.sampleRate;
  }

  /** The first context frame for which something can still be scheduled. */
  private soonest(): number {
    return Math.ceil((this.output.context.currentTime + marginOf(this.output.context)) * this.rate);
  }

  private runOf(cue: Cue): Run | undefined {
    return this.runs.find((r) => sameLine(r.cue, cue));
  }

  /** Ends what no cue asks for any more, at the instant from which another one holds. */
  private endRuns(nowUs: number): void {
    for (const run of [...this.runs]) {
      const index = this.cues.findIndex((c) => sameLine(run.cue, c));
      // Taken over from, it goes on under the beginning of the next song.
      const under = index < 0 ? this.cues.findIndex((c) => endsUnder(run.cue, c)) : -1;
      const follower = index < 0 && under < 0 ? cueAt(this.cues, this.serverNow(nowUs)) : this.cues[Math.max(index, under) + 1];
      if (index < 0 && (run.voice.over || (under < 0 && (!run.voice.started || !follower)))) this.release(run);
      else if (under >= 0) {
        if (follower) this.endBefore(run, follower, nowUs);
      } else if (run.until) {
        // The change for which it was cut off has been called off: another voice takes over.
        if (!follower || !sameLine(run.until, follower)) this.release(run);
      } else if (follower) this.endBefore(run, follower, nowUs);
    }
  }

  private endBefore(run: Run, follower: Cue, nowUs: number): void {
    // The voice that follows says when: late, it must leave no hole before it, nor be sounded into.
    const next = this.runOf(follower);
    const { ending } = follower;
    const at = next && !ending ? next.voice.line.start : this.frameAt(follower.at, nowUs);
    if (at > this.soonest() + (next ? CUT_AHEAD_S : CUT_ALONE_S) * this.rate) return;
    if (ending && endsUnder(run.cue, follower)) run.fader.fall(at, this.frameAt(ending.until, nowUs));
    else run.voice.cut(at);
    run.until = follower;
  }

  private release(run: Run): void {
    const { voice, fader } = run;
    if (voice.started && !voice.silent) {
      voice.cut(0);
      this.ending.push({ voice, fader });
    } else {
      voice.discard();
      fader.discard();
    }
    this.runs = this.runs.filter((r) => r !== run);
  }

  private startRuns(nowUs: number): void {
    for (const [i, cue] of this.cues.entries()) {
      const { ending } = cue;
      // Who comes in the midst of it hears the end of the one song, too.
      if (ending && cue.at <= this.serverNow(nowUs) && this.frameAt(ending.until, nowUs) > this.soonest()) {
        const run = this.startRun(ending.cue, this.cues[i + 1], nowUs);
        run?.fader.fall(this.frameAt(cue.at, nowUs), this.frameAt(ending.until, nowUs));
      }
      const run = this.startRun(cue, this.cues[i + 1], nowUs);
      if (run && ending) run.fader.rise(this.frameAt(cue.at, nowUs), this.frameAt(ending.until, nowUs));
    }
  }

  private startRun(cue: Cue, follower: Cue | undefined, nowUs: number): Run | undefined {
    if (!cue.playing || !cue.song || this.runOf(cue)) return;
    if (cue.at > this.serverNow(nowUs) + SCHEDULE_AHEAD_US) return;
    if (follower && this.frameAt(follower.at, nowUs) <= this.soonest()) return;
    const tape = this.shelf.tape(cue.song);
    const at = tape && this.place(cue, tape, nowUs);
    if (!at) return;
    const fader = new Fader(this.output.context, this.output.master);
    const voice = this.startVoice(cue, tape, at, fader);
    if (voice.missed) {
      voice.discard();
      fader.discard();
      return;
    }
    const run = { cue, tape, voice, fader, control: new Controller(nowUs) };
    this.runs.push(run);
    this.endRuns(nowUs);
    return run;
  }

  private startVoice(cue: Cue, tape: Tape, at: { context: number; song: number }, fader: Fader): Voice {
    const level = loudnessGain(cue.song?.loudness_lufs ?? null);
    return new Voice(this.output.context, fader.node, tape, at, level, at.song === 0 ? "cut" : "fade");
  }

  /** Where a voice for this cue begins: on its instant, or as soon as possible at the position then. */
  private place(cue: Cue, tape: Tape, nowUs: number): { context: number; song: number } | undefined {
    const joined = this.joins(cue);
    if (joined !== undefined && joined >= this.soonest()) return { context: joined, song: 0 };
    const context = Math.max(Math.round(this.frameAt(cue.at, nowUs)), this.soonest());
    // By the server's clock from its instant on, not by the device's: the two part by milliseconds in a minute.
    const page = this.output.bridge.toPage((context * 1e6) / this.rate, nowUs) ?? nowUs;
    const server = this.clock.toServer(page) + this.offsetUs;
    const song = Math.round((positionAt(cue, Math.max(cue.at, server)) * this.rate) / 1e6);
    return tape.pieceAt(song) ? { context, song } : undefined;
  }

  /** Has each tape decode where it sounds and where it will. */
  private prepareTapes(nowUs: number): void {
    const places = new Map<Tape, Place[]>();
    const want = (tape: Tape, frame: number, due: boolean) =>
      places.set(tape, [...(places.get(tape) ?? []), { frame: Math.round(frame), due }]);
    for (const { tape, voice } of this.runs) {
      want(tape, voice.line.songAt(Math.max(this.soonest(), voice.line.start)), voice.started);
    }
    for (const song of this.due) {
      const tape = this.shelf.tape(song);
      if (!tape) continue;
      const cues = this.cues.filter((c) => c.song && this.shelf.tape(c.song) === tape);
      if (cues.length === 0) want(tape, 0, false);
      for (const cue of cues) {
        if (!this.runOf(cue))
          want(tape, this.frameOf(cue, nowUs), cue.playing && this.clock.ready && cue.at < this.serverNow(nowUs));
      }
    }
    for (const [tape, frames] of places) tape.prepare(frames);
  }

  /** The song's frame with which a cue would begin if it began as soon as it may. */
  private frameOf(cue: Cue, nowUs: number): number {
    const server = this.clock.ready ? this.serverNow(nowUs) + marginOf(this.output.context) * 1e6 : cue.at;
    return (positionAt(cue, Math.max(cue.at, server)) * this.rate) / 1e6;
  }

  /** The frame at which the song before ends by itself, where that is when this cue begins. */
  private joins(cue: Cue): number | undefined {
    if (cue.position !== 0) return undefined;
    for (const { cue: before, voice, tape } of this.runs) {
      const end = before.at - before.position + (tape.frames * 1e6) / this.rate;
      if (Math.abs(end - cue.at) < GAPLESS_US) return Math.round(voice.naturalEnd);
    }
    return undefined;
  }

  /** Keeps a run supplied, and reads its error. */
  private hold(run: Run, nowUs: number): void {
    const { bridge } = this.output;
    if (bridge.steps !== this.steps) {
      this.steps = bridge.steps;
      for (const r of this.runs) {
        if (bridge.losses === this.losses) r.control.forget();
        else r.control.lost(nowUs);
      }
      this.losses = bridge.losses;
    }
    run.voice.pump();
    const heard = bridge.toContext(nowUs, nowUs);
    if (heard === undefined || bridge.frozen(nowUs)) return;
    run.control.read(this.error(run, (heard * this.rate) / 1e6, nowUs), nowUs);
  }

  /** How far the sound is ahead of the timeline, as it will be when the planned slews are done. */
  private error(run: Run, heard: number, nowUs: number): number {
    const { line } = run.voice;
    const pending = Math.max(heard, line.settled);
    const song = line.songAt(pending) - (pending - heard);
    return (song * 1e6) / this.rate - positionAt(run.cue, this.serverNow(nowUs));
  }

  private correct(nowUs: number): void {
    this.corrections.speed = this.sounding()?.voice.line.rateAt(this.output.context.currentTime * this.rate) ?? 1;
    if (this.output.bridge.frozen(nowUs)) return;
    for (const run of this.runs) {
      if (run.voice.started) this.correctRun(run, nowUs);
      // Not begun yet: gone without a trace, and placed anew on the next tick.
      else if (Math.abs(run.control.errorUs ?? 0) > REPLACE_US && this.joins(run.cue) === undefined) this.release(run);
    }
  }

  private correctRun(run: Run, nowUs: number): void {
    if (run.voice.missed) return this.anchor(run, nowUs);
    const slewing = run.voice.line.settled > this.soonest();
    const growth = (this.output.bridge.offset(nowUs)?.slope ?? 0) - this.clock.driftPpm * 1e-6;
    const correction = run.control.decide(nowUs, growth, slewing);
    if (correction.kind === "slew") {
      const shift = Math.round((correction.backUs * this.rate) / 1e6);
      if (run.voice.slew(shift, (correction.withinUs * this.rate) / 1e6)) this.corrections.slews += 1;
      else run.control.forget();
    } else if (correction.kind === "anchor") {
      this.anchor(run, nowUs);
    }
  }

  /** Starts the song anew where it should be, under a cross-fade with what sounds. */
  private anchor(run: Run, nowUs: number): void {
    const at = this.place(run.cue, run.tape, nowUs);
    if (!at) return;
    const voice = this.startVoice(run.cue, run.tape, at, run.fader);
    if (voice.missed) return voice.discard();
    run.voice.cut(at.context);
    this.ending.push({ voice: run.voice });
    run.voice = voice;
    this.corrections.anchors += 1;
  }

  private sounding(): Run | undefined {
    return this.runs.findLast((r) => r.voice.started && !r.voice.over);
  }
}
