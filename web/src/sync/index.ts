/**
 * The border between the interface and the sound: the interface hands over timelines, the engine makes the speakers
 * follow them and says how well it does.
 *
 * This engine keeps the position by the wall clock and makes no sound.
 */

import type { ReportFrame, Timeline } from "../protocol";

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

export function positionAt(timeline: Timeline, serverUs: number): number {
  const moved = timeline.playing ? Math.max(0, serverUs - timeline.at_us) * timeline.rate : 0;
  const end = timeline.song?.duration_us ?? Number.POSITIVE_INFINITY;
  return Math.min(timeline.position_us + moved, end);
}

export function createEngine(_options: EngineOptions): SyncEngine {
  let timeline: Timeline | null = null;
  const listeners = new Set<(status: SyncStatus) => void>();
  const nowUs = () => Date.now() * 1000;
  const status = (): SyncStatus => ({
    state: timeline?.song ? (timeline.playing ? "playing" : "paused") : "idle",
    inSyncMs: null,
    errorMs: null,
    offsetMs: null,
    rttMs: null,
    driftPpm: null,
    positionUs: () => (timeline ? positionAt(timeline, nowUs()) : 0),
  });
  return {
    setTimeline(next) {
      timeline = next;
      for (const listener of listeners) listener(status());
    },
    resume: () => Promise.resolve(),
    setVolume() {},
    setOffsetMs() {},
    status,
    onStatus(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    destroy() {
      listeners.clear();
    },
  };
}
