/** Reactions float for a moment and are gone. */

import { createSignal } from "solid-js";
import type { User } from "../protocol";

export interface Burst {
  id: number;
  emoji: string;
  from: User;
}

/** How long a reaction floats. */
const BURST_MS = 2_400;
const AT_ONCE = 12;

export function createBursts() {
  const [bursts, setBursts] = createSignal<readonly Burst[]>([]);
  let last = 0;
  function show(emoji: string, from: User): void {
    const id = ++last;
    setBursts((all) => [...all.slice(1 - AT_ONCE), { id, emoji, from }]);
    setTimeout(() => setBursts((all) => all.filter((burst) => burst.id !== id)), BURST_MS);
  }
  return { bursts, show };
}
