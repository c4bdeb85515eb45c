/** A sound device and what a browser tells of it, for tests. Times are microseconds of true time. */

import { exponential } from "./network";

export interface DeviceOptions {
  /** Speed of the device's clock against true time. */
  readonly ppm?: number;
  /** Output latency at a true time. */
  readonly latency?: (trueUs: number) => number;
  /** Error of each time stamp. */
  readonly noise?: (random: () => number) => number;
  readonly random: () => number;
  /** How much a callback hands over at once. */
  readonly blockUs?: number;
}

/** A callback hands over so much at once, unless said otherwise. */
const BLOCK_US = 23_220;

export class Device {
  private readonly latency: (trueUs: number) => number;
  private readonly speed: number;
  private readonly block: number;

  constructor(private readonly options: DeviceOptions) {
    this.latency = options.latency ?? (() => 60_000);
    this.speed = 1 + (options.ppm ?? 0) * 1e-6;
    this.block = options.blockUs ?? BLOCK_US;
  }

  /** The context time whose frame is heard at a true time: the truth. */
  heard(trueUs: number): number {
    return (trueUs - this.latency(trueUs)) * this.speed;
  }

  /** `currentTime`, which moves by blocks. */
  current(trueUs: number): number {
    return (this.callback(trueUs) + 1) * this.block;
  }

  /** The device asks for a block whenever its own clock has used one up. */
  private callback(trueUs: number): number {
    return Math.floor((trueUs * this.speed) / this.block);
  }

  /** What `getOutputTimestamp()` says: taken at the last callback. */
  stamp(trueUs: number): { page: number; context: number } {
    const at = (this.callback(trueUs) * this.block) / this.speed;
    return { page: at, context: this.heard(at) + (this.options.noise?.(this.options.random) ?? 0) };
  }
}

/** Small errors, seldom a wild one. */
export const noisy = (random: () => number) =>
  random() < 0.03 ? 20_000 * random() : (random() - 0.5) * 200 + exponential(random, 50);
