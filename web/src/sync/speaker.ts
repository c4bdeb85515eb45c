/** What the engine needs of whatever makes the sound. Times are microseconds of page time. */

import type { Song, Timeline } from "../protocol";
import type { ClockEstimator } from "./clock/clock";
import type { Output } from "./output/output";
import { type Corrections, Player } from "./play/player";
import { unreckonedOf } from "./play/voice";
import type { Fault } from "./song/fault";
import type { Loader } from "./song/shelf";

export interface Speaker {
  readonly corrections: Readonly<Corrections>;
  /** How far the sound is ahead of the timeline; null in silence. */
  readonly errorUs: number | null;
  readonly audible: boolean;
  /** False while the browser waits for a gesture. */
  readonly running: boolean;
  setTimeline(timeline: Timeline, nowUs: number): void;
  /** What is likely to be played first. */
  expect(song: Song | null): void;
  setOffset(us: number): void;
  setVolume(volume: number): void;
  /** Whether what was stated last could sound at once. */
  ready(nowUs: number): boolean;
  positionUs(nowUs: number): number;
  /** The song that should sound now, and why it can't here; null if it can. */
  faultNow(nowUs: number): { song: Song; fault: Fault } | null;
  /** From the page to the ear; absent while unknown. */
  latencyUs(nowUs: number): number | undefined;
  /** How much earlier than servers reckon with it has to be told what to play. */
  readonly unreckonedUs: number;
  /** By how much more than its error the sound may be off: what this device and its system leave unknown. */
  doubtUs(nowUs: number): number;
  /** Scatter of the device's time stamps; absent where there are none. */
  scatterUs(nowUs: number): number | undefined;
  /** Does what is due; to be called every 25 ms or so. */
  tick(nowUs: number): void;
  /** Asks for the sound back where the system has taken it away. */
  reclaim(): void;
  /** Sounds another element through the same device stream, where there is one to share. */
  carry(element: HTMLMediaElement): void;
  resume(): Promise<void>;
  destroy(): void;
}

export interface SpeakerEvents {
  loaded(song: Song): void;
  broken(song: Song, fault: Fault): void;
  /** `running` may be another than before. */
  changed(): void;
}

/** Web Audio: exact to the sample. */
export class WebAudioSpeaker implements Speaker {
  private readonly player: Player;

  constructor(
    private readonly output: Output,
    clock: ClockEstimator,
    loader: Loader,
    private readonly on: SpeakerEvents,
  ) {
    this.player = new Player(output, clock, loader, on);
    output.context.addEventListener("statechange", on.changed);
  }

  get corrections(): Readonly<Corrections> {
    return this.player.corrections;
  }
  get errorUs(): number | null {
    return this.player.errorUs;
  }
  get audible(): boolean {
    return this.player.audible;
  }
  get running(): boolean {
    return this.output.running;
  }
  setTimeline(timeline: Timeline, nowUs: number): void {
    this.player.setTimeline(timeline, nowUs);
  }
  expect(song: Song | null): void {
    this.player.expect(song);
  }
  setOffset(us: number): void {
    this.player.setOffset(us);
  }
  setVolume(volume: number): void {
    this.output.setVolume(volume);
  }
  ready(nowUs: number): boolean {
    return this.player.ready(nowUs);
  }
  positionUs(nowUs: number): number {
    return this.player.positionUs(nowUs);
  }
  faultNow(nowUs: number): { song: Song; fault: Fault } | null {
    return this.player.faultNow(nowUs);
  }
  latencyUs(): number | undefined {
    return this.output.latencyUs;
  }
  get unreckonedUs(): number {
    return unreckonedOf(this.output.context) * 1e6;
  }
  doubtUs(nowUs: number): number {
    return this.output.bridge.doubt(nowUs);
  }
  scatterUs(nowUs: number): number | undefined {
    return this.output.bridge.offset(nowUs)?.scatter;
  }
  tick(nowUs: number): void {
    this.output.read(nowUs);
    this.player.tick(nowUs);
  }
  carry(element: HTMLMediaElement): void {
    this.output.carry(element);
  }
  /** It has sounded, and the system has taken the device: a call, an alarm, the lock screen. */
  get interrupted(): boolean {
    return this.output.interrupted;
  }
  reclaim(): void {
    this.output.reclaim();
  }
  resume(): Promise<void> {
    return this.output.resume();
  }
  destroy(): void {
    this.output.context.removeEventListener("statechange", this.on.changed);
    this.player.destroy();
    this.output.close();
  }
}
