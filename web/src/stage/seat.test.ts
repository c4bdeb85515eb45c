import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Disconnected, Refused } from "../net/connection";
import type { ErrorCode, JoinedFrame } from "../protocol";
import { Seat } from "./seat";
import { snapshot } from "./testing";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A seat whose requests the test answers by hand. */
function seat(invite?: string, isRemote?: () => boolean) {
  const asked: Record<string, unknown>[] = [];
  const heard: string[] = [];
  const answers: { resolve(frame: unknown): void; reject(error: Error): void }[] = [];
  const request = (frame: object) => {
    asked.push({ ...frame });
    return new Promise((resolve, reject) => answers.push({ resolve, reject }));
  };
  const sitter = {
    position: () => (heard.includes("joined") ? { epoch: 1, seq: 9 } : null),
    joined: () => void heard.push("joined"),
    delayed: (why: Refused) => void heard.push(`delayed ${why.code}`),
    refused: (why: Refused) => void heard.push(`refused ${why.code}`),
  };
  const made = new Seat({ request } as never, 7, invite, sitter, isRemote);
  const settled = () => vi.advanceTimersByTimeAsync(0);
  return {
    seat: made,
    asked,
    heard,
    async joined() {
      const frame: JoinedFrame = { type: "joined", re: 1, stage: 7, epoch: 1, seq: 9, resumed: false, snapshot: snapshot() };
      answers.shift()?.resolve(frame);
      await settled();
    },
    async refused(code: ErrorCode, retryAfterMs: number | null = null) {
      answers.shift()?.reject(new Refused(code, "", retryAfterMs));
      await settled();
    },
    async disconnected() {
      answers.shift()?.reject(new Disconnected());
      await settled();
    },
  };
}

test("comes back from where it was, and shows its invitation once", async () => {
  const one = seat("code");
  void one.seat.take();
  await one.joined();
  void one.seat.take();
  expect(one.asked).toEqual([
    { type: "join", stage: 7, invite: "code" },
    { type: "join", stage: 7, resume: { epoch: 1, seq: 9 } },
  ]);
});

test("says each time whether this device steers without sound", async () => {
  let remote = true;
  const one = seat(undefined, () => remote);
  void one.seat.take();
  await one.joined();
  remote = false;
  void one.seat.take();
  expect(one.asked.map((join) => join.remote)).toEqual([true, undefined]);
});

test("what is busy is asked again, when it said so", async () => {
  const one = seat();
  void one.seat.take();
  await one.refused("busy", 400);
  expect(one.heard).toEqual(["delayed busy"]);
  await vi.advanceTimersByTimeAsync(400);
  expect(one.asked).toHaveLength(2);
});

test.each<ErrorCode>(["banned", "stage_not_found", "stage_ended", "invite_required", "not_yet_invented" as ErrorCode])(
  "%s is the end of it",
  async (code) => {
    const one = seat();
    void one.seat.take();
    await one.refused(code);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(one.heard).toEqual([`refused ${code}`]);
    expect(one.asked).toHaveLength(1);
  },
);

test("who has left while the answer was on its way has left", async () => {
  const one = seat();
  void one.seat.take();
  one.seat.leave();
  await one.joined();
  expect(one.heard).toEqual([]);
  expect(one.asked.map(({ type }) => type)).toEqual(["join", "leave"]);
  void one.seat.take();
  expect(one.asked).toHaveLength(2);
});

test("what broke off is left to the next connection", async () => {
  const one = seat();
  void one.seat.take();
  await one.disconnected();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(one.heard).toEqual([]);
  void one.seat.take();
  expect(one.asked).toHaveLength(2);
});
