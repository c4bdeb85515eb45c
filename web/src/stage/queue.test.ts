import { expect, test } from "vitest";
import type { Queue, QueueChange, QueueItem } from "../protocol";
import { changed, comesFirst, type KnownQueue, spread, withPage } from "./queue";
import { song, user } from "./testing";

const item = (entry: number): QueueItem => ({ entry, song: song(entry), added_by: user("ana"), votes: 0 });

function page(entries: number[], window: { offset?: number; total?: number; rev?: number } = {}): Queue {
  const offset = window.offset ?? 0;
  const total = window.total ?? offset + entries.length;
  return { rev: window.rev ?? 1, items: entries.map(item), offset, total, mode: { repeat: "off", shuffle: false } };
}
const queue = (...of: Parameters<typeof page>) => spread(page(...of));
const entries = ({ items }: KnownQueue) => items.map((i) => i?.entry ?? null);

/** The entries after a change, those that are not known as `null`. */
function after(before: KnownQueue, change: QueueChange): (number | null)[] | null {
  const next = changed(before, 2, change);
  if (next) expect(next.total).toBe(next.items.length);
  return next && entries(next);
}

test("songs are added where the server says", () => {
  expect(after(queue([1, 2]), { op: "add", index: 1, items: [item(9)], more: 0, total: 3 })).toEqual([1, 9, 2]);
  expect(after(queue([]), { op: "add", index: 0, items: [item(9)], more: 0, total: 1 })).toEqual([9]);
});

test("songs that are not listed have their places, and what stands below moves on", () => {
  expect(after(queue([1, 2]), { op: "add", index: 1, items: [item(9)], more: 2, total: 5 })).toEqual([1, 9, null, null, 2]);
  expect(after(queue([5], { offset: 2 }), { op: "add", index: 0, items: [item(9)], more: 1, total: 5 })).toEqual([
    9,
    null,
    null,
    null,
    5,
  ]);
});

test("as many songs as a queue may have are added at once", () => {
  const many = after(queue([1, 2]), { op: "add", index: 1, items: [item(9)], more: 99_997, total: 100_000 });
  expect([many?.length, many?.at(-1)]).toEqual([100_000, 2]);
});

test("songs are removed and moved", () => {
  expect(after(queue([1, 2, 3]), { op: "remove", entries: [2], total: 2 })).toEqual([1, 3]);
  expect(after(queue([1, 2, 3]), { op: "move", entry: 3, index: 0 })).toEqual([3, 1, 2]);
  expect(after(queue([1, 2, 3]), { op: "move", entry: 1, index: 2 })).toEqual([2, 3, 1]);
  expect(after(queue([1, 2], { total: 4 }), { op: "move", entry: 1, index: 3 })).toEqual([2, null, null, 1]);
});

test("what goes from the only unknown stretch is known to have gone from there", () => {
  expect(after(queue([1, 2], { total: 5 }), { op: "remove", entries: [1, 77, 78], total: 2 })).toEqual([2, null]);
  expect(after(queue([1, 2], { total: 4 }), { op: "move", entry: 77, index: 0 })).toEqual([null, 1, 2, null]);
});

test("clearing keeps what plays", () => {
  expect(after(queue([1, 2, 3]), { op: "clear", keep: 2, total: 1 })).toEqual([2]);
  expect(after(queue([1, 2, 3]), { op: "clear", keep: null, total: 0 })).toEqual([]);
  expect(after(queue([1, 2], { total: 9 }), { op: "clear", keep: 7, total: 1 })).toEqual([null]);
});

test("a shuffled queue is known around what plays", () => {
  const shuffled: QueueChange = { op: "shuffle", offset: 1, items: [item(3)], total: 3 };
  expect(after(queue([1, 2, 3]), shuffled)).toEqual([null, 3, null]);
});

test("a corrected title shows on every entry of the song", () => {
  const before = { ...queue([1, 2]), items: [item(1), item(2), { ...item(3), song: song(1) }] };
  const next = changed(before, 2, { op: "songs", songs: [{ ...song(1), title: "Corrected" }, song(9)] });
  expect(next?.items.map((i) => i?.song.title)).toEqual(["Corrected", song(2).title, "Corrected"]);
});

test("what can't be known from here is asked for", () => {
  const middle = queue([5], { offset: 2, total: 5 });
  expect(after(middle, { op: "remove", entries: [1], total: 4 })).toBeNull();
  expect(after(middle, { op: "move", entry: 7, index: 0 })).toBeNull();
  expect(after(queue([1]), { op: "remove", entries: [7], total: 0 })).toBeNull();
  expect(changed(queue([1]), 3, { op: "vote", entry: 1, votes: 1 })).toBeNull();
});

test("a change that is older than the queue changes nothing", () => {
  const before = queue([1]);
  expect(changed(before, 1, { op: "remove", entries: [1], total: 0 })).toBe(before);
});

test("a page fills its places and leaves what was known", () => {
  const before = queue([1, 2], { total: 5 });
  const more = withPage(before, page([2, 3, 4], { offset: 1, total: 5 }));
  expect(entries(more)).toEqual([1, 2, 3, 4, null]);
  expect(more.items[1]).toBe(before.items[1]);
});

test("of a page and what is known the newer counts", () => {
  const before = queue([1, 2], { rev: 4 });
  expect(withPage(before, page([9], { rev: 3 }))).toBe(before);
  expect(entries(withPage(before, page([9], { rev: 5, offset: 1, total: 3 })))).toEqual([null, 9, null]);
});

test("what a play would begin with is what stands below the last one, not what has been played", () => {
  const first = (q: KnownQueue, last: number | null) => comesFirst(q, last)?.id ?? null;
  expect(first(queue([1, 2, 3]), null)).toBe(song(1).id);
  expect(first(queue([1, 2, 3]), 2)).toBe(song(3).id);
  // The queue has run dry: what is added comes.
  expect(first(queue([1, 2, 3]), 3)).toBe(null);
  expect(first(queue([1, 2, 3, 4]), 3)).toBe(song(4).id);
  expect(first(queue([1, 2]), 9)).toBe(null);
  expect(first(queue([2, 3], { offset: 200, total: 300 }), null)).toBe(null);
  expect(first(queue([]), null)).toBe(null);
});
