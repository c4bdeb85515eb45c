/** A network and two clocks, for tests: what a probe would have met. Times are microseconds. */

import type { Probe } from "../clock/clock";

/** A small generator with a seed; uniform in [0, 1). */
export function seeded(seed: number): () => number {
  let s = seed >>> 0;
  return () => {
    s = (s + 0x6d2b79f5) >>> 0;
    let t = Math.imul(s ^ (s >>> 15), s | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One-way delays at a true time. */
export interface Path {
  up(trueUs: number): number;
  down(trueUs: number): number;
}

export const exponential = (random: () => number, mean: number) => -mean * Math.log(1 - random());

export const paths = {
  loopback: (random: () => number): Path => ({ up: () => 500 + 500 * random(), down: () => 500 + 500 * random() }),
  wifi(random: () => number): Path {
    const way = () => (random() < 0.04 ? 50_000 + 120_000 * random() : 2_000 + exponential(random, 2_000));
    return { up: way, down: way };
  },
  wan: (random: () => number): Path => ({ up: () => 40_000 + 500 * random(), down: () => 40_000 + 500 * random() }),
  lte(random: () => number): Path {
    const way = (base: number) => () => base + exponential(random, 4_000);
    return { up: way(45_000), down: way(25_000) };
  },
};

/** Where the server's clock stands at true time 0, and how fast the local clock runs. */
export const SERVER_EPOCH = 1_780_000_000_000_000;

export class Pair {
  constructor(
    private readonly path: Path,
    private readonly localPpm: number,
    private readonly localStart = 5_000_000,
  ) {}

  local(trueUs: number): number {
    return this.localStart + trueUs * (1 + this.localPpm * 1e-6);
  }

  server(trueUs: number): number {
    return SERVER_EPOCH + trueUs;
  }

  probe(trueUs: number): Probe {
    const read = trueUs + this.path.up(trueUs);
    const sent = read + 20;
    const back = sent + this.path.down(sent);
    const whole = (us: number) => Math.round(us);
    return {
      t0: whole(this.local(trueUs)),
      t1: whole(this.server(read)),
      t2: whole(this.server(sent)),
      t3: whole(this.local(back)),
    };
  }

  burst(trueUs: number, probes = 8, pace = 20_000): Probe[] {
    return Array.from({ length: probes }, (_, i) => this.probe(trueUs + i * pace));
  }
}

/** The instants (true time), sizes and paces of the bursts that a client sends in its first `us`. */
export function schedule(us: number): { at: number; probes: number; pace: number }[] {
  const bursts = [0, 180_000, 360_000].map((at) => ({ at, probes: 8, pace: 20_000 }));
  for (let i = 0; i < 10; i++) bursts.push({ at: 600_000 + i * 1_000_000, probes: 4, pace: 250_000 });
  for (let at = 20_000_000; at < us; at += 10_000_000) bursts.push({ at, probes: 8, pace: 20_000 });
  return bursts.filter((b) => b.at < us);
}
