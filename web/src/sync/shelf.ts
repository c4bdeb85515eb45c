/** The songs at hand: what plays now and what comes next, fetched once and decoded when it is due. */

import type { Song } from "../protocol";
import type { Tape } from "./tape";

/** How songs come in. */
export interface Loader {
  fetch(song: Song, signal: AbortSignal): Promise<ArrayBuffer>;
  decode(song: Song, bytes: ArrayBuffer): Promise<Tape>;
}

export interface Want {
  readonly song: Song;
  /** Whether it is due; else the compressed bytes will do. */
  readonly decode: boolean;
}

interface Slot {
  readonly song: Song;
  readonly abort: AbortController;
  readonly bytes: Promise<ArrayBuffer>;
  decoding: boolean;
  tape: Tape | undefined;
}

/** Waits between attempts to fetch, in milliseconds; the last one again and again. */
const RETRY_MS = [500, 1_000, 2_000, 4_000];

export class Shelf {
  private slots: Slot[] = [];

  constructor(
    private readonly loader: Loader,
    private readonly onLoaded: (song: Song) => void,
    private readonly onBroken: (song: Song, error: unknown) => void,
  ) {}

  /** Wants exactly these songs, the most urgent first; all others are let go. */
  keep(wants: readonly Want[]): void {
    const wanted = new Set(wants.map((w) => keyOf(w.song)));
    for (const slot of this.slots) if (!wanted.has(keyOf(slot.song))) drop(slot);
    this.slots = this.slots.filter((s) => wanted.has(keyOf(s.song)));
    for (const { song, decode } of wants) {
      const slot = this.slot(song) ?? this.add(song);
      if (decode && !slot.decoding) {
        slot.decoding = true;
        void this.decode(slot);
      }
    }
  }

  /** The song's tape, once it is there. */
  tape(song: Song): Tape | undefined {
    return this.slot(song)?.tape;
  }

  /** Whether the song is here or on its way. */
  holds(song: Song): boolean {
    return this.slot(song) !== undefined;
  }

  private slot(song: Song): Slot | undefined {
    const key = keyOf(song);
    return this.slots.find((s) => keyOf(s.song) === key);
  }

  private add(song: Song): Slot {
    const abort = new AbortController();
    const bytes = this.persist(song, abort.signal);
    bytes.catch(() => undefined);
    const slot: Slot = { song, abort, bytes, decoding: false, tape: undefined };
    this.slots.push(slot);
    return slot;
  }

  private async decode(slot: Slot): Promise<void> {
    try {
      const tape = await this.loader.decode(slot.song, await slot.bytes);
      if (slot.abort.signal.aborted) return tape.close();
      slot.tape = tape;
      this.onLoaded(slot.song);
    } catch (error) {
      if (!slot.abort.signal.aborted) this.onBroken(slot.song, error);
    }
  }

  /** A network that is away comes back. */
  private async persist(song: Song, signal: AbortSignal): Promise<ArrayBuffer> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.loader.fetch(song, signal);
      } catch (error) {
        if (signal.aborted) throw error;
        await new Promise((done) => setTimeout(done, RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]));
        signal.throwIfAborted();
      }
    }
  }
}

function drop(slot: Slot): void {
  slot.abort.abort();
  slot.tape?.close();
}

function keyOf(song: Song): string {
  return `${song.id} ${song.audio_url}`;
}
