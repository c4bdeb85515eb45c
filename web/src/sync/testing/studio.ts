/** A listener with clock, network and sound device, all simulated, around the real player. Times are microseconds. */

import { vi } from "vitest";
import type { Song, Timeline } from "../../protocol";
import { ClockEstimator } from "../clock/clock";
import { Output } from "../output/output";
import { Player } from "../play/player";
import type { Fault } from "../song/fault";
import type { Want } from "../song/shelf";
import type { Place, Tape } from "../song/tape";
import { Device, type DeviceOptions } from "./device";
import { Pair, type Path, paths, SERVER_EPOCH, schedule, seeded } from "./network";
import { FakeBuffer, FakeConstant, FakeContext, FakeGain, FakeSource } from "./webaudio";

export const song = (id: number, seconds = 30): Song => ({
  id,
  title: `song ${id}`,
  artist: "",
  artist_id: null,
  album: null,
  album_id: null,
  duration_us: seconds * 1e6,
  cover_url: null,
  audio_url: `/songs/${id}`,
  mime: "audio/flac",
  loudness_lufs: null,
});

export function playing(rev: number, id: number, at: number, more: Partial<Timeline> = {}): Timeline {
  const t = { rev, playing: true, entry: id, song: song(id), position_us: 0, rate: 1, next: null, ...more };
  return { ...t, at_us: SERVER_EPOCH + at };
}

/** An announced next entry. */
export const next = (id: number, at: number) => ({ entry: id, song: song(id), at_us: SERVER_EPOCH + at });

export interface ListenerOptions {
  readonly seed?: number;
  readonly path?: (random: () => number) => Path;
  /** Speed of the page's clock and of the device's against the server's. */
  readonly pagePpm?: number;
  readonly device?: Omit<DeviceOptions, "random">;
  /** How long a song takes to load. */
  readonly loadUs?: number;
  /** Whether songs come in pieces; with holes, those from 10 to 15 s never come. */
  readonly pieces?: "whole" | "pieces" | "holes";
  /** Why a song can't be played, if so. */
  readonly broken?: (song: Song) => Fault | undefined;
  /** Time stamps as Firefox makes them: without the latency, which it tells by itself. */
  readonly firefox?: boolean;
  /** Whether the page may sound; else it waits for a gesture. */
  readonly silent?: boolean;
}

const TICK_US = 25_000;
const STAMP_FROM_US = 100_000;

export class Listener {
  readonly player: Player;
  readonly clock = new ClockEstimator();
  private readonly context: FakeContext;
  private readonly output: Output;
  private readonly device: Device;
  private readonly firefox: boolean;
  private readonly pair: Pair;
  private readonly bursts: ReturnType<typeof schedule>;
  /** The ids of the songs that were opened, and what is wanted of which, the most urgent first. */
  readonly opened: number[] = [];
  ordered: string[] = [];
  private now = 0;
  private loads: { at: number; done: () => void }[] = [];
  /** Stretches in which the device stood still; the last one may have no end yet. */
  private naps: { from: number; to: number }[] = [];

  /** Joins at true time 0. */
  constructor(options: ListenerOptions = {}) {
    const random = seeded(options.seed ?? 1);
    vi.stubGlobal("AudioContext", FakeContext);
    vi.stubGlobal("GainNode", FakeGain);
    vi.stubGlobal("ConstantSourceNode", FakeConstant);
    vi.stubGlobal("AudioBufferSourceNode", FakeSource);
    this.device = new Device({ ...options.device, random });
    this.pair = new Pair((options.path ?? paths.loopback)(random), options.pagePpm ?? 0);
    this.bursts = schedule(3_600e6);
    this.output = new Output();
    this.context = this.output.context as unknown as FakeContext;
    this.firefox = options.firefox ?? false;
    if (options.silent) Object.assign(this.context, { state: "suspended" });
    const loader = {
      open: async (s: Song) => {
        this.opened.push(s.id);
        const fault = options.broken?.(s);
        if (fault) throw fault;
        await new Promise<void>((done) => this.loads.push({ at: this.now + (options.loadUs ?? 0), done }));
        const frames = Math.round((s.duration_us * this.context.sampleRate) / 1e6);
        const { pieces } = options;
        if (pieces === "pieces" || pieces === "holes") return pieced(frames, this.context.sampleRate, s.id, pieces);
        const buffer = new FakeBuffer(frames, this.context.sampleRate, s.id) as unknown as AudioBuffer;
        return whole(buffer, this.context.sampleRate);
      },
      order: (wants: readonly Want[]) => {
        this.ordered = wants.map(({ song: { id }, level }) => `${id} ${level}`);
      },
      destroy: () => undefined,
    };
    const on = { loaded: () => undefined, broken: () => undefined };
    this.player = new Player(this.output, this.clock, loader, on);
  }

  hears(timeline: Timeline): void {
    this.player.setTimeline(timeline, this.page());
  }

  /** Lives until a true time. */
  async until(us: number): Promise<void> {
    for (; this.now < us; this.now += TICK_US) {
      const { now } = this;
      while (this.bursts[0] && this.bursts[0].at + this.bursts[0].probes * this.bursts[0].pace + 200_000 <= now) {
        const burst = this.bursts.shift();
        if (burst) this.clock.burst(this.pair.burst(burst.at, burst.probes, burst.pace));
      }
      const awake = this.awake(now);
      this.context.currentTime = this.device.current(awake) / 1e6;
      const stamp = this.device.stamp(awake);
      if (now > STAMP_FROM_US) {
        this.context.stamp = {
          performanceTime: this.pair.local(stamp.page + now - awake) / 1e3,
          contextTime: stamp.context / 1e6,
        };
      }
      if (this.firefox) {
        // To the ear from the block that is being rendered.
        const latency = (this.context.currentTime * 1e6 - this.device.heard(Math.floor(awake / 1e3) * 1e3)) / 1e6;
        this.context.outputLatency = Math.min(this.context.outputLatency || latency, latency);
        this.context.stamp = {
          performanceTime: this.page() / 1e3 - this.context.outputLatency * 1e3,
          contextTime: this.context.currentTime - this.context.outputLatency,
        };
      }
      for (const load of this.loads.filter((l) => l.at <= now)) load.done();
      this.loads = this.loads.filter((l) => l.at > now);
      // Promises of the loader settle between two ticks.
      for (let i = 0; i < 8; i++) await Promise.resolve();
      this.output.read(this.page());
      this.player.tick(this.page());
    }
  }

  /** The system takes the device away, and gives it back. */
  interrupt(): void {
    this.naps.push({ from: this.now, to: Infinity });
    this.context.become("suspended");
  }

  giveBack(): void {
    const nap = this.naps.at(-1);
    if (nap) nap.to = this.now;
    this.context.become("running");
  }

  /** For how long the device has run at a true time. */
  private awake(us: number): number {
    return this.naps.reduce((left, { from, to }) => left - Math.max(0, Math.min(us, to) - from), us);
  }

  /** The gesture for which a silent page waits. */
  gesture(): void {
    Object.assign(this.context, { state: "running" });
  }

  /** What is heard at a true time, positions in microseconds. */
  heardAt(us: number): { song: number; position: number; gain: number }[] {
    if (this.naps.some((nap) => us >= nap.from && us < nap.to)) return [];
    return this.context
      .soundsAt(this.device.heard(this.awake(us)) / 1e6)
      .map(({ song: id, frame, gain }) => ({ song: id, position: (frame * 1e6) / this.context.sampleRate, gain }));
  }

  /** The page's clock now. */
  page(): number {
    return this.pair.local(this.now);
  }
}

function whole(buffer: AudioBuffer, sampleRate: number): Tape {
  const piece = { start: 0, buffer };
  const pieceAt = (frame: number) => (frame < buffer.length ? piece : undefined);
  return { frames: buffer.length, sampleRate, fault: null, pieceAt, prepare: () => undefined, close: () => undefined };
}

/** A tape in pieces of five seconds, of which those around the asked place are there. */
function pieced(frames: number, sampleRate: number, id: number, pieces: "pieces" | "holes"): Tape {
  const size = 5 * sampleRate;
  let current: number[] = [];
  return {
    frames,
    sampleRate,
    fault: null,
    pieceAt(frame) {
      const index = Math.floor(frame / size);
      if (pieces === "holes" && index === 2) return undefined;
      if (frame >= frames || !current.some((c) => index === c || index === c + 1)) return undefined;
      const start = index * size;
      const buffer = new FakeBuffer(Math.min(size, frames - start), sampleRate, id, start);
      return { start, buffer: buffer as unknown as AudioBuffer };
    },
    prepare(places: readonly Place[]) {
      current = places.map(({ frame }) => Math.floor(frame / size));
    },
    close: () => undefined,
  };
}
