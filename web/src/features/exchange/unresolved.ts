/**
 * Entries of imported playlists that wait for a song. The server tells of them once, so this browser keeps them until
 * each has its song or is left out.
 */

import { createSignal } from "solid-js";
import type { UnresolvedEntry } from "../../net/client";

export interface Waiting extends UnresolvedEntry {
  /** Nothing shall stand in its place. */
  leftOut: boolean;
}

const nameOf = (playlist: number) => `octave.unresolved.${playlist}`;
/** Stands in where the browser keeps nothing, or not so much. */
const memory = new Map<number, readonly Waiting[]>();
const [changes, setChanges] = createSignal(0);

function read(playlist: number): readonly Waiting[] {
  const held = memory.get(playlist);
  if (held) return held;
  try {
    const kept = JSON.parse(localStorage.getItem(nameOf(playlist)) ?? "[]") as Waiting[];
    memory.set(playlist, kept);
    return kept;
  } catch {
    return [];
  }
}

function write(playlist: number, all: readonly Waiting[]): void {
  // Who is left out is remembered for as long as another one's place depends on it.
  const kept = all.some((entry) => !entry.leftOut) ? all : [];
  memory.set(playlist, kept);
  try {
    if (kept.length > 0) localStorage.setItem(nameOf(playlist), JSON.stringify(kept));
    else localStorage.removeItem(nameOf(playlist));
  } catch {
    // Kept for this visit.
  }
  setChanges((n) => n + 1);
}

export function keep(playlist: number, entries: readonly UnresolvedEntry[]): void {
  write(
    playlist,
    entries.map((entry) => ({ ...entry, leftOut: false })),
  );
}

/** What waits still, in the order of the file. */
export function waiting(playlist: number): readonly Waiting[] {
  changes();
  return read(playlist).filter((entry) => !entry.leftOut);
}

/** Where in the playlist an entry belongs: as in its file, less those before it that have no song. */
export function placeOf(all: readonly Pick<Waiting, "position">[], position: number): number {
  return position - all.filter((other) => other.position < position).length;
}

export const placeIn = (playlist: number, position: number) => placeOf(read(playlist), position);

/** It has its song. */
export function resolved(playlist: number, position: number): void {
  write(
    playlist,
    read(playlist).filter((entry) => entry.position !== position),
  );
}

export function leaveOut(playlist: number, position: number): void {
  write(
    playlist,
    read(playlist).map((entry) => (entry.position === position ? { ...entry, leftOut: true } : entry)),
  );
}
