/** Which songs are needed, and how much of each: what plays now first, what follows when it is here. Microseconds. */

import type { Song } from "../../protocol";
import type { Shelf, Want } from "../song/shelf";
import type { Cue } from "./timeline";

/** The next song is decoded this far ahead. */
const PRELOAD_US = 30e6;

export interface Needs {
  readonly cues: readonly Cue[];
  /** The cue of the last statement. */
  readonly stated: Cue | undefined;
  /** Server time; 0 while unknown. */
  readonly now: number;
  /** How long after a statement what follows is fetched. */
  readonly spreadUs: number;
  /** What a play would begin with: in silence, or when what is paused is skipped. */
  readonly next: Song | null;
  readonly expected: Song | null;
}

/** What is fetched then, so that a server that goes away doesn't end the music, and decoded late. */
export function wantsOf({ cues, stated, now, spreadUs, next, expected }: Needs, shelf: Shelf): Want[] {
  const wants: Want[] = [];
  for (const cue of cues) {
    // What fades out is here already, or heard for some seconds at most.
    if (cue.ending?.cue.song && cue.at <= now && now < cue.ending.until)
      wants.push({ song: cue.ending.cue.song, level: "sound" });
    if (!cue.song || shelf.fault(cue.song)) continue;
    const first = wants[0];
    if (first && !shelf.holds(cue.song) && !(cue.at <= now)) {
      if (!shelf.tape(first.song)) break;
      if (now < Math.min((stated?.at ?? 0) + spreadUs, cue.at - PRELOAD_US / 2)) break;
    }
    wants.push({ song: cue.song, level: !first || cue.at < now + PRELOAD_US ? "sound" : "bytes" });
  }
  // In silence, what a play would begin with; beside a song at rest, what a skip would bring.
  const [first] = wants;
  const follows = next ?? (first ? null : expected);
  if (follows && !shelf.fault(follows) && !stated?.playing && (!first || shelf.tape(first.song))) {
    wants.push({ song: follows, level: first ? "bytes" : "sound" });
  }
  return wants;
}
