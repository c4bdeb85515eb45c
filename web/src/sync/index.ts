/**
 * The border between the interface and the sound: the interface hands over timelines, the engine makes the speakers
 * follow them and says how well it does.
 */

import type { Timeline } from "../protocol";
import type { EngineOptions, SyncEngine } from "./api";

export type { EngineOptions, PingReply, Problem, SyncEngine, SyncState, SyncStatus } from "./api";

export function positionAt(timeline: Timeline, serverUs: number): number {
  const moved = timeline.playing ? Math.max(0, serverUs - timeline.at_us) * timeline.rate : 0;
  const end = timeline.song?.duration_us ?? Number.POSITIVE_INFINITY;
  return Math.min(timeline.position_us + moved, end);
}

/** The engine is a sixth of the shell, and nobody hears anything before a stage is entered: it comes then. */
export async function createEngine(options: EngineOptions): Promise<SyncEngine> {
  const { Engine } = await import("./engine");
  return new Engine(options);
}
