import { expect, test } from "vitest";
import type { Queue, QueueChange, QueueItem } from "../protocol";
import { changed } from "./queue";
import { song, user } from "./testing";

const item = (entry: number): QueueItem => ({ entry, song: song(entry), added_by: user("ana"), votes: 0 });

function queue(entries: number[], window: { offset?: number; total?: number } = {}): Queue {
  const offset = window.offset ?? 0;
  const total = window.total ?? offset + entries.length;
  return { rev: 1, items: entries.map(item), offset, total, mode: { repeat: "off", shuffle: false } };
}

/** The entries after a change, with where they begin. */
function after(before: Queue, change: QueueChange): [number[], number, number] | null {
  const next = changed(before, 2, change);
  return next && [next.items.map((i) => i.entry), next.offset, next.total];
}

test("songs are added where the server says", () => {
  expect(after(queue([1, 2]), { op: "add", index: 1, items: [item(9)], more: 0, total: 3 })).toEqual([[1, 9, 2], 0, 3]);
  expect(after(queue([]), { op: "add", index: 0, items: [item(9)], more: 0, total: 1 })).toEqual([[9], 0, 1]);
});

test("a window ends where unlisted songs begin, and shifts when songs are added above", () => {
  expect(after(queue([1, 2]), { op: "add", index: 1, items: [item(9)], more: 50, total: 53 })).toEqual([[1, 9], 0, 53]);
  expect(after(queue([5, 6], { offset: 10 }), { op: "add", index: 0, items: [item(9)], more: 2, total: 15 })).toEqual([
    [5, 6],
    13,
    15,
  ]);
});

test("songs are removed and moved", () => {
  expect(after(queue([1, 2, 3]), { op: "remove", entries: [2], total: 2 })).toEqual([[1, 3], 0, 2]);
  expect(after(queue([1, 2, 3]), { op: "move", entry: 3, index: 0 })).toEqual([[3, 1, 2], 0, 3]);
  expect(after(queue([1, 2, 3]), { op: "move", entry: 1, index: 2 })).toEqual([[2, 3, 1], 0, 3]);
  expect(after(queue([1, 2], { total: 9 }), { op: "move", entry: 1, index: 8 })).toEqual([[2], 0, 9]);
});

test("clearing keeps what plays", () => {
  expect(after(queue([1, 2, 3]), { op: "clear", keep: 2, total: 1 })).toEqual([[2], 0, 1]);
  expect(after(queue([1, 2, 3]), { op: "clear", keep: null, total: 0 })).toEqual([[], 0, 0]);
});

test("what can't be known from here is asked for", () => {
  expect(after(queue([5], { offset: 10 }), { op: "remove", entries: [1], total: 10 })).toBeNull();
  expect(after(queue([1], { total: 9 }), { op: "move", entry: 7, index: 0 })).toBeNull();
  expect(changed(queue([1]), 3, { op: "vote", entry: 1, votes: 1 })).toBeNull();
});

test("a change that is older than the queue changes nothing", () => {
  const before = queue([1]);
  expect(changed(before, 1, { op: "remove", entries: [1], total: 0 })).toBe(before);
});
