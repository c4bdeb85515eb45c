/** Clicks that are heard at known instants, by the same reckoning as the music. */

import { marginOf } from "../play/voice";
import { Output } from "./output";

const READ_MS = 25;
/** Clicks are handed to the device this long before they are heard. */
const AHEAD_MS = 1_500;
const CLICK_S = 0.02;
const CLICK_HZ = 1_500;

/** One click: its place in the context's time, in seconds, and when it is heard, in milliseconds of page time. */
interface Click {
  readonly context: number;
  heard: number;
}

/** When the next click is heard: a pace after the last, or as many paces as it takes to be after `soonest`. */
export function nextClick(last: number | undefined, soonest: number, everyMs: number): number {
  if (last === undefined) return soonest + everyMs;
  return last + everyMs * Math.max(1, Math.ceil((soonest - last) / everyMs));
}

export class Clicks {
  private clicks: Click[] = [];
  private readonly output = new Output();
  private readonly timer: ReturnType<typeof setInterval>;

  /** Call from a gesture. */
  constructor(private readonly everyMs: number) {
    this.output.setVolume(1);
    void this.output.resume();
    this.timer = setInterval(() => this.tick(), READ_MS);
  }

  /** When the clicks are heard, in milliseconds of page time. */
  get heard(): number[] {
    return this.clicks.map((click) => click.heard);
  }

  stop(): void {
    clearInterval(this.timer);
    this.output.close();
  }

  private tick(): void {
    const now = performance.now();
    const { bridge, context } = this.output;
    this.output.read(now * 1e3);
    // Where sound was lost meanwhile, what was handed over is heard later than was thought.
    for (const click of this.clicks) {
      if (click.heard > now) click.heard = (bridge.toPage(click.context * 1e6, now * 1e3) ?? click.heard * 1e3) / 1e3;
    }
    const rendered = bridge.toPage((context.currentTime + marginOf(context)) * 1e6, now * 1e3);
    if (rendered === undefined) return;
    const heard = nextClick(this.clicks.at(-1)?.heard, rendered / 1e3, this.everyMs);
    const at = heard > now + AHEAD_MS ? undefined : bridge.toContext(heard * 1e3, now * 1e3);
    if (at === undefined) return;
    this.click(at / 1e6);
    this.clicks.push({ context: at / 1e6, heard });
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
