/** Clicks that are heard at known instants, by the same reckoning as the music. */

import { Output } from "./output";

const READ_MS = 25;
/** Clicks are handed to the device this long before they are heard. */
const AHEAD_MS = 1_500;
const CLICK_S = 0.02;
const CLICK_HZ = 1_500;

export class Clicks {
  /** When the clicks are heard, in milliseconds of page time. */
  readonly heard: number[] = [];
  private readonly output = new Output();
  private readonly timer: ReturnType<typeof setInterval>;

  /** Call from a gesture. */
  constructor(private readonly everyMs: number) {
    this.output.setVolume(1);
    void this.output.resume();
    this.timer = setInterval(() => this.tick(), READ_MS);
  }

  stop(): void {
    clearInterval(this.timer);
    this.output.close();
  }

  private tick(): void {
    const now = performance.now();
    this.output.read(now * 1e3);
    const next = this.heard.length > 0 ? (this.heard.at(-1) ?? 0) + this.everyMs : now + this.everyMs;
    if (next > now + AHEAD_MS) return;
    const context = this.output.bridge.toContext(next * 1e3, now * 1e3);
    if (context === undefined || context / 1e6 < this.output.context.currentTime) return;
    this.click(context / 1e6);
    this.heard.push(next);
  }

  private click(at: number): void {
    const { context, master } = this.output;
    const tone = new OscillatorNode(context, { frequency: CLICK_HZ });
    const shape = new GainNode(context, { gain: 0 });
    shape.gain.setValueAtTime(0.6, at);
    shape.gain.exponentialRampToValueAtTime(0.001, at + CLICK_S);
    tone.connect(shape).connect(master);
    tone.start(at);
    tone.stop(at + CLICK_S);
  }
}
