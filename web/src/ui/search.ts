import { createEffect, createSignal, onCleanup } from "solid-js";

/** What is searched for: `wanted` is what was `typed`, once the typing has paused. */
export function createSearch(pauseMs: number) {
  const [typed, setTyped] = createSignal("");
  const [wanted, setWanted] = createSignal("");
  createEffect(() => {
    const words = typed().trim();
    const pause = setTimeout(() => setWanted(words), pauseMs);
    onCleanup(() => clearTimeout(pause));
  });
  return { typed, setTyped, wanted };
}
