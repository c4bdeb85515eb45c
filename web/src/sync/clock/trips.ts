/** The latest round trips, for what a start has to leave time for. Microseconds. */

/** Ten seconds of dense probing, most of a minute of sparse; one spike in twenty does not count. */
const KEPT = 40;
const SHARE = 0.95;
/** The first burst meets a page that is still being built. */
const FIRST = 8;

export class Trips {
  private latest: number[] = [];
  private seen = 0;

  /** How many there were in all. */
  get count(): number {
    return this.seen;
  }

  add(us: number): void {
    this.seen += 1;
    if (this.seen <= FIRST) return;
    this.latest.push(Math.max(0, us));
    if (this.latest.length > KEPT) this.latest.shift();
  }

  /** What 95 of 100 of them kept below; 0 before the first that counts. */
  get p95(): number {
    const sorted = this.latest.toSorted((a, b) => a - b);
    return sorted[Math.max(0, Math.floor(sorted.length * SHARE) - 1)] ?? 0;
  }
}
