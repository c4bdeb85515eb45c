/** Keeps a [`ClockEstimator`] fed: a dense start, then as the path asks for, dense again when the network may have changed. */

import { type BurstOutcome, ClockEstimator, type Probe } from "./clock";
import { type Pace, paceOf } from "./pace";

/** Sends one probe; rejects while there is no connection. */
export type Ping = () => Promise<Probe>;

/** A server that doesn't answer is asked again this soon. */
const SILENT_MS = 1_000;
/** A probe that takes longer says nothing. */
const TIMEOUT_MS = 3_000;

export class Prober {
  readonly clock = new ClockEstimator();
  private run = 0;
  private silent = false;
  /** When the latest answer came, on the local clock. */
  private latest = 0;

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
    let begun = performance.now();
    let outcome: BurstOutcome = "empty";
    for (let bursts = 0; ; bursts++) {
      const sd = this.clock.sdUs(this.latest);
      const pace = paceOf(bursts, performance.now() - begun, sd, outcome === "rejected");
      const probes = await this.collect(pace, run);
      if (run !== this.run) return;
      outcome = this.clock.burst(probes);
      this.latest = probes.reduce((latest, p) => Math.max(latest, p.t3), this.latest);
      this.onBurst(outcome);
      const back = outcome !== "empty" && this.silent;
      this.silent = outcome === "empty";
      if (back) return this.restart();
      // Another clock, or another way to it: learn it quickly.
      if (outcome === "restarted") begun = performance.now();
      await sleep(this.silent ? SILENT_MS : pace.pauseMs);
      if (run !== this.run) return;
    }
  }

  /** A burst's probes, sent at their pace whether or not earlier ones are back. */
  private async collect(pace: Pace, run: number): Promise<Probe[]> {
    const probes: Probe[] = [];
    const flights: Promise<unknown>[] = [];
    for (let i = 0; i < pace.probes; i++) {
      if (i > 0) await sleep(pace.paceMs);
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
