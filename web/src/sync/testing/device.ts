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
}

/** A callback hands over so much at once. */
const BLOCK_US = 23_220;

export class Device {
  private readonly latency: (trueUs: number) => number;

  constructor(private readonly options: DeviceOptions) {
    this.latency = options.latency ?? (() => 60_000);
  }

  /** The context time whose frame is heard at a true time: the truth. */
  heard(trueUs: number): number {
    return (trueUs - this.latency(trueUs)) * (1 + (this.options.ppm ?? 0) * 1e-6);
  }

  /** `currentTime`, which moves by blocks. */
  current(trueUs: number): number {
    return Math.ceil((trueUs * (1 + (this.options.ppm ?? 0) * 1e-6)) / BLOCK_US) * BLOCK_US;
  }

  /** What `getOutputTimestamp()` says: taken at the last callback. */
  stamp(trueUs: number): { page: number; context: number } {
    const at = Math.floor(trueUs / BLOCK_US) * BLOCK_US;
    return { page: at, context: this.heard(at) + (this.options.noise?.(this.options.random) ?? 0) };
  }
}

/** Small errors, seldom a wild one. */
export const noisy = (random: () => number) =>
  random() < 0.03 ? 20_000 * random() : (random() - 0.5) * 200 + exponential(random, 50);
