import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Connection } from "../net/connection";
import type { SyncEngine, SyncStatus } from "../sync";
import { Sound } from "./sound";
import { createStage, type Ending } from "./stage";
import { snapshot, song, user } from "./testing";

const ben = user("ben");
const timeline = { ...snapshot().timeline, rev: 2, playing: true, entry: 1, song: song(1) };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A stage over a line whose other end is the test, with an engine that keeps what it is told. */
function scene() {
  const sent: { type: string; id: number }[] = [];
  const socket = {
    readyState: 1,
    onmessage: (_: { data: string }) => {},
    onclose: (_: { code: number }) => {},
    send: (text: string) => void sent.push(JSON.parse(text)),
    close() {},
  };
  const connection = new Connection(
    () => "",
    () => socket as unknown as WebSocket,
  );
  const heard: string[] = [];
  let measured = (_: SyncStatus) => {};
  const engine = {
    setTimeline: () => heard.push("timeline"),
    expect() {},
    onStatus(listener: typeof measured) {
      measured = listener;
      return () => {};
    },
    status: () => ({ offsetMs: null }),
    destroy: () => heard.push("destroyed"),
  } as unknown as SyncEngine;
  const ends: Ending[] = [];
  const on = { ended: (how: Ending) => void ends.push(how), empowered() {} };
  const sound = new Sound(() => engine);
  const says = async (frame: object) => {
    socket.onmessage({ data: JSON.stringify(frame) });
    await vi.advanceTimersByTimeAsync(0);
  };
  const answer = (frame: object) => says({ ...frame, re: sent.findLast(({ type }) => type === "join")?.id });
  const reconnects = async () => {
    connection.connect();
    await says({ type: "welcome", user: ben, server_time_us: 1, heartbeat_us: 1, node: "a" });
  };
  const joins = () => answer({ type: "joined", stage: 7, epoch: 1, seq: 1, resumed: false, snapshot: snapshot({ timeline }) });
  return {
    heard,
    ends,
    sent,
    says,
    answer,
    reconnects,
    joins,
    async begins() {
      await reconnects();
      const stage = createStage(connection, { stage: 7, me: ben, invite: undefined, on }, sound);
      sound.play(true);
      await joins();
      return stage;
    },
    breaks: () => socket.onclose({ code: 1006 }),
    sounds: (positionUs: number) => measured({ offsetMs: 1, positionUs: () => positionUs } as SyncStatus),
  };
}

test("the stage's own word ends sound and seat, and nothing is asked of it any more", async () => {
  const { begins, says, heard, ends, sent, reconnects, breaks } = scene();
  await begins();
  await says({ type: "removed", stage: 7, seq: 2, reason: "stage_ended" });
  expect(heard).toEqual(["timeline", "destroyed"]);
  expect(ends).toMatchObject([{ stage: 7, why: "stage_ended", seen: { name: "Late tea" } }]);
  const before = sent.length;
  breaks();
  await reconnects();
  expect(sent).toHaveLength(before);
});

test("a refusal to come back ends the sound, and says which stage it was", async () => {
  const { begins, breaks, reconnects, answer, heard, ends } = scene();
  await begins();
  breaks();
  expect(heard).toEqual(["timeline"]);
  await reconnects();
  await answer({ type: "error", code: "banned", detail: "" });
  expect(heard).toEqual(["timeline", "destroyed"]);
  expect(ends).toMatchObject([{ why: "refused", refusal: { code: "banned" }, seen: { name: "Late tea" } }]);
});

test("a stage that is busy when one comes back goes on sounding", async () => {
  const { begins, breaks, reconnects, answer, joins, heard, ends } = scene();
  const stage = await begins();
  breaks();
  await reconnects();
  await answer({ type: "error", code: "busy", detail: "", retry_after_us: 300_000 });
  expect(stage.refusal()?.code).toBe("busy");
  await vi.advanceTimersByTimeAsync(300);
  await joins();
  expect(stage.refusal()).toBeNull();
  expect(heard).not.toContain("destroyed");
  expect(ends).toEqual([]);
});

test("who leaves while coming in hears nothing of it", async () => {
  const { begins, joins, breaks, reconnects, heard, sent } = scene();
  const stage = await begins();
  breaks();
  await reconnects();
  stage.leave();
  await joins();
  expect(heard).toEqual(["timeline", "destroyed"]);
  expect(sent.at(-1)?.type).toBe("leave");
});

test("a song that is stated for in a moment is shown from its own beginning, not where the one before still sounds", async () => {
  const { begins, says, sounds } = scene();
  const stage = await begins();
  sounds(31_000_000);
  expect(stage.positionUs()).toBe(31_000_000);
  const next = { ...timeline, rev: 3, entry: 2, song: song(2), position_us: 0, at_us: 300_000 };
  await says({ type: "timeline", stage: 7, seq: 2, ...next });
  expect(stage.positionUs()).toBe(0);
  await vi.advanceTimersByTimeAsync(400);
  sounds(100_000);
  expect(stage.positionUs()).toBe(100_000);
});

test("a command whose answer was lost is asked again under its nonce, a click that is old is not", async () => {
  const { begins, breaks, reconnects, joins, says, sent } = scene();
  const stage = await begins();
  const adds = () => sent.filter(({ type }) => type === "queue") as unknown as { id: number; nonce: string }[];
  const added = stage.add(42);
  breaks();
  await vi.advanceTimersByTimeAsync(8_000);
  await reconnects();
  expect(adds()).toHaveLength(1);
  await joins();
  const [first, second] = adds();
  expect(second?.nonce).toBe(first?.nonce);
  await says({ type: "ok", re: second?.id, queue_rev: 4 });
  await added;

  const paused = stage.control("pause").catch((error: unknown) => (error as Error).name);
  breaks();
  await vi.advanceTimersByTimeAsync(6_000);
  expect(await paused).toBe("Disconnected");
  await reconnects();
  await joins();
  expect(sent.filter(({ type }) => type === "control")).toHaveLength(1);
});

test("a line that nobody answered for goes out again under its nonce once one is in the stage, not before", async () => {
  const { begins, breaks, reconnects, joins, sent } = scene();
  const stage = await begins();
  const lines = () => sent.filter(({ type }) => type === "chat") as unknown as { text: string; nonce: string }[];
  stage.say("hello", null);
  breaks();
  await reconnects();
  expect(lines()).toHaveLength(1);
  await joins();
  expect(lines().map(({ text }) => text)).toEqual(["hello", "hello"]);
  expect(lines()[1]?.nonce).toBe(lines()[0]?.nonce);
});
