/**
 * The sound of a stage: an engine while this tab is the one that sounds, and nothing but what a later engine has to know
 * while another one does.
 */

import { type Accessor, createSignal } from "solid-js";
import type { Connection } from "../net/connection";
import type { Song, Timeline } from "../protocol";
import { createEngine, type SyncEngine, type SyncStatus } from "../sync";
import { comesFirst, type KnownQueue } from "./queue";

type MakeEngine = () => SyncEngine | Promise<SyncEngine>;

/** An engine that did not come, as in a tunnel, is asked for again. */
const AGAIN_MS = 2_000;

/** What is known of a sound that is not made here. */
const RESTING: SyncStatus = {
  state: "idle",
  inSyncMs: null,
  errorMs: null,
  offsetMs: null,
  rttMs: null,
  driftPpm: null,
  latencyMs: null,
  scatterMs: null,
  corrections: { slews: 0, anchors: 0, speed: 1 },
  problem: null,
  positionUs: () => 0,
};

export class Sound {
  /** What the engine measures and does. */
  readonly sync: Accessor<SyncStatus>;
  /** Whether this tab sounds: undefined until that is known. */
  readonly here: Accessor<boolean | undefined>;
  readonly #setSync: (status: SyncStatus) => void;
  readonly #setHere: (here: boolean) => void;
  #engine: SyncEngine | null = null;
  /** On its way. */
  #coming: Promise<SyncEngine> | null = null;
  #carried: HTMLMediaElement[] = [];
  #over = false;
  #timeline: Timeline | null = null;
  /** The entry that was current last. */
  #last: number | null = null;
  #expected: Song | null = null;
  #volume: number | null = null;
  #offsetMs: number | null = null;

  constructor(private readonly make: MakeEngine) {
    const [sync, setSync] = createSignal<SyncStatus>(RESTING, { equals: false });
    const [here, setHere] = createSignal<boolean>();
    this.sync = sync;
    this.here = here;
    this.#setSync = setSync;
    this.#setHere = setHere;
  }

  /** Sounds from here, or leaves that to another tab. */
  play(here: boolean): void {
    if (this.#over) return;
    if (here && !this.#engine && !this.#coming) this.#begin();
    if (!here) this.#end();
    this.#setHere(here);
  }

  /** For good: nothing sounds after it, whatever is told. */
  stop(): void {
    this.#end();
    this.#over = true;
  }

  setTimeline(timeline: Timeline): void {
    this.#last = timeline.entry ?? this.#last;
    this.#timeline = timeline;
    this.#engine?.setTimeline(timeline);
  }

  /** What waits to be played: what comes first of it is got ready while nothing is current. */
  setQueue(queue: Pick<KnownQueue, "items">): void {
    this.#expected = comesFirst(queue, this.#last);
    this.#engine?.expect(this.#expected);
  }

  setVolume(volume: number): void {
    this.#volume = volume;
    this.#engine?.setVolume(volume);
  }

  setOffsetMs(ms: number): void {
    this.#offsetMs = ms;
    this.#engine?.setOffsetMs(ms);
  }

  async resume(): Promise<void> {
    await this.#coming?.catch(() => undefined);
    await this.#engine?.resume();
  }

  carry(element: HTMLMediaElement): void {
    if (this.#engine) this.#engine.carry(element);
    else this.#carried.push(element);
  }

  status(): SyncStatus {
    return this.#engine?.status() ?? RESTING;
  }

  #begin(): void {
    const made = this.make();
    if (!(made instanceof Promise)) return this.#take(made);
    this.#coming = made;
    const isWanted = () => this.#coming === made;
    made.then(
      (engine) => (isWanted() ? this.#take(engine) : engine.destroy()),
      () => setTimeout(() => isWanted() && this.#begin(), AGAIN_MS),
    );
  }

  #take(engine: SyncEngine): void {
    this.#engine = engine;
    this.#coming = null;
    for (const element of this.#carried.splice(0)) engine.carry(element);
    if (this.#volume !== null) engine.setVolume(this.#volume);
    if (this.#offsetMs !== null) engine.setOffsetMs(this.#offsetMs);
    engine.onStatus(this.#setSync);
    this.#setSync(engine.status());
    if (!this.#timeline) return;
    engine.setTimeline(this.#timeline);
    engine.expect(this.#expected);
  }

  #end(): void {
    this.#engine?.destroy();
    this.#engine = null;
    this.#coming = null;
    this.#carried = [];
    this.#setSync(RESTING);
  }
}

/** The sound of a stage over this page's connection. */
export function soundOf(connection: Connection, stageId: number): Sound {
  return new Sound(() =>
    createEngine({
      stageId,
      async ping() {
        const t0 = performance.now();
        const pong = await connection.request({ type: "ping", t0 });
        return { t0, t1_us: pong.t1_us, t2_us: pong.t2_us, t3: performance.now() };
      },
      report: (frame) => connection.tell(frame),
    }),
  );
}
