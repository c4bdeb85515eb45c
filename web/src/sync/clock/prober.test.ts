import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Probe } from "./clock";
import { Prober } from "./prober";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A prober whose server answers at once, `ahead` of the page's clock; counts probes and what became of bursts. */
function probing() {
  const server = { ahead: 1_000, silent: false };
  const sent: number[] = [];
  const outcomes: string[] = [];
  const ping = (): Promise<Probe> => {
    const now = Date.now() * 1e3;
    sent.push(Date.now());
    if (server.silent) return Promise.reject(new Error("not connected"));
    return Promise.resolve({ t0: now, t1: now + server.ahead + 200, t2: now + server.ahead + 200, t3: now + 400 });
  };
  const prober = new Prober(ping, (outcome) => outcomes.push(outcome));
  return { prober, server, sent, outcomes };
}

test("the clock is known after the first burst, and bursts grow sparse", async () => {
  const { prober, sent } = probing();
  prober.restart();
  await vi.advanceTimersByTimeAsync(200);
  expect(prober.clock.ready).toBe(true);
  await vi.advanceTimersByTimeAsync(800);
  expect(sent.length).toBeGreaterThanOrEqual(24);
  await vi.advanceTimersByTimeAsync(60_000 - 1_000);
  const dense = sent.length;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent.length - dense).toBeLessThanOrEqual(6 * 8);
  expect(sent.length - dense).toBeGreaterThanOrEqual(5 * 8);
});

test("a silent server is asked each second, and densely once it answers", async () => {
  const { prober, server, sent, outcomes } = probing();
  prober.restart();
  await vi.advanceTimersByTimeAsync(30_000);
  server.silent = true;
  await vi.advanceTimersByTimeAsync(30_000);
  expect(outcomes.at(-1)).toBe("empty");
  server.silent = false;
  const before = sent.length;
  await vi.advanceTimersByTimeAsync(3_000);
  expect(sent.length - before).toBeGreaterThan(24);
});

test("a server with another clock is followed within three sparse bursts", async () => {
  const { prober, server, outcomes } = probing();
  prober.restart();
  await vi.advanceTimersByTimeAsync(30_000);
  server.ahead = 500_000;
  await vi.advanceTimersByTimeAsync(40_000);
  expect(outcomes).toContain("restarted");
  expect(prober.clock.toServer(0)).toBeCloseTo(500_000, -1);
});

test("stopped, it asks no more", async () => {
  const { prober, sent } = probing();
  prober.restart();
  await vi.advanceTimersByTimeAsync(5_000);
  prober.stop();
  const before = sent.length;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(sent.length).toBe(before);
});
