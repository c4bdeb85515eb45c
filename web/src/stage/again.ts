/**
 * Commands that outlast a lost connection: asked again under the same nonce, so that the server does once what it may have
 * done already.
 */

import { type Connection, Disconnected } from "../net/connection";
import type { RequestFrame } from "../protocol";

type Command = Extract<RequestFrame, { type: "control" | "queue" }>;

/** What is older when one is back in the stage is not asked again: whoever has pressed "pause" has heard it play on since. */
export const CONTROL_HOLDS_MS = 5_000;
export const QUEUE_HOLDS_MS = 30_000;

/** Also where the page came by plain http, which has no `crypto.randomUUID`. */
export const randomNonce = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export class Again {
  #waiting = new Set<() => void>();

  constructor(private readonly connection: Connection) {}

  /** One is in the stage again. */
  back(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const go of waiting) go();
  }

  async ask<C extends Command>(command: C): Promise<unknown> {
    const named = { ...command, nonce: randomNonce() };
    const until = performance.now() + (command.type === "control" ? CONTROL_HOLDS_MS : QUEUE_HOLDS_MS);
    for (;;) {
      try {
        return await this.connection.request(named);
      } catch (error) {
        const leftMs = until - performance.now();
        if (!(error instanceof Disconnected) || leftMs <= 0) throw error;
        await this.#comesBack(leftMs);
      }
    }
  }

  #comesBack(withinMs: number): Promise<void> {
    return new Promise((done, fail) => {
      const late = setTimeout(() => {
        this.#waiting.delete(go);
        fail(new Disconnected());
      }, withinMs);
      const go = () => {
        clearTimeout(late);
        done();
      };
      this.#waiting.add(go);
    });
  }
}
