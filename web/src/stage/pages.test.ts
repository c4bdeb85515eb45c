import { expect, test } from "vitest";
import type { Queue } from "../protocol";
import { QueuePages } from "./pages";
import { type KnownQueue, spread, withPage } from "./queue";
import { song, user } from "./testing";

/** A server with a queue of so many entries, and a client that knows those from `offset` on. */
function scene(total: number, known: { offset: number; limit: number }) {
  const asked: number[] = [];
  const page = ({ offset, limit }: { offset: number; limit: number }, rev = 1): Queue => {
    const count = Math.max(0, Math.min(limit, total - offset));
    const items = Array.from({ length: count }, (_, n) => ({
      entry: offset + n + 1,
      song: song(1),
      added_by: user("ana"),
      votes: 0,
    }));
    return { rev, items, offset, total, mode: { repeat: "off", shuffle: false } };
  };
  const state: { queue: KnownQueue; queueBehind: number | null } = { queue: spread(page(known)), queueBehind: null };
  const answer = { rev: 1, fails: false };
  const pages = new QueuePages(
    async (window) => {
      asked.push(window.offset);
      if (answer.fails) throw new Error("offline");
      return page(window, answer.rev);
    },
    () => state,
    (got) => {
      state.queue = withPage(state.queue, got);
      state.queueBehind = null;
    },
  );
  return { asked, state, answer, pages };
}
const settled = () => new Promise((resolve) => setTimeout(resolve));

test("what is seen and known is not asked for", async () => {
  const { asked, pages } = scene(1_000, { offset: 0, limit: 200 });
  pages.show(0, 200);
  await settled();
  expect(asked).toEqual([]);
});

test("what is seen is asked for page by page, and once", async () => {
  const { asked, state, pages } = scene(1_000, { offset: 0, limit: 200 });
  pages.show(150, 320);
  pages.show(150, 320);
  await settled();
  expect(asked).toEqual([200, 300]);
  expect(state.queue.items.slice(150, 320).every((item) => item !== null)).toBe(true);
});

test("the end of a long queue is known without its middle", async () => {
  const { asked, pages } = scene(100_000, { offset: 0, limit: 200 });
  pages.show(99_980, 100_000);
  await settled();
  expect(asked).toEqual([99_900]);
});

test("a queue that is behind is asked for where one looks", async () => {
  const { asked, state, answer, pages } = scene(1_000, { offset: 0, limit: 200 });
  pages.show(520, 560);
  await settled();
  state.queueBehind = 7;
  answer.rev = 7;
  await pages.fetch();
  expect([asked, state.queue.rev]).toEqual([[500, 500], 7]);
});

test("without an answer it is left at one question until something changes", async () => {
  const { asked, answer, pages } = scene(1_000, { offset: 0, limit: 200 });
  answer.fails = true;
  pages.show(520, 560);
  await settled();
  expect(asked).toEqual([500]);
  answer.fails = false;
  await pages.fetch();
  expect(asked).toEqual([500, 500]);
});
