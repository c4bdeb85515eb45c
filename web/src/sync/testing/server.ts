/** A server of files behind a slow line, for tests with fake timers: answers ranges, and notes what was asked of it. */

import type { Fetch } from "../song/downloads";

export interface FakeServer {
  readonly fetch: Fetch;
  /** What was asked for, as `name from-to`, with ` broken off` where the asker left before the end. */
  readonly log: string[];
  /** Bytes that went over the line. */
  sent: number;
}

const TICK_MS = 20;

export function slowServer(
  files: Record<string, Uint8Array | number>,
  bytesPerSecond: number,
  ranges: "ranges" | "whole" = "ranges",
): FakeServer {
  const server = { log: [] as string[], sent: 0, fetch: undefined as unknown as Fetch };
  server.fetch = async (url, { headers, signal }) => {
    const file = files[url];
    const [, a = NaN, b = NaN] = (headers.range?.match(/^bytes=(\d+)-(\d+)$/) ?? []).map(Number);
    const index = server.log.push(`${url} ${a}-${b}`) - 1;
    if (file === undefined) return new Response(null, { status: 404 });
    if (typeof file === "number") return new Response(null, { status: file });
    if (!(a <= b) || a >= file.length) return new Response(null, { status: 416 });
    const [from, to] = ranges === "ranges" ? [a, Math.min(b + 1, file.length)] : [0, file.length];
    let at = from;
    const step = Math.ceil((bytesPerSecond * TICK_MS) / 1e3);
    let timer: ReturnType<typeof setInterval>;
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        const stop = (ended: boolean) => {
          clearInterval(timer);
          if (!ended) server.log[index] += " broken off";
        };
        timer = setInterval(() => {
          const part = file.slice(at, Math.min(to, at + step));
          at += part.length;
          server.sent += part.length;
          if (part.length > 0) controller.enqueue(part);
          if (at < to) return;
          stop(true);
          controller.close();
        }, TICK_MS);
        signal.addEventListener("abort", () => {
          if (at >= to) return;
          stop(false);
          controller.error(signal.reason);
        });
      },
    });
    const head: Record<string, string> = { "content-length": String(to - from) };
    if (ranges === "ranges") head["content-range"] = `bytes ${from}-${to - 1}/${file.length}`;
    return new Response(body, { status: ranges === "ranges" ? 206 : 200, headers: head });
  };
  return server;
}
