/**
 * Files from the server by stretches: one request at a time, for what is needed most, so that on a slow line nothing takes
 * bytes away from what plays. What is needed less is broken off at once, and what is dropped too.
 */

import { Bytes } from "./bytes";
import { Fault } from "./fault";
import type { Reader } from "./reader";
import { LineSpeed } from "./speed";

export type Fetch = (url: string, init: { headers: Record<string, string>; signal: AbortSignal }) => Promise<Response>;

/** Requests ask for at least this much, and for what comes in so much time where more is wanted. */
const LEAST = 16 * 1024;
const CHUNK_S = 2;
const CHUNK_MIN = 128 * 1024;
const CHUNK_MAX = 4 * 2 ** 20;
/** How fast the line is, is measured this often, and at a request's end. */
const MEASURE_MS = 500;
/** A file is read ahead by at most this, and kept behind where it plays by so much. */
export const AHEAD = 64 * 2 ** 20;
export const BEHIND = 8 * 2 ** 20;
/** What comes within this on a request under way is waited for rather than asked for. */
const NEAR = 64 * 1024;
/** Waits between attempts, in milliseconds; the last one again and again. A request that says nothing for so long is given up. */
const RETRY_MS = [500, 1_000, 2_000, 4_000];
const SILENCE_MS = 15_000;

interface Need {
  readonly from: number;
  readonly to: number;
  readonly done: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly fail: (error: unknown) => void;
}

interface Job {
  readonly file: RemoteFile;
  readonly from: number;
  readonly to: number;
}

/** A request under way: `at` is the next byte to come; `whole` if the answer is all of the file. */
interface Running {
  readonly job: Job;
  at: number;
  to: number;
  whole: boolean;
  readonly abort: AbortController;
}

export class Downloads {
  private files: readonly RemoteFile[] = [];
  private running: Running | undefined;
  private failures = 0;
  private pause: ReturnType<typeof setTimeout> | undefined;
  private readonly line = new LineSpeed(CHUNK_MIN / CHUNK_S);

  constructor(private readonly fetch: Fetch) {}

  /** Bytes a second. */
  get speed(): number {
    return this.line.now;
  }

  /** These files, the most urgent first; what is not among them is not downloaded. */
  order(files: readonly RemoteFile[]): void {
    this.files = files;
    this.look();
  }

  /** Does what is needed most, unless that is what is being done. */
  look(): void {
    if (this.pause !== undefined) return;
    const { running } = this;
    if (running) {
      if (this.serves(running, this.next())) return;
      this.running = undefined;
      running.abort.abort();
    }
    const job = this.next();
    if (job) void this.run(job);
  }

  /** Whether what is being transferred is what is wanted now. */
  private serves({ job, at, to, whole }: Running, wanted: Job | undefined): boolean {
    // To break off costs the connection: not for the rest of a small look.
    if (!wanted) return this.files.includes(job.file) && (whole || to - at <= LEAST);
    if (wanted.file !== job.file) return false;
    return whole || (at <= wanted.from && wanted.from <= Math.min(at + NEAR, to));
  }

  private next(): Job | undefined {
    for (const file of this.files) {
      const job = file.wants(Math.floor(Math.min(CHUNK_MAX, Math.max(CHUNK_MIN, this.speed * CHUNK_S))));
      if (job) return { file, ...job };
    }
    return undefined;
  }

  private async run(job: Job): Promise<void> {
    const abort = new AbortController();
    const running: Running = { job, at: job.from, to: job.to, whole: false, abort };
    this.running = running;
    let wait = 0;
    try {
      await this.transfer(running);
      this.failures = 0;
    } catch (error) {
      if (this.running !== running) return;
      if (error instanceof Fault) job.file.fail(error);
      else wait = RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)] ?? 0;
    }
    if (this.running !== running) return;
    this.running = undefined;
    if (wait > 0) {
      this.pause = setTimeout(() => {
        this.pause = undefined;
        this.look();
      }, wait);
    } else this.look();
  }

  private async transfer(running: Running): Promise<void> {
    const { job, abort } = running;
    let [since, before] = [performance.now(), job.from];
    const measure = () => {
      this.line.add(running.at - before, (performance.now() - since) / 1e3);
      [since, before] = [performance.now(), running.at];
    };
    let watch = setTimeout(() => abort.abort(), SILENCE_MS);
    try {
      const headers = { range: `bytes=${job.from}-${job.to - 1}` };
      const response = await this.fetch(job.file.url, { headers, signal: abort.signal });
      if (this.running !== running) return;
      Object.assign(running, job.file.answered(response));
      const reader = response.body?.getReader();
      for (;;) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
        if (this.running !== running) return;
        if (done || !value) break;
        clearTimeout(watch);
        watch = setTimeout(() => abort.abort(), SILENCE_MS);
        job.file.put(running.at, value);
        running.at += value.length;
        if (performance.now() - since > MEASURE_MS) measure();
        this.look();
        if (this.running !== running) return;
      }
      measure();
      if (running.whole) job.file.ends(running.at);
      else if (running.at === job.from) throw new Error("the server sent nothing");
    } finally {
      clearTimeout(watch);
    }
  }
}

export class RemoteFile implements Reader {
  size = Infinity;
  private readonly bytes = new Bytes();
  private needs: Need[] = [];
  fault: Fault | undefined;
  /** From where on it is read ahead, if it is. */
  private cursor: number | undefined;
  private ahead = false;

  constructor(
    private readonly downloads: Downloads,
    readonly url: string,
  ) {}

  /** Learns the file's size. */
  async open(signal?: AbortSignal): Promise<void> {
    await this.read(0, LEAST, signal);
  }

  read(from: number, to: number, signal?: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
    const begin = Math.max(0, from);
    return new Promise((done, fail) => {
      signal?.throwIfAborted();
      const need = { from: begin, to, done, fail };
      signal?.addEventListener("abort", () => this.forget(need, signal.reason), { once: true });
      this.needs.push(need);
      this.settle();
      this.downloads.look();
    });
  }

  /** Where it plays: what comes after that is kept ready, if `readsAhead`; all else may be let go of. */
  follow(offset: number): void {
    this.cursor = Math.min(Math.max(0, Math.floor(offset)), this.size);
    if (this.bytes.held > AHEAD + BEHIND) this.bytes.keep(this.cursor - BEHIND, this.cursor + AHEAD);
    this.downloads.look();
  }

  /** From where it is read ahead as long as nothing of it has played. */
  startAhead(offset: number): void {
    if (this.cursor === undefined) this.follow(offset);
  }

  set readsAhead(ahead: boolean) {
    this.ahead = ahead;
  }

  /** Memory that it takes, in bytes. */
  get held(): number {
    return this.bytes.held;
  }

  has(from: number, to: number): boolean {
    return this.bytes.has(Math.max(0, from), Math.min(to, this.size));
  }

  /** The stretch that it needs most, of about `chunk` bytes where it goes on reading. */
  wants(chunk: number): { from: number; to: number } | undefined {
    if (this.fault) return undefined;
    const { cursor } = this;
    const need = this.needs[0];
    if (need) {
      const from = this.bytes.hole(need.from);
      const goesOn = this.ahead && cursor !== undefined && need.from >= cursor;
      return { from, to: this.upTo(from, Math.max(need.to, from + (goesOn ? chunk : LEAST))) };
    }
    if (!this.ahead || cursor === undefined) return undefined;
    const from = this.bytes.hole(cursor);
    return from < Math.min(this.size, cursor + AHEAD) ? { from, to: this.upTo(from, from + chunk) } : undefined;
  }

  private upTo(from: number, to: number): number {
    return Math.min(to, this.bytes.nextHeld(from), this.size);
  }

  /** Reads an answer's head: from where on bytes come and how far, whatever was asked for. */
  answered(response: Response): { at?: number; to?: number; whole?: boolean } {
    if (response.status === 404 || response.status === 410) throw new Fault("gone", `the server answered ${response.status}`);
    if (response.status === 200) {
      // Somebody on the way knows nothing of ranges.
      const size = Number(response.headers.get("content-length"));
      if (size > 0) this.size = size;
      return { at: 0, to: this.size, whole: true };
    }
    if (response.status === 206) {
      const size = Number(response.headers.get("content-range")?.split("/")[1]);
      if (size > 0) this.size = size;
      return {};
    }
    const later = response.status >= 500 || response.status === 408 || response.status === 429;
    if (later) throw new Error(`the server answered ${response.status}`);
    throw new Fault("refused", `the server answered ${response.status}`);
  }

  put(at: number, data: Uint8Array): void {
    this.bytes.put(at, data);
    this.settle();
  }

  /** All of it has come. */
  ends(size: number): void {
    this.size = size;
    this.settle();
  }

  fail(fault: Fault): void {
    this.fault = fault;
    for (const need of this.needs.splice(0)) need.fail(fault);
  }

  private settle(): void {
    if (this.fault) return this.fail(this.fault);
    for (const need of [...this.needs]) {
      const to = Math.max(need.from, Math.min(need.to, this.size));
      if (this.size === Infinity || !this.bytes.has(need.from, to)) continue;
      this.needs = this.needs.filter((n) => n !== need);
      need.done(this.bytes.copy(need.from, to));
    }
  }

  private forget(need: Need, reason: unknown): void {
    this.needs = this.needs.filter((n) => n !== need);
    need.fail(reason);
  }
}
