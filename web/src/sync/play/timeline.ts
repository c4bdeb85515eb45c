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
  /** What goes on under its beginning, fading out. */
  readonly ending?: Ending;
}

/** A cue that has been taken over from, and sounds until then all the same. */
export interface Ending {
  readonly cue: Cue;
  readonly until: number;
}

/** Two statements of one playback line differ by less. */
const SAME_LINE_US = 1_000;

/** The position that a playing cue asks for at a server time. */
export function positionAt(cue: Cue, serverUs: number): number {
  return cue.playing ? cue.position + (serverUs - cue.at) : cue.position;
}

/** Whether two cues are one stretch of play (or of silence). */
export function sameLine(a: Cue, b: Cue): boolean {
  return (
    a === b || continues(a, b) || (a.at === b.at && a.playing === b.playing && a.entry === b.entry && a.position === b.position)
  );
}

/** Whether `cue` ends under the beginning of `next`. */
export function endsUnder(cue: Cue, next: Cue): boolean {
  return next.ending !== undefined && sameLine(cue, next.ending.cue);
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
  const stated = statedIn(t);
  const before = cues.filter((c) => c.at < stated.at && !(c.rev === stated.rev)).slice(-2);
  const last = before.at(-1);
  // The line goes on as it was: keep the older cue's place, so that nothing restarts.
  const list = last && continues(last, stated) ? [...before.slice(0, -1), { ...last, rev: t.rev }] : [...before, stated];
  if (!stated.playing || !t.song) return list;
  if (t.next && t.next.at_us !== null) {
    const { at_us: at, entry, song, crossfade_us } = t.next;
    const now = list.at(-1);
    const ending = now && crossfade_us ? { ending: { cue: now, until: at + crossfade_us } } : {};
    list.push({ at, rev: t.rev, entry, song, position: 0, playing: true, ...ending });
  }
  return list;
}

function statedIn(t: Timeline): Cue {
  const { at_us: at, rev, entry, song, position_us: position } = t;
  const stated = { at, rev, entry, song, position, playing: t.playing && t.song !== null };
  if (!t.ending || !stated.playing) return stated;
  const { entry: before, song: ending, position_us, crossfade_us } = t.ending;
  const cue = { at, rev, entry: before, song: ending, position: position_us, playing: true };
  return { ...stated, ending: { cue, until: at + crossfade_us } };
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
