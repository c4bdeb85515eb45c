/**
 * Sound by an `<audio>` element, where there is no Web Audio: within some 30 ms, and honest about it. The element's
 * position is steered by its speed, and set anew only when it is far off.
 */

import type { Song, Timeline } from "../protocol";
import type { ClockEstimator } from "./clock/clock";
import { median } from "./clock/clock";
import type { Corrections } from "./play/player";
import { type Cue, cueAt, positionAt, pruned, withTimeline } from "./play/timeline";
import { Fault } from "./song/fault";
import type { Speaker, SpeakerEvents } from "./speaker";

/** The element tells its position this coarsely; below it nothing is corrected. */
const DEAD_US = 30_000;
/** Beyond this the position is set anew, at most every few seconds: each time the element falls silent for a moment. */
const SEEK_US = 300_000;
const SEEK_PAUSE_US = 4e6;
/** What most devices stay below. */
const LATENCY_UNKNOWN_US = 50_000;
/** Speed changes by at most half a percent. */
const SPEED_MAX = 0.005;
const READINGS = 20;
/** A millisecond of nothing as a WAV file: 8 kHz, 8 bit, mono. */
const SILENCE = `RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\x08\0\0\0${"\x80".repeat(8)}`;

export class ElementSpeaker implements Speaker {
  readonly corrections: Corrections = { slews: 0, anchors: 0, speed: 1 };
  private readonly element = new Audio();
  private cues: Cue[] = [];
  private playing: Cue | undefined;
  private readings: number[] = [];
  private lastSeek = -Infinity;
  private offsetUs = 0;
  private refused = false;
  private broken: { song: Song; fault: Fault } | null = null;

  constructor(
    private readonly clock: ClockEstimator,
    private readonly on: SpeakerEvents,
  ) {
    this.element.preload = "auto";
    this.element.preservesPitch = false;
    this.element.addEventListener("error", this.onError);
  }

  get errorUs(): number | null {
    return this.audible && this.readings.length > 0 ? median(this.readings) : null;
  }
  get audible(): boolean {
    return this.playing?.playing === true && !this.element.paused;
  }
  get running(): boolean {
    return !this.refused;
  }
  setTimeline(timeline: Timeline, nowUs: number): void {
    this.cues = withTimeline(this.cues, timeline);
    this.tick(nowUs);
  }
  /** The element fetches what it plays by itself, bit by bit. */
  expect(): void {}

  setOffset(us: number): void {
    this.offsetUs = us;
  }
  setVolume(volume: number): void {
    this.element.volume = volume * volume;
  }
  ready(): boolean {
    return this.element.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA;
  }
  faultNow(): { song: Song; fault: Fault } | null {
    return this.broken?.song.id === this.playing?.song?.id ? this.broken : null;
  }
  carry(): void {}
  latencyUs(): undefined {}
  scatterUs(): undefined {}
  readonly unreckonedUs = 0;
  /** It tells its place coarsely, and nothing of the way from there to the ear. */
  doubtUs(): number {
    return DEAD_US + LATENCY_UNKNOWN_US;
  }
  reclaim(): void {}

  positionUs(nowUs: number): number {
    const cue = cueAt(this.cues, this.serverNow(nowUs)) ?? this.cues[0];
    return cue ? positionAt(cue, Math.max(cue.at, this.serverNow(nowUs))) : 0;
  }

  tick(nowUs: number): void {
    if (!this.clock.ready) return;
    const server = this.serverNow(nowUs);
    this.cues = pruned(this.cues, server);
    const cue = cueAt(this.cues, server);
    if (cue !== this.playing) this.change(cue, nowUs);
    if (cue?.playing) this.steer(cue, nowUs);
  }

  async resume(): Promise<void> {
    this.refused = false;
    if (this.playing?.playing) await this.play();
  }

  /** Within a gesture: having played a moment of silence it may sound later without one. */
  prime(): void {
    const url = URL.createObjectURL(new Blob([Uint8Array.from(SILENCE, (c) => c.charCodeAt(0))], { type: "audio/wav" }));
    this.element.src = url;
    const done = () => URL.revokeObjectURL(url);
    this.element.play().then(done, done);
  }

  /** Falls silent until the next statement or tick. */
  rest(): void {
    this.element.pause();
    this.playing = undefined;
  }

  destroy(): void {
    this.element.removeEventListener("error", this.onError);
    this.element.pause();
    this.element.removeAttribute("src");
    this.element.load();
  }

  private serverNow(nowUs: number): number {
    return this.clock.ready ? this.clock.toServer(nowUs) + this.offsetUs : 0;
  }

  private change(cue: Cue | undefined, nowUs: number): void {
    this.playing = cue;
    this.readings = [];
    if (!cue?.playing || !cue.song) return this.element.pause();
    if (this.element.getAttribute("src") !== cue.song.audio_url) this.element.src = cue.song.audio_url;
    this.seek(cue, nowUs);
    void this.play();
  }

  private async play(): Promise<void> {
    try {
      await this.element.play();
    } catch (error) {
      this.refused = error instanceof DOMException && error.name === "NotAllowedError";
      this.on.changed();
    }
  }

  private steer(cue: Cue, nowUs: number): void {
    if (this.element.paused || this.element.seeking || this.element.ended) return;
    this.readings.push(this.element.currentTime * 1e6 - positionAt(cue, this.serverNow(nowUs)));
    if (this.readings.length > READINGS) this.readings.shift();
    if (this.readings.length < READINGS) return;
    const error = median(this.readings);
    if (Math.abs(error) > SEEK_US && nowUs - this.lastSeek > SEEK_PAUSE_US) return this.seek(cue, nowUs);
    const pull = Math.abs(error) < DEAD_US ? 0 : Math.max(-SPEED_MAX, Math.min(SPEED_MAX, error / 4e6));
    if (pull !== 0 && this.element.playbackRate === 1) this.corrections.slews += 1;
    this.element.playbackRate = 1 - pull;
    this.corrections.speed = 1 - pull;
  }

  private seek(cue: Cue, nowUs: number): void {
    this.lastSeek = nowUs;
    this.readings = [];
    this.corrections.anchors += 1;
    this.element.currentTime = Math.max(0, positionAt(cue, this.serverNow(nowUs)) / 1e6);
  }

  private readonly onError = () => {
    const song = this.playing?.song;
    if (!song) return;
    const gone = this.element.error?.code === MediaError.MEDIA_ERR_NETWORK;
    this.broken = {
      song,
      fault: new Fault(gone ? "gone" : "undecodable", this.element.error?.message || "the browser can't play it"),
    };
    this.on.broken(song, this.broken.fault);
  };
}
