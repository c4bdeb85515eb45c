import type { Queue } from "../protocol";
import type { StageState } from "./state";

const PAGE = 100;
/** A server that answers and answers, but never what is asked for, is asked again when something has changed. */
const AT_A_STRETCH = 10;

/** Fetches what is seen of a queue and not known, a page at a time. */
export class QueuePages {
  #seen = { from: 0, to: PAGE };
  #busy = false;

  constructor(
    private readonly ask: (window: { offset: number; limit: number }) => Promise<Queue>,
    private readonly state: () => Pick<StageState, "queue" | "queueBehind"> | null,
    private readonly take: (page: Queue) => void,
  ) {}

  show(from: number, to: number): void {
    this.#seen = { from, to };
    void this.fetch();
  }

  async fetch(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (let asked = 0; asked < AT_A_STRETCH; asked++) {
        const offset = this.#missing();
        if (offset === null) return;
        this.take(await this.ask({ offset, limit: PAGE }));
      }
    } catch {
      // The connection is gone, or the stage. What is still seen is asked for with the next change or scrolling.
    } finally {
      this.#busy = false;
    }
  }

  /** Where the first page begins that is seen and not known. */
  #missing(): number | null {
    const state = this.state();
    if (!state) return null;
    const { from, to } = this.#seen;
    const { items } = state.queue;
    const place = state.queueBehind === null ? items.slice(from, to).indexOf(null) : 0;
    return place < 0 ? null : Math.floor(Math.min(from + place, items.length) / PAGE) * PAGE;
  }
}
