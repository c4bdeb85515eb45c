/**
 * What is to sound when: the server's full statements, as a short list of cues.
 *
 * A cue begins at a server time and holds until the next one. A statement whose instant lies ahead (a scheduled pause,
 * seek or skip) leaves what sounds now in force until then; the announced next entry is a cue of its own, so that the
 * change of songs happens without a word from the server, and goes on happening when the server is gone.
 */

import type { Song, Timeline } from "../../protocol";

/** From `at` on, `song` sounds from `position` on, or nothing does. Microseconds, `at` in server time. */
export interface Cue {
  readonly at: number;
  readonly rev: number;
  readonly entry: number | null;
  readonly song: Song | null;
  readonly position: number;
  readonly playing: boolean;
}

/** Two statements of one playback line differ by less. */
const SAME_LINE_US = 1_000;

/** The position that a playing cue asks for at a server time. */
export function positionAt(cue: Cue, serverUs: number): number {
  return cue.playing ? cue.position + (serverUs - cue.at) : cue.position;
}

/** Whether `b` goes on with what `a` plays: then nothing is to be done where they meet. */
export function continues(a: Cue, b: Cue): boolean {
  return (
    a.playing &&
    b.playing &&
    a.song !== null &&
    a.song.id === b.song?.id &&
    a.entry === b.entry &&
    Math.abs(positionAt(a, b.at) - b.position) < SAME_LINE_US
  );
}

/** The cues after a statement: what sounded before its instant, the statement, and what it announces. */
export function withTimeline(cues: readonly Cue[], t: Timeline): Cue[] {
  const stated: Cue = {
    at: t.at_us,
    rev: t.rev,
    entry: t.entry,
    song: t.song,
    position: t.position_us,
    playing: t.playing && t.song !== null,
  };
  const before = cues.filter((c) => c.at < stated.at && !(c.rev === stated.rev)).slice(-2);
  const last = before.at(-1);
  // The line goes on as it was: keep the older cue's place, so that nothing restarts.
  const list = last && continues(last, stated) ? [...before.slice(0, -1), { ...last, rev: t.rev }] : [...before, stated];
  if (!stated.playing || !t.song) return list;
  if (t.next && t.next.at_us !== null) {
    list.push({ at: t.next.at_us, rev: t.rev, entry: t.next.entry, song: t.next.song, position: 0, playing: true });
  }
  return list;
}

/** The cue in force at a server time. */
export function cueAt(cues: readonly Cue[], serverUs: number): Cue | undefined {
  return cues.findLast((c) => c.at <= serverUs);
}

/** Drops what is over, all but the cue in force. */
export function pruned(cues: readonly Cue[], serverUs: number): Cue[] {
  const current = cueAt(cues, serverUs);
  return cues.filter((c) => c.at >= (current?.at ?? -Infinity));
}
