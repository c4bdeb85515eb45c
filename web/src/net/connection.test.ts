import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ServerFrame } from "../protocol";
import { afterClose, jittered } from "./backoff";
import { Connection, Disconnected, Refused } from "./connection";

class FakeSocket {
  readyState = 1;
  sent: Record<string, unknown>[] = [];
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
  hears(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

const welcome = {
  type: "welcome",
  user: { id: 1, username: "ana", avatar_url: null },
  server_time_us: 1,
  heartbeat_us: 1,
  node: "a",
};

let sockets: FakeSocket[];
let connection: Connection;

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  connection = new Connection(
    () => "ws://here/ws",
    () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket as unknown as WebSocket;
    },
  );
});
afterEach(() => {
  connection.disconnect();
  vi.useRealTimers();
});

function opened(): FakeSocket {
  connection.connect();
  const socket = sockets.at(-1) as FakeSocket;
  socket.hears(welcome);
  return socket;
}

test("an answer finds its request, in whatever order", async () => {
  const socket = opened();
  const first = connection.request({ type: "leave", stage: 1 });
  const second = connection.request({ type: "leave", stage: 2 });
  const [one, two] = socket.sent as { id: number }[];
  socket.hears({ type: "ok", re: two?.id, queue_rev: 9 });
  socket.hears({ type: "error", re: one?.id, code: "busy", detail: "later", retry_after_us: 5000 });
  expect((await second).queue_rev).toBe(9);
  await expect(first).rejects.toMatchObject({ code: "busy", retryAfterMs: 5 });
  await expect(first).rejects.toBeInstanceOf(Refused);
});

test("what stands open when the line breaks is rejected, never resent", async () => {
  const socket = opened();
  const request = connection.request({ type: "leave", stage: 1 });
  socket.onclose?.({ code: 1006 });
  await expect(request).rejects.toBeInstanceOf(Disconnected);
  await expect(connection.request({ type: "leave", stage: 1 })).rejects.toBeInstanceOf(Disconnected);
  vi.advanceTimersByTime(600);
  expect(sockets).toHaveLength(2);
  sockets[1]?.hears(welcome);
  expect(sockets[1]?.sent).toEqual([]);
});

test("an ended session does not come back by itself", () => {
  opened().onclose?.({ code: 4409 });
  vi.advanceTimersByTime(120_000);
  expect(connection.state).toBe("signed-out");
  expect(sockets).toHaveLength(1);
});

test("a silent line is asked, then given up", () => {
  const socket = opened();
  vi.advanceTimersByTime(19_000);
  expect(socket.sent).toMatchObject([{ type: "ping" }]);
  vi.advanceTimersByTime(12_000);
  expect(connection.state).not.toBe("open");
  expect(socket.readyState).toBe(3);
});

test("a hidden page, which looks once a minute, asks before it judges", () => {
  const { setInterval } = globalThis;
  vi.stubGlobal("setInterval", (act: () => void, ms: number) => setInterval(act, Math.max(60_000, ms)));
  const socket = opened();
  const answer = () => {
    const asked = socket.sent.at(-1) as { id: number } | undefined;
    if (asked) socket.hears({ type: "pong", re: asked.id, t0: null, t1_us: 1, t2_us: 1 });
  };
  for (let minute = 0; minute < 10; minute++) {
    vi.advanceTimersByTime(60_000);
    expect(connection.state).toBe("open");
    answer();
  }
  expect(socket.sent.length).toBeGreaterThan(8);
  // And when nothing answers any more, it is given up.
  vi.advanceTimersByTime(240_000);
  expect(socket.readyState).toBe(3);
  vi.unstubAllGlobals();
});

test("frames of a former socket are not heard", () => {
  const seen: ServerFrame[] = [];
  connection.onFrame((frame) => seen.push(frame));
  const old = opened();
  old.onclose?.({ code: 1012 });
  connection.connect();
  old.hears({ type: "typing", stage: 1, users: [] });
  expect(seen.map((frame) => frame.type)).toEqual(["welcome"]);
});

test("delays grow, are bounded, and are spread", () => {
  const bounds = [0, 1, 2, 10].map((attempt) => {
    const closing = afterClose(1006, attempt);
    return closing.retry ? closing.atMostMs : -1;
  });
  expect(bounds).toEqual([500, 1000, 2000, 20_000]);
  expect(jittered(1000, () => 0.25)).toBe(250);
});

test("whoever was welcomed begins with short delays again", () => {
  const random = vi.spyOn(Math, "random").mockReturnValue(1);
  const comesBackAfter = (ms: number) => {
    const before = sockets.length;
    sockets.at(-1)?.onclose?.({ code: 1006 });
    vi.advanceTimersByTime(ms - 1);
    expect(sockets).toHaveLength(before);
    vi.advanceTimersByTime(1);
    expect(sockets).toHaveLength(before + 1);
  };
  opened();
  for (const ms of [500, 1_000, 2_000, 4_000]) comesBackAfter(ms);
  sockets.at(-1)?.hears(welcome);
  for (const ms of [500, 1_000]) comesBackAfter(ms);
  random.mockRestore();
});
