/** How a queue changes: the client's half of `QueueChange` in `protocol/src/server.rs`. */

import type { Queue, QueueChange, QueueItem, QueueMode, Song } from "../protocol";

/** A queue of which a part is known: every entry has its place, `null` until it is told. */
export interface KnownQueue {
  rev: number;
  items: readonly (QueueItem | null)[];
  total: number;
  mode: QueueMode;
}

const unknown = (count: number): null[] => new Array<null>(Math.max(0, count)).fill(null);

/** What a window tells, at its place. */
export function spread({ rev, items, offset, total, mode }: Queue): KnownQueue {
  const below = unknown(total - offset - items.length);
  return { rev, total, mode, items: unknown(offset).concat(items as never[], below) };
}

/** What is known, and a further window; the newer one counts where they are not of the same number. */
export function withPage(queue: KnownQueue, page: Queue): KnownQueue {
  if (page.rev < queue.rev) return queue;
  if (page.rev > queue.rev || page.total !== queue.total) return spread(page);
  const { offset } = page;
  const items = [...queue.items];
  page.items.forEach((item, n) => {
    // What is known already stays the same object, so that nothing is drawn anew.
    items[offset + n] ??= item;
  });
  return { ...queue, items };
}

/**
 * What a play would begin with while nothing is current: the entry below the one that was current last, the first if none
 * was. Null where that is not known, and where all has been played: whatever is added comes then.
 */
export function comesFirst({ items }: Pick<KnownQueue, "items">, last: number | null): Song | null {
  const at = last === null ? -1 : items.findIndex((item) => item?.entry === last);
  return last !== null && at < 0 ? null : (items[at + 1]?.song ?? null);
}

/**
 * The queue after a change, or null when it can't be known from here (a number was missed, or entries went from an
 * unknown one of several unknown stretches) and must be fetched.
 */
export function changed(queue: KnownQueue, rev: number, change: QueueChange): KnownQueue | null {
  if (rev <= queue.rev) return queue;
  if (rev !== queue.rev + 1) return null;
  const next = apply(queue, change);
  return next && { ...next, rev, total: next.items.length };
}

function apply(queue: KnownQueue, change: QueueChange): KnownQueue | null {
  const { items } = queue;
  switch (change.op) {
    case "add": {
      const { index } = change;
      const added = (change.items as (QueueItem | null)[]).concat(unknown(change.more));
      return sized({ ...queue, items: items.slice(0, index).concat(added, items.slice(index)) }, change.total);
    }
    case "remove": {
      const gone = new Set(change.entries);
      const left = items.filter((item) => item === null || !gone.has(item.entry));
      const others = withoutUnknown(left, gone.size - (items.length - left.length));
      return others && sized({ ...queue, items: others }, change.total);
    }
    case "move": {
      const from = items.findIndex((item) => item?.entry === change.entry);
      const others = from < 0 ? withoutUnknown(items, 1) : items.toSpliced(from, 1);
      return others && { ...queue, items: others.toSpliced(change.index, 0, items[from] ?? null) };
    }
    case "clear": {
      if (change.keep === null) return sized({ ...queue, items: [] }, change.total);
      const kept = items.find((item) => item?.entry === change.keep) ?? null;
      return sized({ ...queue, items: [kept] }, change.total);
    }
    case "shuffle":
      return spread({ ...queue, ...change });
    case "songs": {
      const corrected = new Map(change.songs.map((song) => [song.id, song]));
      const correct = (item: QueueItem | null) => {
        const song = item && corrected.get(item.song.id);
        return song ? { ...item, song } : item;
      };
      return { ...queue, items: items.map(correct) };
    }
    case "mode":
      return { ...queue, mode: change.mode };
    case "vote": {
      const at = items.findIndex((item) => item?.entry === change.entry);
      const item = items[at];
      return item ? { ...queue, items: items.with(at, { ...item, votes: change.votes }) } : queue;
    }
  }
}

/** Less so many entries that are not known: that can be said if all of those stand together. */
function withoutUnknown(items: readonly (QueueItem | null)[], count: number): readonly (QueueItem | null)[] | null {
  if (count === 0) return items;
  const [first, last] = [items.indexOf(null), items.lastIndexOf(null)];
  const together = first >= 0 && items.slice(first, last + 1).every((item) => item === null);
  return together && last - first + 1 >= count ? items.toSpliced(first, count) : null;
}

function sized(queue: KnownQueue, total: number): KnownQueue | null {
  return queue.items.length === total ? queue : null;
}
