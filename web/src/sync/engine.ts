/** Puts clock, sound and reports together, and keeps them ticking. */

import type { Song, Timeline } from "../protocol";
import type { EngineOptions, Problem, SyncEngine, SyncState, SyncStatus } from "./api";
import type { ClockEstimator } from "./clock/clock";
import { Prober } from "./clock/prober";
import { Trips } from "./clock/trips";
import { ElementSpeaker } from "./element";
import { HandoverSpeaker } from "./handover";
import { Output } from "./output/output";
import { startWorker, Workshop } from "./song/workshop";
import { type Speaker, type SpeakerEvents, WebAudioSpeaker } from "./speaker";

/** Clocks are read and due work is done this often, in milliseconds. */
const TICK_MS = 25;
const STATUS_MS = 500;
const STAT_MS = 5_000;
const RECLAIM_MS = 1_000;
/** Probes after which the stage is told of this listener for the first time: those of the dense beginning. */
const FIRST_TRIPS = 24;
/** A clock this uncertain (standard deviation) is not shown as a bound. */
const VAGUE_US = 100_000;

/** Ticks come this late only if the page or the machine stood still. */
const ASLEEP_US = 3e6;
/** The page is looked at again, or comes back from the browser's memory. */
const SHOWN = ["focus", "pageshow"] as const;

const nowUs = () => performance.now() * 1e3;

function createSpeaker(options: EngineOptions, clock: ClockEstimator, on: SpeakerEvents): Speaker {
  if (typeof AudioContext === "undefined") return new ElementSpeaker(clock, on);
  const output = new Output();
  const workshop = new Workshop(output.context, (options.worker ?? startWorker)());
  const web = new WebAudioSpeaker(output, clock, workshop, on);
  return new HandoverSpeaker(web, () => new ElementSpeaker(clock, on));
}

export class Engine implements SyncEngine {
  private readonly prober: Prober;
  private readonly speaker: Speaker;
  private readonly listeners = new Set<(status: SyncStatus) => void>();
  private readonly timers: ReturnType<typeof setInterval>[];
  private timeline: Timeline | null = null;
  private offsetUs = 0;
  private readonly trips = new Trips();
  private told: "nothing" | "buffering" | "ready" = "nothing";
  private reachable = true;
  private ticked = Infinity;

  constructor(private readonly options: EngineOptions) {
    this.prober = new Prober(
      () => this.probe(),
      (outcome) => {
        this.reachable = outcome !== "empty";
        this.tick();
      },
    );
    this.speaker = createSpeaker(options, this.prober.clock, {
      loaded: () => this.tick(),
      broken: (song, fault) => {
        console.warn(`"${song.title}" can't be played here (${fault.why}): ${fault.message}`);
        this.tick();
        this.tell();
      },
      changed: () => this.tell(),
    });
    this.prober.restart();
    this.timers = [
      setInterval(() => this.tick(), TICK_MS),
      setInterval(() => this.tell(), STATUS_MS),
      setInterval(() => this.stat(), STAT_MS),
      setInterval(() => this.speaker.reclaim(), RECLAIM_MS),
    ];
    addEventListener("online", this.probeAgain);
    for (const event of SHOWN) addEventListener(event, this.shown);
    document.addEventListener("visibilitychange", this.shown);
    // Where no gesture is needed it plays at once; else the state says so.
    this.speaker.resume().catch(() => undefined);
  }

  setTimeline(timeline: Timeline): void {
    if (this.timeline && timeline.rev < this.timeline.rev) return;
    if (timeline.rev !== this.timeline?.rev) this.told = "nothing";
    this.timeline = timeline;
    this.speaker.setTimeline(timeline, nowUs());
    this.tick();
    this.tell();
  }

  expect(song: Song | null): void {
    this.speaker.expect(song);
  }

  async resume(): Promise<void> {
    await this.speaker.resume();
    this.tell();
  }

  carry(element: HTMLMediaElement): void {
    this.speaker.carry(element);
  }

  setVolume(volume: number): void {
    this.speaker.setVolume(Math.min(1, Math.max(0, volume)));
  }

  setOffsetMs(ms: number): void {
    this.offsetUs = ms * 1e3;
    this.speaker.setOffset(this.offsetUs);
  }

  status(): SyncStatus {
    const { clock } = this.prober;
    const now = nowUs();
    const ms = (us: number | null | undefined) => (us === null || us === undefined ? null : us / 1e3);
    const known = clock.ready;
    const vague = !known || clock.sdUs(now) > VAGUE_US;
    const error = this.speaker.errorUs;
    return {
      state: this.state(),
      inSyncMs: vague ? null : ms(clock.boundUs(now) + Math.abs(error ?? 0) + this.speaker.doubtUs(now)),
      errorMs: ms(error),
      offsetMs: known ? ms(clock.toServer(now) - now) : null,
      rttMs: known ? ms(clock.rttMin) : null,
      driftPpm: known ? clock.driftPpm : null,
      latencyMs: ms(this.speaker.latencyUs(now)),
      scatterMs: ms(this.speaker.scatterUs(now)),
      corrections: this.speaker.corrections,
      problem: this.problem(),
      positionUs: () => this.speaker.positionUs(nowUs()),
    };
  }

  onStatus(listener: (status: SyncStatus) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  destroy(): void {
    for (const timer of this.timers) clearInterval(timer);
    removeEventListener("online", this.probeAgain);
    for (const event of SHOWN) removeEventListener(event, this.shown);
    document.removeEventListener("visibilitychange", this.shown);
    this.prober.stop();
    this.speaker.destroy();
    this.listeners.clear();
  }

  private problem(): Problem | null {
    const now = this.speaker.faultNow(nowUs());
    return now && { song: now.song, why: now.fault.why, detail: now.fault.message };
  }

  private state(): SyncState {
    const { timeline } = this;
    if (!timeline?.song) return "idle";
    if (!this.speaker.running) return "needs-gesture";
    if (!timeline.playing) return "paused";
    if (this.speaker.audible) return "playing";
    if (this.problem()) return "broken";
    return this.reachable ? "loading" : "offline";
  }

  private async probe() {
    const { t0, t1_us, t2_us, t3 } = await this.options.ping();
    this.trips.add((t3 - t0) * 1e3 - (t2_us - t1_us));
    // Known before the first song: its start leaves this listener the time it needs.
    if (this.trips.count === FIRST_TRIPS) this.stat();
    return { t0: t0 * 1e3, t1: t1_us, t2: t2_us, t3: t3 * 1e3 };
  }

  private readonly probeAgain = () => {
    if (document.visibilityState === "visible") this.prober.restart();
  };

  private readonly shown = () => {
    this.speaker.reclaim();
    this.tick();
    this.probeAgain();
  };

  private readonly tell = () => {
    if (this.listeners.size === 0) return;
    const status = this.status();
    for (const listener of this.listeners) listener(status);
  };

  private tick(): void {
    const now = nowUs();
    // The page or the machine slept: what was known of the clock may not hold.
    if (now - this.ticked > ASLEEP_US) {
      this.prober.clock.doubt();
      this.prober.restart();
    }
    this.ticked = now;
    this.speaker.tick(now);
    this.reportReadiness();
  }

  /**
   * Tells the stage once per statement whether its song could sound here, and before the first song that this listener
   * loads songs at all, so that its start waits; a page that may not sound yet holds nobody up.
   */
  private reportReadiness(): void {
    const { timeline, options } = this;
    if (!timeline || !this.speaker.running || this.told === "ready") return;
    const ready = timeline.song !== null && this.prober.clock.ready && this.speaker.ready(nowUs());
    const type = ready ? "ready" : "buffering";
    if (type === this.told) return;
    this.told = type;
    // The start that may follow at once has to leave time for the latency as it is now.
    if (type === "ready") this.stat();
    options.report({ type, stage: options.stageId, timeline_rev: timeline.rev });
  }

  /** How well this listener does; while nothing sounds, what a start has to reckon with. */
  private stat(): void {
    const { clock } = this.prober;
    if (!clock.ready) return;
    const now = nowUs();
    const error = this.speaker.errorUs;
    const latency = this.speaker.latencyUs(now);
    this.options.report({
      type: "stat",
      stage: this.options.stageId,
      ...(error === null ? {} : { error_us: Math.round(error) }),
      offset_sd_us: Math.round(clock.sdUs(now)),
      rtt_us: Math.round(clock.rttMin),
      rtt_p95_us: Math.round(this.trips.p95),
      ...(latency === undefined ? {} : { output_latency_us: Math.round(latency + this.speaker.unreckonedUs) }),
      offset_us: Math.round(this.offsetUs),
    });
  }
}
