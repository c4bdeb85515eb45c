/** What a screen shows from the server: the last answer that came, and what went wrong since. */

import { type Accessor, batch, createEffect, createSignal, on, onCleanup } from "solid-js";

export interface Fetched<T> {
  /** The last answer; a failure after it takes nothing away. */
  value: Accessor<T | undefined>;
  /** What the latest question failed with. */
  error: Accessor<unknown>;
  loading: Accessor<boolean>;
  again(): Promise<void>;
}

/** Asks now, and anew when `about` is another. */
export function createFetched<S, T>(about: () => S, ask: (about: S) => Promise<T>): Fetched<T> {
  const [value, setValue] = createSignal<T>();
  const [error, setError] = createSignal<unknown>(null);
  const [loading, setLoading] = createSignal(true);
  /** An older question's answer may come after a newer one's. */
  let latest = 0;

  async function load(question: S): Promise<void> {
    const mine = ++latest;
    setLoading(true);
    const settle = (failure: unknown, answer?: T) => {
      if (mine !== latest) return;
      batch(() => {
        setError(failure);
        if (failure === null) setValue(() => answer);
        setLoading(false);
      });
    };
    try {
      settle(null, await ask(question));
    } catch (failure) {
      settle(failure);
    }
  }
  createEffect(on(about, (question) => void load(question)));
  onCleanup(() => latest++);
  return { value, error, loading, again: () => load(about()) };
}
