/** The page's end of the worker: songs come in as tapes. */

import type { Song } from "../../protocol";
import { Fault } from "./fault";
import type { FromBench, ToBench } from "./messages";
import { type Ask, PieceTape } from "./pieces";
import type { Loader, Want } from "./shelf";
import type { Tape } from "./tape";
import { WholeTape } from "./whole";

type Without<T> = T extends unknown ? Omit<T, "ask"> : never;

/** A song that was asked for. */
interface Order {
  readonly song: Song;
  readonly opened: (tape: Tape) => void;
  readonly failed: (fault: Fault) => void;
  tape?: Tape & { fault: Fault | null };
}

interface Asked {
  readonly id: number;
  readonly done: (answer: FromBench) => void;
  readonly failed: (fault: Fault) => void;
}

export class Workshop implements Loader {
  private readonly orders = new Map<number, Order>();
  private readonly asks = new Map<number, Asked>();
  private lastId = 0;
  private lastAsk = 0;

  constructor(
    private readonly context: BaseAudioContext,
    private readonly worker: Worker,
  ) {
    worker.onmessage = ({ data }: MessageEvent<FromBench>) => this.hear(data);
    worker.onerror = (event) => {
      for (const id of [...this.orders.keys()])
        this.fail(id, new Fault("undecodable", event.message || "its decoder did not start"));
    };
  }

  open(song: Song, signal: AbortSignal): Promise<Tape> {
    const id = ++this.lastId;
    signal.addEventListener("abort", () => this.close(id), { once: true });
    return new Promise((opened, failed) => {
      this.orders.set(id, { song, opened, failed });
      // A worker's own address may be another one.
      const [url = "", placesUrl = ""] = [song.audio_url, `/api/v1/songs/${song.id}/places`].map(
        (at) => new URL(at, location.href).href,
      );
      this.tell({ do: "open", id, url, placesUrl, durationUs: song.duration_us, rate: this.context.sampleRate });
    });
  }

  order(wants: readonly Want[]): void {
    const ids = [...this.orders];
    const songs = wants.flatMap(({ song, level }) => {
      const found = ids.findLast(([, order]) => order.song.id === song.id && order.song.audio_url === song.audio_url);
      return found ? [{ id: found[0], level }] : [];
    });
    this.tell({ do: "order", songs });
  }

  destroy(): void {
    this.worker.terminate();
    this.orders.clear();
    this.asks.clear();
  }

  private close(id: number): void {
    this.orders.delete(id);
    for (const [ask, asked] of this.asks) if (asked.id === id) this.asks.delete(ask);
    this.tell({ do: "close", id });
  }

  private hear(message: FromBench): void {
    switch (message.tell) {
      case "opened":
        return this.opened(message.id, message.frames);
      case "failed":
        return this.fail(message.id, new Fault(message.why, message.detail));
      case "decode":
        return void this.decode(message);
      default: {
        const asked = this.asks.get(message.ask);
        if (message.tell !== "fitted") this.asks.delete(message.ask);
        asked?.done(message);
      }
    }
  }

  private opened(id: number, frames: number | null): void {
    const order = this.orders.get(id);
    if (!order) return;
    const { sampleRate } = this.context;
    const { song } = order;
    if (frames !== null) {
      const ask: Ask = (stretch, answers) =>
        this.ask(id, { do: "piece", id, ...stretch }, (answer) => {
          if (answer.tell === "fitted") answers.fitted(answer.start, answer.end);
          if (answer.tell === "piece") answers.arrived(answer.start, answer.channels);
        });
      order.tape = new PieceTape(ask, frames, sampleRate);
    } else {
      const tape = new WholeTape(() => this.whole(id), Math.round((song.duration_us * sampleRate) / 1e6), sampleRate);
      // It was thought that it could be had in pieces: who holds that tape is told of this one.
      if (order.tape) return this.replace(id, order, tape);
      order.tape = tape;
    }
    order.opened(order.tape);
  }

  private replace(id: number, order: Order, whole: WholeTape): void {
    for (const [ask, asked] of this.asks) if (asked.id === id) this.asks.delete(ask);
    (order.tape as PieceTape).insteadOf(whole);
    order.tape = whole;
  }

  private fail(id: number, fault: Fault): void {
    const order = this.orders.get(id);
    for (const [ask, asked] of this.asks) {
      if (asked.id !== id) continue;
      this.asks.delete(ask);
      asked.failed(fault);
    }
    if (order?.tape) order.tape.fault = fault;
    order?.failed(fault);
  }

  private ask(
    id: number,
    question: Without<ToBench>,
    done: (answer: FromBench) => void,
    failed: (fault: Fault) => void = () => undefined,
  ) {
    const ask = ++this.lastAsk;
    this.asks.set(ask, { id, done, failed });
    this.tell({ ...question, ask } as ToBench);
    return () => {
      if (this.asks.delete(ask)) this.tell({ do: "forget", ask });
    };
  }

  private async whole(id: number): Promise<AudioBuffer> {
    const bytes = await new Promise<Uint8Array<ArrayBuffer>>((done, fail) =>
      this.ask(id, { do: "bytes", id }, (answer) => answer.tell === "bytes" && done(answer.bytes), fail),
    );
    return this.context.decodeAudioData(bytes.buffer);
  }

  /** What only the page can: the browser's own decoder, for a stretch that was made a file. */
  private async decode({ ask, bytes, rate, channels }: Extract<FromBench, { tell: "decode" }>): Promise<void> {
    try {
      const own = new OfflineAudioContext(channels, 1, rate);
      const buffer = await own.decodeAudioData(bytes.buffer);
      const samples = Array.from({ length: buffer.numberOfChannels }, (_, c) => {
        const out = new Float32Array(buffer.length);
        buffer.copyFromChannel(out, c);
        return out;
      });
      this.tell(
        { do: "decoded", ask, channels: samples },
        samples.map((s) => s.buffer),
      );
    } catch {
      this.tell({ do: "decoded", ask, channels: null });
    }
  }

  private tell(message: ToBench, transfer: Transferable[] = []): void {
    this.worker.postMessage(message, transfer);
  }
}

/** A worker of this page's own. */
export const startWorker = (): Worker => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
