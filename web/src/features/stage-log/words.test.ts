import { expect, test } from "vitest";
import type { LogEntry } from "../../net/client";
import type { You } from "../../protocol";
import { song, user } from "../../stage/testing";
import { mayUndo, wordsOf } from "./words";

const ana = user("ana");
const entry = (kind: string, data: unknown, more: Partial<LogEntry> = {}): LogEntry => ({
  id: 1,
  kind,
  data,
  at_us: 0,
  user: ana,
  song: null,
  whom: null,
  ...more,
});
const host: You = { role: "host", can: ["chat", "react", "control", "queue_add", "queue_edit", "moderate", "manage"] };
const listener: You = { role: "listener", can: ["chat", "react", "queue_add"] };

test("an entry says who did what, with which song and to whom", () => {
  const one = { song: song(1) };
  expect(wordsOf(entry("queued", { count: 1, entries: [{ entry: 1, song: 1 }] }, one))).toBe("ana queued Song 1");
  expect(wordsOf(entry("queued", { count: 3, entries: [] }, one))).toBe("ana queued Song 1 and 2 more songs");
  expect(wordsOf(entry("moved", { from: 1, to: 0 }, one))).toBe("ana moved Song 1 from number 2 to 1");
  expect(wordsOf(entry("sought", { song: 1, position_us: 80_000_000 }, one))).toBe("ana went to 1:20 in Song 1");
  expect(wordsOf(entry("role", { role: "dj" }, { whom: user("ben") }))).toBe("ana made ben a DJ");
  expect(wordsOf(entry("updated", { name: "Roof", slow_mode_us: 0, was: {} }))).toBe("ana changed the stage: name, slow mode");
  expect(wordsOf(entry("mode", { repeat: "all", shuffle: false }))).toContain("repeating all");
});

test("what nobody in particular did, the stage did", () => {
  expect(wordsOf(entry("advanced", { song: 1 }, { user: null, song: song(1) }))).toBe("Song 1 began");
  expect(wordsOf(entry("advanced", { song: null }, { user: null }))).toBe("The queue came to its end");
});

test("a kind of a later server and a song that is gone are still told", () => {
  expect(wordsOf(entry("crowned_queen", {}))).toBe("ana: crowned queen");
  expect(wordsOf(entry("removed", { song: 9 }))).toBe("ana took a song out of the queue");
  expect(wordsOf(entry("advanced", null, { user: null }))).toBe("a song began");
});

test("undo is offered to whom the stage would let", () => {
  expect(mayUndo(entry("moved", {}), host, 9)).toBe(true);
  expect(mayUndo(entry("moved", {}), listener, 9)).toBe(false);
  expect(mayUndo(entry("banned", {}), listener, 9)).toBe(false);
  expect(mayUndo(entry("removed", {}), listener, 9)).toBe(true);
  expect(mayUndo(entry("cleared", {}), host, 9)).toBe(false);
  expect(mayUndo(entry("advanced", {}), host, 9)).toBe(false);
});

test("what one queued oneself one may take back", () => {
  expect(mayUndo(entry("queued", {}), listener, ana.id)).toBe(true);
  expect(mayUndo(entry("queued", {}), listener, ana.id + 1)).toBe(false);
});

test("a change of which nothing is known from before is not undone", () => {
  expect(mayUndo(entry("updated", { was: {} }), host, 9)).toBe(false);
  expect(mayUndo(entry("updated", { name: "x", was: { name: "y" } }), host, 9)).toBe(true);
});
