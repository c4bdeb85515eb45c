/** Pairs of listeners in simulated networks: how far apart their clocks are. */

import { type BurstOutcome, ClockEstimator, type Probe } from "../clock/clock";
import { type Pace, paceOf } from "../clock/pace";
import { FAMILIES, Line } from "./jitter";
import { LuckyEstimator } from "./luck";

/** Seconds after the join at which clocks are compared. */
export const TIMES = [1, 3, 6, 15, 30, 60, 180];
const TIMEOUT_MS = 3_000;

interface Estimator {
  burst(probes: readonly Probe[]): BurstOutcome;
  readonly ready: boolean;
  toServer(localUs: number): number;
  sdUs(localUs: number): number;
  boundUs(localUs: number): number;
}

/** What is sent next, after so many bursts and milliseconds. */
type Paced = (clock: Estimator, bursts: number, sinceMs: number, localUs: number, outcome: BurstOutcome) => Pace;

export interface Candidate {
  readonly make: () => Estimator;
  readonly pace: Paced;
}

/** The pace of before: the same on every path. */
const fixed: Paced = (_, bursts) => {
  if (bursts < 3) return { probes: 8, paceMs: 20, pauseMs: 20 };
  if (bursts < 13) return { probes: 4, paceMs: 250, pauseMs: 250 };
  return { probes: 8, paceMs: 20, pauseMs: bursts < 25 ? 4_000 : 10_000 };
};

export const CANDIDATES: Readonly<Record<string, Candidate>> = {
  before: { make: () => new LuckyEstimator(), pace: fixed },
  now: {
    make: () => new ClockEstimator(),
    pace: (clock, bursts, since, local, outcome) => paceOf(bursts, since, clock.sdUs(local), outcome === "rejected"),
  },
  "now, asked as before": { make: () => new ClockEstimator(), pace: fixed },
};

interface Seen {
  readonly error: number;
  readonly bound: number;
  readonly probes: number;
}

/** One listener: its clock's error and bound at each of the times, in milliseconds. */
function listen({ make, pace }: Candidate, line: Line, times: readonly number[]): Seen[] {
  const clock = make();
  const seen: Seen[] = [];
  let outcome: BurstOutcome = "empty";
  let probes = 0;
  let latest = 0;
  let begun = 0;
  let at = 0;
  for (let bursts = 0; seen.length < times.length; bursts++) {
    const { probes: count, paceMs, pauseMs } = pace(clock, bursts, at - begun, latest, outcome);
    const answers = Array.from({ length: count }, (_, i) => line.probe(at + i * paceMs + 0.3 * line.random()));
    const end = at + (count - 1) * paceMs;
    const over = Math.min(end + TIMEOUT_MS, Math.max(end, ...answers.map((a) => a.back)));
    probes += count;
    for (let when = times[seen.length]; when !== undefined && over > when * 1e3; when = times[seen.length]) {
      const local = line.local(when * 1e3) * 1e3;
      const error = (clock.toServer(local) - line.server(when * 1e3) * 1e3) / 1e3;
      seen.push({ error, bound: clock.boundUs(local) / 1e3, probes });
    }
    const back = answers.filter((a) => a.back <= over).map((a) => a.probe);
    outcome = clock.burst(back);
    latest = Math.max(latest, ...back.map((p) => p.t3));
    if (outcome === "restarted") begun = over;
    at = over + pauseMs;
  }
  return seen;
}

export interface Score {
  /** Root mean square of the difference of two listeners, at each time. */
  readonly apart: number[];
  /** Share of listeners that are within the bound that they show, and its mean. */
  readonly within: number[];
  readonly bound: number[];
  readonly probes: number;
}

export function score(candidate: Candidate, family: string, seeds: number, times: readonly number[] = TIMES): Score {
  const kind = FAMILIES[family];
  if (!kind) throw new RangeError(`no family ${family}`);
  const pairs = Array.from({ length: seeds }, (_, i) => [
    listen(candidate, new Line(kind, 2 * i + 2, 1), times),
    listen(candidate, new Line(kind, 2 * i + 3, -1), times),
  ]);
  const all = (i: number) => pairs.flatMap((pair) => pair.flatMap((seen) => seen[i] ?? []));
  const share = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
  return {
    apart: times.map((_, i) => Math.sqrt(share(pairs.map(([a, b]) => ((a?.[i]?.error ?? NaN) - (b?.[i]?.error ?? NaN)) ** 2)))),
    within: times.map((_, i) => share(all(i).map((s) => (Math.abs(s.error) <= s.bound ? 1 : 0)))),
    bound: times.map((_, i) => share(all(i).map((s) => s.bound))),
    probes: share(all(times.length - 1).map((s) => s.probes)),
  };
}
