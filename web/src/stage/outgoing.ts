/**
 * My chat lines between the keyboard and the conversation. A line keeps its nonce over every attempt, so the server
 * takes it once however often it is sent, and it disappears from here when it is seen in the conversation.
 */

import { type Accessor, createSignal } from "solid-js";
import { Disconnected } from "../net/connection";
import type { ChatLine } from "../protocol";
import { randomNonce } from "./again";
import type { Kept } from "./kept";

export interface OutgoingLine {
  nonce: string;
  text: string;
  replyTo: number | null;
  /** `waiting` for a connection, `sending`, `sent` (durable, not yet seen), `failed` with the reason. */
  status: "waiting" | "sending" | "sent" | "failed";
  seq: number | null;
  error: unknown;
}

/** Somebody waits for a line's number. */
interface Arrival {
  readonly done: (seq: number) => void;
  readonly fail: (error: unknown) => void;
}

type Send = (line: OutgoingLine) => Promise<{ seq: number }>;

export class Outgoing {
  readonly lines: Accessor<readonly OutgoingLine[]>;
  readonly #set: (change: (lines: readonly OutgoingLine[]) => readonly OutgoingLine[]) => void;
  readonly #arrivals = new Map<string, Arrival>();
  #seen: readonly ChatLine[] = [];

  constructor(
    private readonly send: Send,
    private readonly nonce: () => string = randomNonce,
    /** Where lines outlast the page; those of an earlier page wait for their author's decision. */
    kept: Kept<OutgoingLine> = { read: () => [], write: () => undefined },
  ) {
    const left = kept.read().map((line): OutgoingLine => ({ ...line, status: "failed", error: null }));
    const [lines, set] = createSignal<readonly OutgoingLine[]>(left);
    this.lines = lines;
    this.#set = (change) => {
      const before = lines();
      const now = set(change);
      if (now !== before) kept.write(now);
    };
  }

  say(text: string, replyTo: number | null): void {
    const line: OutgoingLine = { nonce: this.nonce(), text, replyTo, status: "sending", seq: null, error: null };
    this.#set((lines) => [...lines, line]);
    void this.#attempt(line);
  }

  again(nonce: string): void {
    const line = this.lines().find((candidate) => candidate.nonce === nonce);
    if (line) void this.#attempt(line);
  }

  forget(nonce: string): void {
    this.#set((lines) => lines.filter((line) => line.nonce !== nonce));
  }

  /** The number that a line gets in the conversation, once it has it. */
  arrival({ nonce, seq }: OutgoingLine): Promise<number> {
    if (seq !== null) return Promise.resolve(seq);
    return new Promise((done, fail) => this.#arrivals.set(nonce, { done, fail }));
  }

  /** After a connection is back: once more what nobody answered for, in order. */
  resend(): void {
    for (const line of this.lines()) if (line.status === "waiting") void this.#attempt(line);
  }

  interrupted(): void {
    this.#set((lines) => lines.map((line) => (line.status === "sending" ? { ...line, status: "waiting" } : line)));
  }

  /** Lines that stand in the conversation are no longer on their way. */
  seen(chats: readonly ChatLine[], me: number): void {
    this.#seen = chats;
    if (this.lines().length === 0) return;
    const nonces = new Set(chats.filter((line) => line.from.id === me).map((line) => line.nonce));
    const seqs = new Set(chats.map((line) => line.seq));
    const left = this.lines().filter((line) => !nonces.has(line.nonce) && !(line.seq && seqs.has(line.seq)));
    if (left.length < this.lines().length) this.#set(() => left);
  }

  async #attempt(line: OutgoingLine): Promise<void> {
    this.#change(line.nonce, { status: "sending", error: null });
    try {
      const { seq } = await this.send(line);
      this.#arrivals.get(line.nonce)?.done(seq);
      this.#arrivals.delete(line.nonce);
      if (this.#seen.some((said) => said.seq === seq)) this.forget(line.nonce);
      else this.#change(line.nonce, { status: "sent", seq });
    } catch (error) {
      if (error instanceof Disconnected) return this.#change(line.nonce, { status: "waiting" });
      this.#arrivals.get(line.nonce)?.fail(error);
      this.#arrivals.delete(line.nonce);
      this.#change(line.nonce, { status: "failed", error });
    }
  }

  #change(nonce: string, change: Partial<OutgoingLine>): void {
    this.#set((lines) => lines.map((line) => (line.nonce === nonce ? { ...line, ...change } : line)));
  }
}
