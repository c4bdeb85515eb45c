/**
 * Web Audio as long as it may sound. Phones take the device from it behind the lock screen, but leave it to an `<audio>`
 * element: while the page is hidden and Web Audio is interrupted, an element plays on, some 80 ms off at most, and says so.
 */

import type { Song, Timeline } from "../protocol";
import type { ElementSpeaker } from "./element";
import type { Corrections } from "./play/player";
import type { Fault } from "./song/fault";
import type { Speaker, WebAudioSpeaker } from "./speaker";

/** What a stand-in needs beside being a speaker. */
type StandIn = Pick<ElementSpeaker, "prime" | "rest"> & Speaker;
type Main = Pick<WebAudioSpeaker, "interrupted"> & Speaker;

export class HandoverSpeaker implements Speaker {
  private standIn: StandIn | undefined;
  private covering = false;
  private timeline: Timeline | undefined;
  private volume = 1;
  private offsetUs = 0;

  constructor(
    private readonly main: Main,
    private readonly makeStandIn: () => StandIn,
    /** Computers let Web Audio sound in the background, and a second stream would disturb its timing. */
    private readonly isPhone = navigator.maxTouchPoints > 0 && matchMedia("(pointer: coarse)").matches,
  ) {}

  private get now(): Speaker {
    return (this.covering && this.standIn) || this.main;
  }

  get corrections(): Readonly<Corrections> {
    return this.now.corrections;
  }
  get errorUs(): number | null {
    return this.now.errorUs;
  }
  get audible(): boolean {
    return this.now.audible;
  }
  get running(): boolean {
    return this.now.running;
  }
  setTimeline(timeline: Timeline, nowUs: number): void {
    this.timeline = timeline;
    this.main.setTimeline(timeline, nowUs);
    if (this.covering) this.standIn?.setTimeline(timeline, nowUs);
  }
  expect(song: Song | null): void {
    this.main.expect(song);
  }
  setOffset(us: number): void {
    this.offsetUs = us;
    this.main.setOffset(us);
    this.standIn?.setOffset(us);
  }
  setVolume(volume: number): void {
    this.volume = volume;
    this.main.setVolume(volume);
    this.standIn?.setVolume(volume);
  }
  ready(nowUs: number): boolean {
    return this.now.ready(nowUs);
  }
  positionUs(nowUs: number): number {
    return this.main.positionUs(nowUs);
  }
  faultNow(nowUs: number): { song: Song; fault: Fault } | null {
    return this.now.faultNow(nowUs);
  }
  latencyUs(nowUs: number): number | undefined {
    return this.now.latencyUs(nowUs);
  }
  get unreckonedUs(): number {
    return this.now.unreckonedUs;
  }
  doubtUs(nowUs: number): number {
    return this.now.doubtUs(nowUs);
  }
  scatterUs(nowUs: number): number | undefined {
    return this.now.scatterUs(nowUs);
  }
  carry(element: HTMLMediaElement): void {
    this.main.carry(element);
  }
  reclaim(): void {
    this.main.reclaim();
  }

  tick(nowUs: number): void {
    this.main.tick(nowUs);
    if (!this.covering && this.standIn && document.hidden && this.main.interrupted) this.cover(this.standIn, nowUs);
    // Both for a moment, rather than neither.
    else if (this.covering && this.main.running && (this.main.audible || !this.standIn?.audible)) this.giveBack();
    if (this.covering) this.standIn?.tick(nowUs);
  }

  /** Only what is called within a gesture is let play later, so each of them counts. */
  async resume(): Promise<void> {
    if (this.isPhone && !this.covering) {
      this.standIn ??= this.madeStandIn();
      this.standIn.prime();
    }
    await this.main.resume();
  }

  destroy(): void {
    this.main.destroy();
    this.standIn?.destroy();
  }

  private madeStandIn(): StandIn {
    const standIn = this.makeStandIn();
    standIn.setVolume(this.volume);
    standIn.setOffset(this.offsetUs);
    return standIn;
  }

  private cover(standIn: StandIn, nowUs: number): void {
    this.covering = true;
    if (this.timeline) standIn.setTimeline(this.timeline, nowUs);
  }

  private giveBack(): void {
    this.covering = false;
    this.standIn?.rest();
  }
}
