/**
 * One tab of a browser sounds. The first that wants to does, until it wants no more or another is told to take over; then
 * the next one goes on.
 */

import { type Accessor, createSignal } from "solid-js";

export interface Claim {
  /** Whether this tab has the floor: undefined until that is known. */
  mine: Accessor<boolean | undefined>;
  /** Takes it from whichever tab has it. */
  take(): void;
  release(): void;
}

const NAME = "octave.floor";

export function claimFloor(): Claim {
  // Locks know when a tab has crashed, but exist on secure origins alone.
  if (navigator.locks) return claimByLock(navigator.locks);
  if (typeof BroadcastChannel !== "undefined") return claimByChannel(new BroadcastChannel(NAME));
  return { mine: () => true, take() {}, release() {} };
}

export function claimByLock(locks: LockManager): Claim {
  const [mine, setMine] = createSignal<boolean>();
  let free = () => {};
  let waiting = new AbortController();
  let over = false;

  function hold(lock: Lock | null): Promise<void> | undefined {
    if (over) return;
    setMine(lock !== null);
    if (lock) return new Promise((resolve) => (free = resolve));
    queue();
  }
  function ask(options: LockOptions): void {
    locks.request(NAME, options, hold).catch(() => {
      // Another tab took it, or this one stopped waiting in order to take it.
      if (over || options.signal?.aborted) return;
      setMine(false);
      queue();
    });
  }
  function queue(): void {
    waiting = new AbortController();
    ask({ signal: waiting.signal });
  }

  ask({ ifAvailable: true });
  return {
    mine,
    take() {
      if (mine() || over) return;
      waiting.abort();
      ask({ steal: true });
    },
    release() {
      over = true;
      waiting.abort();
      free();
    },
  };
}

/** Long enough for a busy tab to answer, short enough that nobody waits for the sound. */
const ANSWER_MS = 250;

/** Where there are no locks, tabs ask one another; who asked first has it, unless one says that it has it already. */
export function claimByChannel(channel: BroadcastChannel, id: string = Math.random().toString(36).slice(2)): Claim {
  const [mine, setMine] = createSignal<boolean>();
  const since = `${Date.now()} ${id}`;
  let asking: ReturnType<typeof setTimeout> | undefined;
  let over = false;

  const tell = (what: Said["what"]) => channel.postMessage({ what, since } satisfies Said);
  function ask(): void {
    if (over || mine() || asking) return;
    tell("ask");
    asking = setTimeout(() => settle(true), ANSWER_MS);
  }
  function settle(has: boolean): void {
    clearTimeout(asking);
    asking = undefined;
    setMine(has);
  }
  channel.onmessage = ({ data }: MessageEvent<Said>) => {
    switch (data.what) {
      case "ask":
        if (mine() || (asking && since < data.since)) tell("held");
        break;
      case "held":
        if (asking) settle(false);
        break;
      case "taken":
        settle(false);
        break;
      case "free":
        ask();
    }
  };
  const hidden = () => {
    if (!mine()) return;
    settle(false);
    tell("free");
  };
  // A tab that crashed says nothing, so it is asked for when somebody looks.
  const seen = () => document.visibilityState === "visible" && ask();
  addEventListener("pagehide", hidden);
  addEventListener("pageshow", ask);
  document.addEventListener("visibilitychange", seen);
  ask();
  return {
    mine,
    take() {
      settle(true);
      tell("taken");
    },
    release() {
      over = true;
      removeEventListener("pagehide", hidden);
      removeEventListener("pageshow", ask);
      document.removeEventListener("visibilitychange", seen);
      hidden();
      settle(false);
      channel.close();
    },
  };
}

interface Said {
  what: "ask" | "held" | "taken" | "free";
  /** When the teller first wanted the floor, and who it is: what comes first in the order of texts goes first. */
  since: string;
}
