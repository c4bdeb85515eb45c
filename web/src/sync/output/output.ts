/** The audio context: kept awake from the join on, read often, loud as it is told. */

import { Bridge } from "./bridge";

/**
 * Silence that is not zero: Chromium hands a page that renders zeroes for 30 s over to a fake device, whose latency is
 * another one. −140 dB full scale is below the last bit of 16.
 */
const NEARLY_NOTHING = 1e-7;
const VOLUME_RAMP_S = 0.02;
/**
 * How much sound the browser should hand over at once, in seconds. It keeps three to four times as much in advance: a page
 * that stands still for less is not heard. Its own "playback" (0.02) loses sound five times as often on a busy machine;
 * twice this would cost every command a tenth of a second more.
 */
const LATENCY_HINT_S = 0.04;
/** Latency is told as the most of so many readings but for a tenth: it is that which a start has to leave time for. */
const LATENCIES = 40;
const LATENCY_SHARE = 0.9;
/** Two figures that are one but for rounding. */
const SAME_US = 100;

export class Output {
  readonly context: AudioContext;
  readonly master: GainNode;
  readonly bridge: Bridge;
  private latencies: number[] = [];
  /** It has sounded, so it may again without a gesture. */
  private sounded = false;

  constructor() {
    this.context = new AudioContext({ latencyHint: LATENCY_HINT_S });
    this.bridge = new Bridge((this.context.baseLatency || 0) * 1e6);
    this.master = new GainNode(this.context);
    this.master.connect(this.context.destination);
    const awake = new ConstantSourceNode(this.context, { offset: NEARLY_NOTHING });
    awake.connect(this.context.destination);
    awake.start();
    this.context.addEventListener("statechange", this.onState);
  }

  get running(): boolean {
    return this.context.state === "running";
  }

  /** Reads both clocks; to be called every 50 ms or so. `nowUs` is page time. */
  read(nowUs: number): void {
    if (!this.running) return;
    // Before the time stamp: a block that is rendered between the two then only seems late, as many do.
    const rendered = this.context.currentTime * 1e6;
    const { performanceTime, contextTime } = this.context.getOutputTimestamp?.() ?? {};
    const latency = this.context.outputLatency;
    if (performanceTime !== undefined && contextTime !== undefined && !this.saysNothing(contextTime * 1e6, rendered)) {
      this.bridge.timestamp(performanceTime * 1e3, contextTime * 1e6, rendered);
    }
    this.bridge.current(nowUs, rendered, latency ? latency * 1e6 : undefined);
    const heard = this.bridge.toContext(nowUs, nowUs);
    if (heard !== undefined) this.latencies = [...this.latencies.slice(1 - LATENCIES), Math.max(0, rendered - heard)];
  }

  /**
   * Firefox takes its latency off both halves of a pair: what is left says that sound is heard when it is rendered. All that it
   * knows are `currentTime` and `outputLatency`.
   */
  private saysNothing(context: number, rendered: number): boolean {
    const { baseLatency, outputLatency } = this.context;
    return !baseLatency && outputLatency > 0 && Math.abs(rendered - context - outputLatency * 1e6) < SAME_US;
  }

  /** How long after its rendering a frame is heard, in microseconds. */
  get latencyUs(): number | undefined {
    const sorted = this.latencies.toSorted((a, b) => a - b);
    return sorted[Math.floor(LATENCY_SHARE * sorted.length)];
  }

  /** Sounds a media element as a part of this context: on a stream of its own it would disturb this one's timing. */
  carry(element: HTMLMediaElement): void {
    new MediaElementAudioSourceNode(this.context, { mediaElement: element }).connect(this.context.destination);
  }

  setVolume(volume: number): void {
    const { gain } = this.master;
    gain.cancelScheduledValues(this.context.currentTime);
    // Loudness is felt by ratios: the square makes half the way sound half as loud.
    gain.setTargetAtTime(volume * volume, this.context.currentTime, VOLUME_RAMP_S);
  }

  async resume(): Promise<void> {
    await this.context.resume();
  }

  /** Whether the system has taken the device away: a call, an alarm, the lock screen. */
  get interrupted(): boolean {
    return this.sounded && !this.running && this.context.state !== "closed";
  }

  /** Asks for the device; until it is given, in vain. */
  reclaim(): void {
    if (this.interrupted) this.context.resume().catch(() => undefined);
  }

  close(): void {
    this.context.removeEventListener("statechange", this.onState);
    void this.context.close();
  }

  private readonly onState = () => {
    this.latencies = [];
    this.sounded ||= this.running;
    // The clock stood still meanwhile, and the route may be another one.
    this.bridge.reset();
  };
}
