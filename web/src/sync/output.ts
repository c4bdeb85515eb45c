/** The audio context: kept awake from the join on, read often, loud as it is told. */

import { Bridge } from "./bridge";

/**
 * Silence that is not zero: Chromium hands a page that renders zeroes for 30 s over to a fake device, whose latency is
 * another one. −140 dB full scale is below the last bit of 16.
 */
const NEARLY_NOTHING = 1e-7;
const VOLUME_RAMP_S = 0.02;

export class Output {
  readonly context: AudioContext;
  readonly master: GainNode;
  readonly bridge = new Bridge();

  constructor() {
    this.context = new AudioContext({ latencyHint: "playback" });
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
    const { performanceTime, contextTime } = this.context.getOutputTimestamp?.() ?? {};
    if (performanceTime !== undefined && contextTime !== undefined) {
      this.bridge.timestamp(performanceTime * 1e3, contextTime * 1e6, this.context.currentTime * 1e6);
    }
    const latency = this.context.outputLatency;
    this.bridge.current(nowUs, this.context.currentTime * 1e6, latency ? latency * 1e6 : undefined);
  }

  /** How long after its rendering a frame is heard, in microseconds. */
  latencyUs(nowUs: number): number | undefined {
    const heard = this.bridge.toContext(nowUs, nowUs);
    return heard === undefined ? undefined : Math.max(0, this.context.currentTime * 1e6 - heard);
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

  close(): void {
    this.context.removeEventListener("statechange", this.onState);
    void this.context.close();
  }

  private readonly onState = () => {
    // The clock stood still meanwhile, and the route may be another one.
    this.bridge.reset();
  };
}
