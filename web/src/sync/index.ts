/**
 * The border between the interface and the sound: the interface hands over timelines, the engine makes the speakers
 * follow them and says how well it does.
 */

import type { ReportFrame, Timeline } from "../protocol";
import { createLoader } from "./load";
import { Output } from "./output";
import { type Corrections, Player } from "./player";
import { Prober } from "./prober";

export type SyncState = "idle" | "needs-gesture" | "loading" | "playing" | "paused" | "offline";

export interface SyncStatus {
  state: SyncState;
  /** Bound of how far this listener may be from the others, in milliseconds; null while unknown. */
  inSyncMs: number | null;
  /** Measured distance from where the timeline says, in milliseconds. */
  errorMs: number | null;
  /** Server clock less own clock, in milliseconds. */
  offsetMs: number | null;
  rttMs: number | null;
  driftPpm: number | null;
  /** How long sound takes from the page to the ear, in milliseconds. */
  latencyMs: number | null;
  /** Scatter of the device's time stamps, in milliseconds; corrections rest while it is large. */
  scatterMs: number | null;
  corrections: Readonly<Corrections>;
  /** What could not be played, if anything. */
  problem: string | null;
  /** Where the song is by the timeline at this moment, in microseconds. */
  positionUs(): number;
}

export interface PingReply {
  /** `performance.now()` before sending, in milliseconds. */
  t0: number;
  /** Server clock when the ping was read, in microseconds. */
  t1_us: number;
  /** Server clock when the pong was written, in microseconds. */
  t2_us: number;
  /** `performance.now()` at receipt, in milliseconds. */
  t3: number;
}

export interface EngineOptions {
  stageId: number;
  /** Rejects while there is no connection. */
  ping(): Promise<PingReply>;
  report(frame: ReportFrame): void;
  fetchAudio?(url: string): Promise<Response>;
}

export interface SyncEngine {
  setTimeline(timeline: Timeline): void;
  /** Call from a user gesture when the state is `needs-gesture`. */
  resume(): Promise<void>;
  /** 0 to 1. */
  setVolume(volume: number): void;
  /** "My sound is this late", in milliseconds. */
  setOffsetMs(ms: number): void;
  status(): SyncStatus;
  /** Called on every change of state or measure; returns how to stop that. */
  onStatus(listener: (status: SyncStatus) => void): () => void;
  destroy(): void;
}

/** Clocks are read and due work is done this often, in milliseconds. */
const TICK_MS = 25;
const STATUS_MS = 500;
const STAT_MS = 5_000;
/** A clock this uncertain (standard deviation) is not shown as a bound. */
const VAGUE_US = 100_000;

export function positionAt(timeline: Timeline, serverUs: number): number {
  const moved = timeline.playing ? Math.max(0, serverUs - timeline.at_us) * timeline.rate : 0;
  const end = timeline.song?.duration_us ?? Number.POSITIVE_INFINITY;
  return Math.min(timeline.position_us + moved, end);
}

export function createEngine(options: EngineOptions): SyncEngine {
  return new Engine(options);
}

const nowUs = () => performance.now() * 1e3;

class Engine implements SyncEngine {
  private readonly output = new Output();
  private readonly prober: Prober;
  private readonly player: Player;
  private readonly listeners = new Set<(status: SyncStatus) => void>();
  private readonly timers: ReturnType<typeof setInterval>[];
  private timeline: Timeline | null = null;
  private problem: string | null = null;
  private told: "nothing" | "buffering" | "ready" = "nothing";

  constructor(private readonly options: EngineOptions) {
    this.prober = new Prober(() => this.probe(), () => this.tick());
    const fetchAudio = options.fetchAudio ?? ((url: string) => fetch(url, { credentials: "same-origin" }));
    this.player = new Player(this.output, this.prober.clock, createLoader(this.output.context, fetchAudio), {
      loaded: () => this.tick(),
      broken: (song, error) => {
        this.problem = `${song.title}: ${error instanceof Error ? error.message : String(error)}`;
        this.tell();
      },
    });
    this.prober.restart();
    this.timers = [
      setInterval(() => this.tick(), TICK_MS),
      setInterval(() => this.tell(), STATUS_MS),
      setInterval(() => this.stat(), STAT_MS),
    ];
    addEventListener("online", this.probeAgain);
    document.addEventListener("visibilitychange", this.probeAgain);
    this.output.context.addEventListener("statechange", this.tell);
    void this.output.resume();
  }

  setTimeline(timeline: Timeline): void {
    if (this.timeline && timeline.rev < this.timeline.rev) return;
    if (timeline.rev !== this.timeline?.rev) this.told = "nothing";
    this.timeline = timeline;
    this.problem = null;
    this.player.setTimeline(timeline, nowUs());
    this.tick();
    this.tell();
  }

  async resume(): Promise<void> {
    await this.output.resume();
    this.tell();
  }

  setVolume(volume: number): void {
    this.output.setVolume(Math.min(1, Math.max(0, volume)));
  }

  setOffsetMs(ms: number): void {
    this.player.setOffset(ms * 1e3);
  }

  status(): SyncStatus {
    const { clock } = this.prober;
    const now = nowUs();
    const ms = (us: number | null | undefined) => (us === null || us === undefined ? null : us / 1e3);
    const known = clock.ready;
    const vague = !known || clock.sdUs(now) > VAGUE_US;
    const error = this.player.errorUs;
    return {
      state: this.state(),
      inSyncMs: vague ? null : ms(clock.boundUs(now) + Math.abs(error ?? 0)),
      errorMs: ms(error),
      offsetMs: known ? ms(clock.toServer(now) - now) : null,
      rttMs: known ? ms(clock.rttMin) : null,
      driftPpm: known ? clock.driftPpm : null,
      latencyMs: ms(this.output.latencyUs(now)),
      scatterMs: ms(this.output.bridge.level(now)?.mad),
      corrections: this.player.corrections,
      problem: this.problem,
      positionUs: () => this.player.positionUs(nowUs()),
    };
  }

  onStatus(listener: (status: SyncStatus) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  destroy(): void {
    for (const timer of this.timers) clearInterval(timer);
    removeEventListener("online", this.probeAgain);
    document.removeEventListener("visibilitychange", this.probeAgain);
    this.output.context.removeEventListener("statechange", this.tell);
    this.prober.stop();
    this.player.destroy();
    this.output.close();
    this.listeners.clear();
  }

  private state(): SyncState {
    const { timeline } = this;
    if (!timeline?.song) return "idle";
    if (!this.output.running) return "needs-gesture";
    if (!timeline.playing) return "paused";
    if (this.player.audible) return "playing";
    return "loading";
  }

  private async probe() {
    const { t0, t1_us, t2_us, t3 } = await this.options.ping();
    return { t0: t0 * 1e3, t1: t1_us, t2: t2_us, t3: t3 * 1e3 };
  }

  private readonly probeAgain = () => {
    if (document.visibilityState === "visible") this.prober.restart();
  };

  private readonly tell = () => {
    if (this.listeners.size === 0) return;
    const status = this.status();
    for (const listener of this.listeners) listener(status);
  };

  private tick(): void {
    const now = nowUs();
    this.output.read(now);
    this.player.tick(now);
    this.reportReadiness();
  }

  /** Tells the stage once per statement whether its song could sound here; a page that may not sound yet holds nobody up. */
  private reportReadiness(): void {
    const { timeline, options } = this;
    if (!timeline?.song || !this.output.running || this.told === "ready") return;
    const type = this.prober.clock.ready && this.player.ready(nowUs()) ? "ready" : "buffering";
    if (type === this.told) return;
    this.told = type;
    options.report({ type, stage: options.stageId, timeline_rev: timeline.rev });
  }

  private stat(): void {
    const { clock } = this.prober;
    const error = this.player.errorUs;
    if (error === null || !clock.ready) return;
    const now = nowUs();
    const latency = this.output.latencyUs(now);
    this.options.report({
      type: "stat",
      stage: this.options.stageId,
      error_us: Math.round(error),
      offset_sd_us: Math.round(clock.sdUs(now)),
      rtt_us: Math.round(clock.rttMin),
      ...(latency === undefined ? {} : { output_latency_us: Math.round(latency) }),
    });
  }
}
