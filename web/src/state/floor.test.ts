import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Claim, claimByChannel, claimByLock } from "./floor";

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("addEventListener", () => {});
  vi.stubGlobal("removeEventListener", () => {});
  vi.stubGlobal("document", { addEventListener() {}, removeEventListener() {} });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Tabs that hear one another at once. */
function air() {
  const all: FakeChannel[] = [];
  class FakeChannel {
    onmessage: ((event: { data: unknown }) => void) | null = null;
    constructor() {
      all.push(this);
    }
    postMessage(data: unknown) {
      for (const other of all) if (other !== this) queueMicrotask(() => other.onmessage?.({ data }));
    }
    close() {
      all.splice(all.indexOf(this), 1);
    }
  }
  return () => new FakeChannel() as unknown as BroadcastChannel;
}

/** Locks as the specification has them, for one name. */
function locks(): LockManager {
  type Waiting = { grant(): void };
  let holder: { reject(error: Error): void } | null = null;
  const queue: Waiting[] = [];
  const next = () => queue.shift()?.grant();
  const request = (_name: string, options: LockOptions, callback: (lock: Lock | null) => unknown) =>
    new Promise<unknown>((resolve, reject) => {
      const grant = () => {
        const mine = { reject };
        holder = mine;
        Promise.resolve(callback({} as Lock)).then((value) => {
          if (holder !== mine) return;
          holder = null;
          resolve(value);
          next();
        });
      };
      const waiting = { grant };
      options.signal?.addEventListener("abort", () => {
        if (!queue.includes(waiting)) return;
        queue.splice(queue.indexOf(waiting), 1);
        reject(new Error("AbortError"));
      });
      if (options.steal) {
        holder?.reject(new Error("AbortError"));
        grant();
      } else if (!holder) grant();
      else if (options.ifAvailable) Promise.resolve(callback(null)).then(resolve);
      else queue.push(waiting);
    });
  return { request } as unknown as LockManager;
}

const KINDS: [string, () => () => Claim][] = [
  [
    "locks",
    () => {
      const shared = locks();
      return () => claimByLock(shared);
    },
  ],
  [
    "messages",
    () => {
      const channel = air();
      let n = 0;
      return () => claimByChannel(channel(), `tab ${n++}`);
    },
  ],
];

for (const [kind, browser] of KINDS) {
  const settled = () => vi.advanceTimersByTimeAsync(1_000);
  const floors = (...claims: Claim[]) => claims.map((claim) => claim.mine());

  test(`by ${kind}: the first tab has the floor, and the next one after it`, async () => {
    const open = browser();
    const one = open();
    await settled();
    const two = open();
    await settled();
    expect(floors(one, two)).toEqual([true, false]);
    one.release();
    await settled();
    expect(two.mine()).toBe(true);
  });

  test(`by ${kind}: of two tabs at once one has the floor`, async () => {
    const open = browser();
    const both = [open(), open()];
    await settled();
    expect(floors(...both)).toEqual([true, false]);
  });

  test(`by ${kind}: a tab takes the floor, and gives it back to who had it`, async () => {
    const open = browser();
    const [one, two, three] = [open(), open(), open()];
    await settled();
    two.take();
    await settled();
    expect(floors(one, two, three)).toEqual([false, true, false]);
    one.take();
    await settled();
    expect(floors(one, two, three)).toEqual([true, false, false]);
    one.release();
    await settled();
    expect(floors(two, three).filter(Boolean)).toHaveLength(1);
  });

  test(`by ${kind}: who wants it no more never gets it`, async () => {
    const open = browser();
    const [one, two] = [open(), open()];
    await settled();
    two.release();
    one.release();
    await settled();
    expect(two.mine()).not.toBe(true);
  });
}
