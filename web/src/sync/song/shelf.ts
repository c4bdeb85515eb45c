/** The songs at hand: what plays now and what comes next, opened once, and got ready as far as it is due. */

import type { Song } from "../../protocol";
import { type Fault, faultOf } from "./fault";
import type { Level } from "./messages";
import type { Tape } from "./tape";

/** How songs come in. */
export interface Loader {
  /** Rejects with a fault where it can never be played here. */
  open(song: Song, signal: AbortSignal): Promise<Tape>;
  /** What is wanted of those that were opened, the most urgent first. */
  order(wants: readonly Want[]): void;
  destroy(): void;
}

export interface Want {
  readonly song: Song;
  readonly level: Level;
}

interface Slot {
  readonly song: Song;
  readonly abort: AbortController;
  tape: Tape | undefined;
  fault: Fault | undefined;
  /** Whether its fault was told. */
  told: boolean;
}

export class Shelf {
  private slots: Slot[] = [];
  private ordered = "";

  constructor(
    private readonly loader: Loader,
    private readonly onLoaded: (song: Song) => void,
    private readonly onBroken: (song: Song, fault: Fault) => void,
  ) {}

  /** Wants exactly these songs, the most urgent first; all others are let go, but for the faults of those in `known`. */
  keep(wants: readonly Want[], known: readonly Song[] = []): void {
    const wanted = new Set(wants.map((w) => keyOf(w.song)));
    const remembered = new Set(known.map(keyOf));
    const stays = (slot: Slot) =>
      wanted.has(keyOf(slot.song)) || (this.faultIn(slot) !== undefined && remembered.has(keyOf(slot.song)));
    for (const slot of this.slots) if (!stays(slot)) drop(slot);
    this.slots = this.slots.filter(stays);
    for (const { song } of wants) if (!this.slot(song)) this.add(song);
    const ordered = wants.map(({ song, level }) => `${keyOf(song)} ${level}`).join("\n");
    if (ordered !== this.ordered) this.loader.order(wants);
    this.ordered = ordered;
    for (const slot of this.slots) this.tellFault(slot);
  }

  /** The song's tape, once it is open. */
  tape(song: Song): Tape | undefined {
    return this.slot(song)?.tape;
  }

  /** Why the song can't be played here, if so. */
  fault(song: Song): Fault | undefined {
    const slot = this.slot(song);
    return slot && this.faultIn(slot);
  }

  /** Whether the song is here or on its way. */
  holds(song: Song): boolean {
    return this.slot(song) !== undefined;
  }

  destroy(): void {
    for (const slot of this.slots) drop(slot);
    this.slots = [];
    this.loader.destroy();
  }

  private slot(song: Song): Slot | undefined {
    const key = keyOf(song);
    return this.slots.find((s) => keyOf(s.song) === key);
  }

  private faultIn(slot: Slot): Fault | undefined {
    return slot.fault ?? slot.tape?.fault ?? undefined;
  }

  private add(song: Song): void {
    const abort = new AbortController();
    const slot: Slot = { song, abort, tape: undefined, fault: undefined, told: false };
    this.slots.push(slot);
    this.loader.open(song, abort.signal).then(
      (tape) => {
        if (abort.signal.aborted) return tape.close();
        slot.tape = tape;
        this.onLoaded(song);
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        slot.fault = faultOf(error);
        this.tellFault(slot);
      },
    );
  }

  private tellFault(slot: Slot): void {
    const fault = this.faultIn(slot);
    if (!fault || slot.told) return;
    slot.told = true;
    this.onBroken(slot.song, fault);
  }
}

function drop(slot: Slot): void {
  slot.abort.abort();
  slot.tape?.close();
}

function keyOf(song: Song): string {
  return `${song.id} ${song.audio_url}`;
}
