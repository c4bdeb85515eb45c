/**
 * One WebSocket for the whole page: numbers requests, finds their answers, and comes back by itself.
 *
 * Nothing is queued here. A request made while there is no connection fails at once; whoever owns it knows whether and
 * how to ask again (a chat line by its nonce, a stage by its position).
 */

import type { ErrorCode, NoticeFrame, ReplyFrame, RequestFrame, ServerFrame, WelcomeFrame } from "../protocol";
import { afterClose, jittered } from "./backoff";

export type ConnectionState = "idle" | "connecting" | "open" | "waiting" | "signed-out";

/** The server's refusal of one request. */
export class Refused extends Error {
  constructor(
    readonly code: ErrorCode,
    detail: string,
    readonly retryAfterMs: number | null,
  ) {
    super(detail);
    this.name = "Refused";
  }
}

/** The connection went (or was not there); whether the request was carried out is not known. */
export class Disconnected extends Error {
  constructor() {
    super("not connected");
    this.name = "Disconnected";
  }
}

type Reply<R extends RequestFrame> = R extends { type: "ping" }
  ? Extract<ReplyFrame, { type: "pong" }>
  : R extends { type: "join" }
    ? Extract<ReplyFrame, { type: "joined" }>
    : R extends { type: "chat" }
      ? Extract<ReplyFrame, { type: "ack" }>
      : Extract<ReplyFrame, { type: "ok" }>;

interface Waiting {
  resolve(frame: ReplyFrame): void;
  reject(error: Error): void;
}

/**
 * A connection that said nothing for so long is asked; if it stays silent as long again, and over so many looks, it is given
 * up. A hidden page looks once a minute, and its own standstill must not pass for the line's.
 */
const SILENCE_MS = 12_000;
const LOOKS = 2;
const SUBPROTOCOL = "octave.v1.json";

export class Connection {
  #socket: WebSocket | null = null;
  #state: ConnectionState = "idle";
  #nextId = 1;
  #attempt = 0;
  #waiting = new Map<number, Waiting>();
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setInterval> | undefined;
  #heardMs = 0;
  /** Server clock less `performance.now()` as the welcome told it, late by its way here. */
  #roughOffsetUs = 0;
  /** When a silent line was asked, and how often it was looked at since. */
  #asked: { ms: number; looks: number } | null = null;
  #frames = new Set<(frame: ServerFrame) => void>();
  #states = new Set<(state: ConnectionState) => void>();

  constructor(
    private readonly address: () => string,
    private readonly open: (address: string, protocol: string) => WebSocket = (a, p) => new WebSocket(a, p),
  ) {}

  get state(): ConnectionState {
    return this.#state;
  }

  /** The server's clock to within the network's delay: enough to show a position before the clock is measured. */
  roughServerUs(): number {
    return performance.now() * 1000 + this.#roughOffsetUs;
  }

  /** Hears every frame but the answers to requests; returns how to stop that. */
  onFrame(listener: (frame: ServerFrame) => void): () => void {
    this.#frames.add(listener);
    return () => this.#frames.delete(listener);
  }

  onState(listener: (state: ConnectionState) => void): () => void {
    this.#states.add(listener);
    return () => this.#states.delete(listener);
  }

  /** Connects now, whatever delay was running. */
  connect(): void {
    clearTimeout(this.#retry);
    if (this.#state === "open" || this.#state === "connecting") return;
    this.#become("connecting");
    const socket = this.open(this.address(), SUBPROTOCOL);
    this.#socket = socket;
    socket.onmessage = (event) => this.#receive(socket, event.data);
    socket.onclose = (event) => this.#lost(socket, event.code);
    this.#heardMs = performance.now();
    this.#asked = null;
    clearInterval(this.#watch);
    this.#watch = setInterval(() => this.#checkSilence(), SILENCE_MS / 2);
  }

  /** Ends the connection for good, until `connect`. */
  disconnect(): void {
    const socket = this.#socket;
    this.#release();
    socket?.close(1000);
    this.#become("idle");
  }

  request<R extends RequestFrame>(frame: R): Promise<Reply<R>> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      if (!this.#send({ ...frame, id })) return reject(new Disconnected());
      this.#waiting.set(id, { resolve: (reply) => resolve(reply as Reply<R>), reject });
    });
  }

  /** Sends without expecting an answer; dropped when there is no connection. */
  tell(frame: NoticeFrame): void {
    this.#send(frame);
  }

  #send(frame: object): boolean {
    if (this.#state !== "open" || this.#socket?.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #receive(socket: WebSocket, data: unknown): void {
    if (socket !== this.#socket || typeof data !== "string") return;
    this.#heardMs = performance.now();
    this.#asked = null;
    const frame = JSON.parse(data) as ServerFrame;
    if (frame.type === "welcome") this.#welcomed(frame);
    else if ("re" in frame && frame.re !== undefined) this.#answer(frame);
    else for (const listener of this.#frames) listener(frame);
  }

  #welcomed(frame: WelcomeFrame): void {
    this.#attempt = 0;
    this.#roughOffsetUs = frame.server_time_us - performance.now() * 1000;
    for (const listener of this.#frames) listener(frame);
    this.#become("open");
  }

  #answer(frame: ReplyFrame): void {
    const waiting = this.#waiting.get(frame.re as number);
    this.#waiting.delete(frame.re as number);
    if (frame.type !== "error") return waiting?.resolve(frame);
    const retry = frame.retry_after_us === undefined ? null : frame.retry_after_us / 1000;
    waiting?.reject(new Refused(frame.code, frame.detail, retry));
  }

  #lost(socket: WebSocket, code: number): void {
    if (socket !== this.#socket) return;
    this.#release();
    const closing = afterClose(code, this.#attempt++);
    if (!closing.retry) return this.#become(closing.why === "signed-out" ? "signed-out" : "idle");
    this.#retry = setTimeout(() => this.connect(), jittered(closing.atMostMs));
    this.#become("waiting");
  }

  #checkSilence(): void {
    const now = performance.now();
    const socket = this.#socket;
    if (!socket || now - this.#heardMs < SILENCE_MS) return;
    if (!this.#asked) {
      this.#asked = { ms: now, looks: 0 };
      // Before it is open there is nobody to ask.
      this.request({ type: "ping", t0: null }).catch(() => {});
      return;
    }
    this.#asked.looks += 1;
    if (now - this.#asked.ms < SILENCE_MS || this.#asked.looks < LOOKS) return;
    // `close` would wait for an answer that a dead line never carries.
    this.#lost(socket, 1006);
    socket.close();
  }

  #release(): void {
    clearTimeout(this.#retry);
    clearInterval(this.#watch);
    this.#socket = null;
    const unanswered = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const waiting of unanswered) waiting.reject(new Disconnected());
  }

  #become(state: ConnectionState): void {
    if (this.#state === state) return;
    this.#state = state;
    for (const listener of this.#states) listener(state);
  }
}

/** The connection of this page. */
export function pageConnection(): Connection {
  const connection = new Connection(() => `${location.origin.replace(/^http/, "ws")}/ws`);
  addEventListener("online", () => {
    if (connection.state === "waiting") connection.connect();
  });
  return connection;
}
