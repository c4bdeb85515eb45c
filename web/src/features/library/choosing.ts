/** Several songs of a list, chosen one by one or from one to another. */

import { createMemo, createSignal } from "solid-js";

export function createChoosing<T extends { id: number }>(items: () => readonly T[]) {
  const [ids, setIds] = createSignal<ReadonlySet<number> | null>(null);
  /** Where a choice from one to another begins. */
  let last: number | null = null;

  const chosen = createMemo(() => items().filter(({ id }) => ids()?.has(id)));
  function start(wanted: boolean): void {
    last = null;
    setIds(wanted ? new Set<number>() : null);
  }
  function between(id: number): number[] {
    const at = (wanted: number | null) => items().findIndex((item) => item.id === wanted);
    const [from, to] = [at(last), at(id)].toSorted((a, b) => a - b) as [number, number];
    return from < 0
      ? [id]
      : items()
          .slice(from, to + 1)
          .map((item) => item.id);
  }
  /** `far`: all between this one and the one before it. */
  function choose(id: number, wanted: boolean, far: boolean): void {
    const now = new Set(ids());
    for (const one of far ? between(id) : [id]) wanted ? now.add(one) : now.delete(one);
    last = id;
    setIds(now);
  }
  return {
    /** Whether one chooses at all. */
    active: () => ids() !== null,
    has: (id: number) => ids()?.has(id) ?? false,
    chosen,
    start,
    choose,
    all: () => setIds(new Set(items().map(({ id }) => id))),
    none: () => setIds(new Set<number>()),
  };
}

export type Choosing<T extends { id: number }> = ReturnType<typeof createChoosing<T>>;
