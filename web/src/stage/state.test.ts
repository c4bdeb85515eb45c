import { expect, test } from "vitest";
import type { ChatLine, JoinedFrame, Snapshot, StageFrame } from "../protocol";
import { joined, reduce, type StageState, withHistory, withQueue } from "./state";
import { snapshot, song, user } from "./testing";

const ben = user("ben");

function join(seq: number, change: Partial<Snapshot> = {}, resumed = false): JoinedFrame {
  return { type: "joined", re: 1, stage: 7, epoch: 1, seq, resumed, snapshot: snapshot(change) };
}
const line = (seq: number): ChatLine => ({ seq, from: ben, text: `line ${seq}`, at_us: seq });
const said = (seq: number): StageFrame => ({ type: "chat", stage: 7, ...line(seq) });
const play = (state: StageState, ...frames: StageFrame[]) => frames.reduce((s, f) => reduce(s, f, ben.id), state);
const seqs = (state: StageState) => state.chats.map((l) => l.seq);
const timeline = snapshot().timeline;

test("lines come once, in order", () => {
  const state = play(joined(join(10), null), said(11), said(11), said(12), said(10));
  expect(seqs(state)).toEqual([11, 12]);
  expect(state.seq).toBe(12);
});

test("the last word on what is suggested counts, and has no number", () => {
  const wish = (entry: number) => ({ entry, song: song(entry), by: ben, at_us: entry });
  const before = joined(join(10, { suggestions: [wish(1)] }), null);
  const after = play(before, { type: "suggestions", stage: 7, items: [wish(2), wish(3)] });
  expect(after.suggestions.map(({ entry }) => entry)).toEqual([2, 3]);
  expect(after.seq).toBe(10);
});

test("a hole in the numbers is noticed and nothing after it is shown", () => {
  const state = play(joined(join(10), null), said(11), said(13));
  expect(state.gap).toBe(true);
  expect(seqs(state)).toEqual([11]);
  expect(state.seq).toBe(11);
});

test("after a resumed join the missed events continue where the connection broke", () => {
  const before = play(joined(join(10), null), said(11));
  const back = joined(join(13, { chats: [line(11), line(12), line(13)] }, true), before);
  expect(seqs(play(back, said(12), said(13), said(14)))).toEqual([11, 12, 13, 14]);
});

test("over a restart the missed lines have gaps between their numbers, and the next epoch begins behind them", () => {
  const before = play(joined(join(10), null), said(11));
  const back = joined({ ...join(20_000, {}, true), epoch: 2 }, before);
  expect(back.bridge).toEqual({ epoch: 2, until: 20_000 });
  const some = play(back, said(14), said(14), said(13));
  expect([seqs(some), some.gap, some.epoch, some.seq]).toEqual([[11, 14], false, 1, 14]);
  const across = play(some, said(20_001));
  expect([seqs(across), across.gap, across.epoch, across.bridge]).toEqual([[11, 14, 20_001], false, 2, null]);
  expect(play(some, said(20_002)).gap).toBe(true);
  expect(play(back, said(20_000), said(20_002)).gap).toBe(true);
  expect(play(back, said(20_001)).epoch).toBe(2);
});

test("without resuming, a snapshot that overlaps keeps the history and one that does not replaces it", () => {
  const before = play(joined(join(10), null), said(11), said(12));
  const overlapping = joined(join(14, { chats: [line(12), line(14)] }), before);
  expect(seqs(overlapping)).toEqual([11, 12, 14]);
  const distant = joined(join(90, { chats: [line(80), line(90)] }), before);
  expect(seqs(distant)).toEqual([80, 90]);
});

test("the highest timeline wins, numbered or not", () => {
  const at = (rev: number, position_us: number) => ({ ...timeline, rev, position_us });
  const state = play(
    joined(join(10), null),
    { type: "timeline", stage: 7, ...at(3, 300) },
    { type: "timeline", stage: 7, seq: 11, ...at(2, 200) },
  );
  expect(state.timeline).toEqual(at(3, 300));
  expect(state.seq).toBe(11);
});

test("edited and deleted lines keep their place", () => {
  const state = play(
    joined(join(10), null),
    said(11),
    said(12),
    { type: "chat_edited", stage: 7, seq: 13, chat: 11, text: "better", at_us: 5 },
    { type: "chat_deleted", stage: 7, seq: 14, chat: 12, by: ben.id },
  );
  expect(state.chats).toMatchObject([
    { seq: 11, text: "better", edited_us: 5 },
    { seq: 12, text: "", deleted: true },
  ]);
});

test("my role and the stage's control decide what I may do", () => {
  const state = joined(join(10), null);
  const dj = play(state, { type: "role", stage: 7, seq: 11, user: ben, role: "dj" });
  expect(dj.you).toEqual({ role: "dj", can: ["chat", "react", "suggest", "vote", "accept"] });
  const open = play(dj, { type: "stage_updated", stage: 7, seq: 12, now: { ...dj.stage, control: "djs" } });
  expect(open.you.can).toContain("control");
});

test("a guest may what both the link and the stage let them, whoever else may what", () => {
  const seated = joined(join(10), null);
  const guest = {
    ...seated,
    you: { role: "listener" as const, can: [], guest: ["listen" as const, "chat" as const, "add" as const] },
  };
  const now = { ...seated.stage, control: "everyone" as const, guests: ["listen" as const, "add" as const, "vote" as const] };
  expect(play(guest, { type: "stage_updated", stage: 7, seq: 11, now }).you.can).toEqual(["queue_add"]);
});

test("people come, change and go", () => {
  const state = play(
    joined(join(10), null),
    { type: "presence", stage: 7, joined: [{ ...ben, role: "listener", error_us: 2000 }], left: [], listeners: 2 },
    {
      type: "sync_quality",
      stage: 7,
      listeners: [
        { id: ben.id, error_us: 60_000 },
        { id: 99, error_us: 1 },
      ],
    },
    { type: "presence", stage: 7, joined: [{ ...ben, role: "listener", error_us: 900 }], left: [user("ana").id], listeners: 1 },
  );
  expect(state.participants.map((p) => [p.username, p.error_us])).toEqual([["ben", 900]]);
  expect(state.listeners).toBe(1);
});

test("the queue is asked for when a change of it was missed", () => {
  const add = { op: "add", index: 0, items: [{ entry: 1, song: song(1), added_by: ben, votes: 0 }], more: 0, total: 1 } as const;
  const queued = play(joined(join(10), null), { type: "queue", stage: 7, seq: 11, rev: 2, ...add, items: [...add.items] });
  expect(queued.queue).toMatchObject({ rev: 2, total: 1 });
  expect(play(queued, { type: "queue", stage: 7, seq: 12, rev: 9, op: "vote", entry: 1, votes: 1 }).queueBehind).toBe(9);
});

test("a queue that was asked for and is older than a change heard meanwhile is asked for again", () => {
  const behind = play(joined(join(10), null), { type: "queue", stage: 7, seq: 11, rev: 5, op: "vote", entry: 1, votes: 1 });
  const page = (rev: number) => ({ rev, items: [], offset: 0, total: 0, mode: { repeat: "off", shuffle: false } as const });
  expect(withQueue(behind, page(4)).queueBehind).toBe(5);
  expect(withQueue(behind, page(5)).queueBehind).toBeNull();
});

test("who is removed is told so, others see them go", () => {
  const state = joined(join(10), null);
  const removed = (id?: number): StageFrame => ({
    type: "removed",
    stage: 7,
    seq: 11,
    ...(id === undefined ? {} : { user: id }),
    reason: id === undefined ? "stage_ended" : "kicked",
  });
  expect(play(state, removed(ben.id)).gone).toBe("kicked");
  expect(play(state, removed()).gone).toBe("stage_ended");
  expect(play(state, removed(user("ana").id))).toMatchObject({ gone: null, participants: [] });
});

test("history grows upward until its beginning", () => {
  const state = withHistory(joined(join(10, { chats: [line(9), line(10)] }), null), [line(7), line(8), line(9)]);
  expect(seqs(state)).toEqual([7, 8, 9, 10]);
  expect(state.chatsComplete).toBe(false);
  expect(withHistory(state, []).chatsComplete).toBe(true);
});
