/** The place in a stage: taken, taken again after a lost connection, and lost for good when the stage says so. */

import { type Connection, Refused } from "../net/connection";
import type { JoinedFrame } from "../protocol";

/** Refusals for the moment. To any other one another try would be answered alike. */
const PASSING: ReadonlySet<Refused["code"]> = new Set([
  "busy",
  "rate_limited",
  "limit_reached",
  "storage_full",
  "storage_unavailable",
  "stage_unreachable",
  "internal",
]);
/** Until another try where the server names no time. */
const RETRY_MS = 5_000;

export interface Sitter {
  /** The last event known of the stage, to go on from there. */
  position(): { epoch: number; seq: number } | null;
  joined(frame: JoinedFrame): void;
  /** Not at this moment; it is tried again. */
  delayed(why: Refused): void;
  /** Not as things are: the seat is given up. */
  refused(why: Refused): void;
}

export class Seat {
  #joining = false;
  #over = false;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly connection: Pick<Connection, "request">,
    private readonly stage: number,
    private invite: string | undefined,
    private readonly sitter: Sitter,
    private readonly isRemote: () => boolean = () => false,
  ) {}

  async take(): Promise<void> {
    if (this.#joining || this.#over) return;
    clearTimeout(this.#retry);
    this.#joining = true;
    const { stage, invite } = this;
    const resume = this.sitter.position();
    try {
      const frame = await this.connection.request({
        type: "join",
        stage,
        ...(resume ? { resume } : {}),
        ...(invite ? { invite } : {}),
        ...(this.isRemote() ? { remote: true } : {}),
      });
      // An invitation lets in for good, and may be good for one use.
      this.invite = undefined;
      // Each frame is a task of its own, so this runs before the first event that follows the answer.
      if (!this.#over) this.sitter.joined(frame);
    } catch (error) {
      if (error instanceof Refused && !this.#over) this.#turnedAway(error);
    } finally {
      this.#joining = false;
    }
  }

  /** Gets up. An answer that is still on its way changes nothing any more. */
  leave(): void {
    if (this.#over) return;
    this.gone();
    this.connection.request({ type: "leave", stage: this.stage }).catch(() => {});
  }

  /** The stage has taken the seat away, so nobody needs to be told. */
  gone(): void {
    this.#over = true;
    clearTimeout(this.#retry);
  }

  #turnedAway(why: Refused): void {
    if (why.retryAfterMs === null && !PASSING.has(why.code)) return this.sitter.refused(why);
    this.#retry = setTimeout(() => void this.take(), why.retryAfterMs ?? RETRY_MS);
    this.sitter.delayed(why);
  }
}
