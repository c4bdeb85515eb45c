/** How a queue changes: the client's half of `QueueChange` in `protocol/src/server.rs`. */

import type { Queue, QueueChange } from "../protocol";

/**
 * The queue after a change, or null when it can't be known from here (a number was missed, or the change concerns
 * entries outside the window) and must be fetched.
 */
export function changed(queue: Queue, rev: number, change: QueueChange): Queue | null {
  if (rev <= queue.rev) return queue;
  if (rev !== queue.rev + 1) return null;
  const next = apply(queue, change);
  return next && { ...next, rev };
}

function apply(queue: Queue, change: QueueChange): Queue | null {
  const { items, offset } = queue;
  switch (change.op) {
    case "add": {
      const at = change.index - offset;
      if (at < 0) return { ...queue, offset: offset + change.items.length + change.more, total: change.total };
      if (at > items.length) return { ...queue, total: change.total };
      // Entries that were added but not listed make a hole, so the window ends before it.
      const below = change.more > 0 ? [] : items.slice(at);
      return { ...queue, items: [...items.slice(0, at), ...change.items, ...below], total: change.total };
    }
    case "remove": {
      const gone = new Set(change.entries);
      const left = items.filter((item) => !gone.has(item.entry));
      const elsewhere = change.entries.length - (items.length - left.length);
      if (elsewhere > 0 && offset > 0) return null;
      return { ...queue, items: left, total: change.total };
    }
    case "move": {
      const moved = items.find((item) => item.entry === change.entry);
      const at = change.index - offset;
      if (!moved || at < 0) return null;
      const others = items.filter((item) => item !== moved);
      const isInside = at < others.length || offset + items.length >= queue.total;
      return { ...queue, items: isInside ? others.toSpliced(at, 0, moved) : others };
    }
    case "clear": {
      if (change.keep === null) return change.total === 0 ? { ...queue, items: [], offset: 0, total: 0 } : null;
      const kept = items.filter((item) => item.entry === change.keep);
      if (kept.length !== 1 || change.total !== 1) return null;
      return { ...queue, items: kept, offset: 0, total: 1 };
    }
    case "shuffle":
      return { ...queue, items: change.items, offset: change.offset, total: change.total };
    case "mode":
      return { ...queue, mode: change.mode };
    case "vote":
      return {
        ...queue,
        items: items.map((item) => (item.entry === change.entry ? { ...item, votes: change.votes } : item)),
      };
  }
}
