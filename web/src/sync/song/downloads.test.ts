import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { slowServer } from "../testing/server";
import { AHEAD, BEHIND, Downloads, RemoteFile } from "./downloads";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const MiB = 2 ** 20;
const bytes = (length: number) => new Uint8Array(length).map((_, i) => i % 251);

function shop(files: Record<string, Uint8Array | number>, speed = MiB, ranges: "ranges" | "whole" = "ranges") {
  const server = slowServer(files, speed, ranges);
  const downloads = new Downloads(server.fetch);
  const file = (url: string) => new RemoteFile(downloads, url);
  return { server, downloads, file };
}

/** What a promise has come to by now. */
function outcome<T>(promise: Promise<T>): { value?: T; error?: unknown } {
  const out: { value?: T; error?: unknown } = {};
  promise.then(
    (value) => Object.assign(out, { value }),
    (error: unknown) => Object.assign(out, { error }),
  );
  return out;
}

test("a stretch in the middle comes first, and alone", async () => {
  const { server, downloads, file } = shop({ a: bytes(10 * MiB) }, 50_000);
  const a = file("a");
  downloads.order([a]);
  const part = outcome(a.read(5 * MiB, 5 * MiB + 20_000));
  await vi.advanceTimersByTimeAsync(500);
  expect(part.value).toEqual(bytes(10 * MiB).subarray(5 * MiB, 5 * MiB + 20_000));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(server.sent).toBe(20_000);
});

test("it is read ahead from where it plays, what is urgent before what comes later", async () => {
  const { server, downloads, file } = shop({ a: bytes(MiB), b: bytes(MiB) });
  const [a, b] = [file("a"), file("b")];
  a.readsAhead = b.readsAhead = true;
  b.follow(0);
  downloads.order([a, b]);
  await vi.advanceTimersByTimeAsync(50);
  expect(server.log.every((l) => l.startsWith("b"))).toBe(true);
  const part = outcome(a.read(MiB / 2, MiB / 2 + 1_000));
  a.follow(MiB / 2);
  await vi.advanceTimersByTimeAsync(100);
  expect(server.log[0]).toMatch(/broken off$/);
  expect(part.value).toHaveLength(1_000);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(a.has(MiB / 2, MiB)).toBe(true);
  expect(a.has(0, 1)).toBe(false);
  expect(b.has(0, MiB)).toBe(true);
  const firstOfB = server.log.findLastIndex((l) => l.startsWith("a"));
  expect(server.log.slice(1, firstOfB + 1).every((l) => l.startsWith("a"))).toBe(true);
});

test("what is dropped is broken off, and nothing more of it is asked for", async () => {
  const { server, downloads, file } = shop({ a: bytes(18 * MiB), b: bytes(MiB) }, MiB);
  const [a, b] = [file("a"), file("b")];
  a.readsAhead = true;
  downloads.order([a]);
  a.follow(0);
  await vi.advanceTimersByTimeAsync(1_000);
  downloads.order([b]);
  const part = outcome(b.read(0, 10_000));
  await vi.advanceTimersByTimeAsync(100);
  expect(part.value).toHaveLength(10_000);
  const sent = server.sent;
  await vi.advanceTimersByTimeAsync(20_000);
  expect(server.sent - sent).toBeLessThan(64 * 1024);
});

test("a network that is away is asked again until it is back", async () => {
  const { server, downloads } = shop({ a: bytes(100) });
  let failures = 4;
  const shaky = new Downloads((url, init) =>
    failures-- > 0 ? Promise.reject(new TypeError("failed to fetch")) : server.fetch(url, init),
  );
  const a = new RemoteFile(shaky, "a");
  shaky.order([a]);
  const part = outcome(a.read(0, 100));
  await vi.advanceTimersByTimeAsync(7_000);
  expect(part.value).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(part.value).toHaveLength(100);
  downloads.order([]);
});

test("a line that says nothing any more is given up and asked anew", async () => {
  const { server } = shop({ a: bytes(100) });
  let asked = 0;
  const silent = new Downloads((url, init) => {
    if (asked++ > 0) return server.fetch(url, init);
    return new Promise((_, fail) => init.signal.addEventListener("abort", () => fail(init.signal.reason)));
  });
  const a = new RemoteFile(silent, "a");
  silent.order([a]);
  const part = outcome(a.read(0, 100));
  await vi.advanceTimersByTimeAsync(17_000);
  expect(part.value).toHaveLength(100);
});

test.each([
  [404, "gone"],
  [410, "gone"],
  [403, "refused"],
])("%d is not tried again, and holds nobody else up", async (status, why) => {
  const { server, downloads, file } = shop({ a: status, b: bytes(100) });
  const [a, b] = [file("a"), file("b")];
  downloads.order([a, b]);
  const broken = outcome(a.read(0, 100));
  const fine = outcome(b.read(0, 100));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(broken.error).toMatchObject({ why });
  expect(fine.value).toHaveLength(100);
  expect(server.log.filter((l) => l.startsWith("a"))).toHaveLength(1);
  expect(outcome(a.read(0, 1))).toBeDefined();
});

test("a server in trouble is asked again", async () => {
  const files: Record<string, Uint8Array | number> = { a: 503 };
  const { downloads, file } = shop(files);
  const a = file("a");
  downloads.order([a]);
  const part = outcome(a.read(0, 100));
  await vi.advanceTimersByTimeAsync(5_000);
  files.a = bytes(100);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(part.value).toHaveLength(100);
});

test("somebody on the way who knows no ranges gives all of it, once", async () => {
  const { server, downloads, file } = shop({ a: bytes(MiB) }, MiB, "whole");
  const a = file("a");
  a.readsAhead = true;
  downloads.order([a]);
  const head = outcome(a.read(0, 10_000));
  await vi.advanceTimersByTimeAsync(100);
  expect(head.value).toHaveLength(10_000);
  const part = outcome(a.read(MiB - 1_000, MiB));
  a.follow(MiB / 2);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(part.value).toEqual(bytes(MiB).subarray(MiB - 1_000));
  expect(server.log).toHaveLength(1);
});

test("a long file is not held as a whole", async () => {
  const size = AHEAD + BEHIND + 40 * MiB;
  const { server, downloads, file } = shop({ a: new Uint8Array(size) }, 400 * MiB);
  const a = file("a");
  a.readsAhead = true;
  downloads.order([a]);
  a.follow(0);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(server.sent).toBeLessThan(AHEAD + 8 * MiB);
  for (let at = 0; at < size; at += 4 * MiB) {
    a.follow(at);
    await vi.advanceTimersByTimeAsync(200);
    expect(a.held).toBeLessThanOrEqual(AHEAD + BEHIND + 5 * MiB);
  }
  expect(a.has(size - BEHIND, size)).toBe(true);
});
