/** What the interface sees of the sound. */

import type { ReportFrame, Song, Timeline } from "../protocol";
import type { Corrections } from "./play/player";
import type { Why } from "./song/fault";

/** `broken`: what should sound can't here; see `problem`. */
export type SyncState = "idle" | "needs-gesture" | "loading" | "playing" | "paused" | "offline" | "broken";

/** Why a song is not heard here while others may hear it. */
export interface Problem {
  readonly song: Song;
  readonly why: Why;
  /** For the log, and for who asks. */
  readonly detail: string;
}

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
  /** What of the present song can't be played here, if so. */
  problem: Problem | null;
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
  /** What fetches and decodes, where it is not to be this client's own. */
  worker?(): Worker;
}

export interface SyncEngine {
  setTimeline(timeline: Timeline): void;
  /** What a play would begin with as long as nothing is current: fetched and decoded ahead. */
  expect(song: Song | null): void;
  /** Call from a user gesture when the state is `needs-gesture`. */
  resume(): Promise<void>;
  /** Sounds a media element on the music's own stream: a second one would disturb its timing. */
  carry(element: HTMLMediaElement): void;
  /** 0 to 1. */
  setVolume(volume: number): void;
  /** "My sound is this late", in milliseconds. */
  setOffsetMs(ms: number): void;
  status(): SyncStatus;
  /** Called on every change of state or measure; returns how to stop that. */
  onStatus(listener: (status: SyncStatus) => void): () => void;
  destroy(): void;
}
