/**
 * The estimator against `protocol/vectors/clock`, which hold the Rust one to the same figures. `WRITE_VECTORS=1` writes
 * them anew from this one.
 */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ClockEstimator } from "./clock/clock";
import { Pair, type Path, paths, schedule, seeded } from "./testing/network";

const FOLDER = join(import.meta.dirname, "../../../protocol/vectors/clock");

interface Vector {
  about: string;
  bursts: {
    probes: [number, number, number, number][];
    outcome: string;
    /** A local instant a second later, and what the estimator says of it then. */
    local_us: number;
    server_us: number;
    drift_ppm: number;
    sd_us: number;
    rtt_min_us: number;
  }[];
}

const cases: Record<string, { about: string; path: (random: () => number) => Path; ppm: number; stepAt?: number }> = {
  loopback: { about: "half a millisecond each way, clocks 100 ppm apart", path: paths.loopback, ppm: 100 },
  wifi: { about: "exponential jitter and spikes of up to 170 ms", path: paths.wifi, ppm: -40 },
  lte: { about: "45 ms up, 25 ms down", path: paths.lte, ppm: 15 },
  jitter: { about: "40 ms each way, normal, standard deviation 15", path: (random) => normal(random), ppm: 60 },
  memory: { about: "queues that remember two seconds", path: (random) => remembering(random), ppm: 0 },
  restart: { about: "the server's clock jumps by 0.4 s after 40 s", path: paths.loopback, ppm: 0, stepAt: 40e6 },
};

const gauss = (random: () => number) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

function normal(random: () => number): Path {
  const way = () => Math.max(0, 40_000 + 15_000 * gauss(random));
  return { up: way, down: way };
}

function remembering(random: () => number): Path {
  const queue = () => {
    let [state, last] = [gauss(random), 0];
    return (at: number) => {
      const kept = Math.exp(-Math.max(0, at - last) / 2e6);
      [state, last] = [kept * state + Math.sqrt(1 - kept * kept) * gauss(random), at];
      return 20_000 + 4_000 * Math.exp(0.8 * state);
    };
  };
  return { up: queue(), down: queue() };
}

function generate(name: string): Vector {
  const { about, path, ppm, stepAt = Infinity } = cases[name] ?? expect.fail(name);
  const pair = new Pair(path(seeded(11)), ppm);
  const clock = new ClockEstimator();
  const bursts = schedule(100e6).map(({ at, probes, pace }) => {
    const step = at >= stepAt ? 400_000 : 0;
    const burst = pair.burst(at, probes, pace).map((p) => ({ ...p, t1: p.t1 + step, t2: p.t2 + step }));
    const outcome = clock.burst(burst);
    const local_us = Math.round(pair.local(at + 1e6));
    return {
      probes: burst.map((p): [number, number, number, number] => [p.t0, p.t1, p.t2, p.t3]),
      outcome,
      local_us,
      server_us: clock.toServer(local_us),
      drift_ppm: clock.driftPpm,
      sd_us: clock.sdUs(local_us),
      rtt_min_us: clock.rttMin,
    };
  });
  return { about, bursts };
}

if (process.env.WRITE_VECTORS) {
  for (const name of Object.keys(cases)) {
    const { about, bursts } = generate(name);
    const lines = bursts.map((b) => `    ${JSON.stringify(b)}`).join(",\n");
    writeFileSync(join(FOLDER, `${name}.json`), `{\n  "about": ${JSON.stringify(about)},\n  "bursts": [\n${lines}\n  ]\n}\n`);
  }
}

test.each(Object.keys(cases))("%s", (name) => {
  const vector = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), "utf8")) as Vector;
  const clock = new ClockEstimator();
  for (const b of vector.bursts) {
    expect(clock.burst(b.probes.map(([t0, t1, t2, t3]) => ({ t0, t1, t2, t3 })))).toBe(b.outcome);
    expect(Math.abs(clock.toServer(b.local_us) - b.server_us)).toBeLessThan(0.5);
    expect(clock.driftPpm).toBeCloseTo(b.drift_ppm, 6);
    expect(clock.sdUs(b.local_us)).toBeCloseTo(b.sd_us, 6);
    expect(clock.rttMin).toBe(b.rtt_min_us);
  }
});

test("every vector has its case", () => {
  expect(readdirSync(FOLDER).sort()).toEqual(
    Object.keys(cases)
      .map((n) => `${n}.json`)
      .sort(),
  );
});
