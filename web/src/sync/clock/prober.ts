/** Keeps a [`ClockEstimator`] fed: a dense start, then sparse bursts, dense again when the network may have changed. */

import { type BurstOutcome, ClockEstimator, type Probe } from "./clock";

/** Sends one probe; rejects while there is no connection. */
export type Ping = () => Promise<Probe>;

interface Phase {
  readonly bursts: number;
  readonly probes: number;
  /** From one probe to the next, and from one burst's last probe to the next burst, in milliseconds. */
  readonly paceMs: number;
  readonly pauseMs: number;
}

/** The clock is usable after a fifth of a second, good after 0.6 s, and knows its drift after a minute. */
const DENSE: readonly Phase[] = [
  { bursts: 3, probes: 8, paceMs: 20, pauseMs: 20 },
  { bursts: 10, probes: 4, paceMs: 250, pauseMs: 250 },
  { bursts: 12, probes: 8, paceMs: 20, pauseMs: 4_000 },
];
const SPARSE: Phase = { bursts: Infinity, probes: 8, paceMs: 20, pauseMs: 10_000 };
/** A server that doesn't answer is asked again this soon. */
const SILENT_MS = 1_000;
/** A probe that takes longer says nothing. */
const TIMEOUT_MS = 3_000;

export class Prober {
  readonly clock = new ClockEstimator();
  private run = 0;
  private silent = false;

  constructor(
    private readonly ping: Ping,
    private readonly onBurst: (outcome: BurstOutcome) => void,
  ) {}

  /** Starts, or starts over with dense bursts. What is known stays known. */
  restart(): void {
    this.run += 1;
    void this.loop(this.run);
  }

  stop(): void {
    this.run += 1;
  }

  private async loop(run: number): Promise<void> {
    for (const phase of [...DENSE, SPARSE]) {
      for (let i = 0; i < phase.bursts; i++) {
        const probes = await this.collect(phase, run);
        if (run !== this.run) return;
        const outcome = this.clock.burst(probes);
        this.onBurst(outcome);
        const back = outcome !== "empty" && this.silent;
        this.silent = outcome === "empty";
        // Another clock, or another way to it: learn it quickly.
        if ((outcome === "restarted" && phase === SPARSE) || back) return this.restart();
        await sleep(this.silent ? SILENT_MS : phase.pauseMs);
        if (run !== this.run) return;
      }
    }
  }

  /** A burst's probes, sent at their pace whether or not earlier ones are back. */
  private async collect(phase: Phase, run: number): Promise<Probe[]> {
    const probes: Probe[] = [];
    const flights: Promise<unknown>[] = [];
    for (let i = 0; i < phase.probes; i++) {
      if (i > 0) await sleep(phase.paceMs);
      if (run !== this.run) break;
      flights.push(
        this.ping().then(
          (p) => probes.push(p),
          () => undefined,
        ),
      );
    }
    await Promise.race([Promise.all(flights), sleep(TIMEOUT_MS)]);
    return [...probes];
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
