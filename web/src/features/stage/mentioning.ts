/** A name that is being written behind an `@`, and what the list of those who may be meant makes of keys. */

import { createSignal } from "solid-js";
import { begun } from "../../stage/mentions";

export type ListKeys = (event: KeyboardEvent) => boolean;

export function createMentioning(field: () => HTMLTextAreaElement, write: (words: string) => void) {
  /** What is written of the name; null while none is. */
  const [beginning, setBeginning] = createSignal<string | null>(null);
  /** The id of the entry that is marked. */
  const [marked, setMarked] = createSignal<string | null>(null);
  let keys: ListKeys | null = null;

  function forget(): void {
    setBeginning(null);
    setMarked(null);
    keys = null;
  }
  return {
    beginning,
    marked,
    forget,
    /** What is before the caret now. */
    look: () => void setBeginning(begun(field().value, field().selectionEnd)),
    handle(listKeys: ListKeys | null, shown: string | null): void {
      keys = listKeys;
      setMarked(shown);
    },
    complete(name: string): void {
      const { value, selectionEnd } = field();
      const from = selectionEnd - (beginning() ?? "").length;
      const end = from + name.length + 1;
      write(`${value.slice(0, from)}${name} ${value.slice(selectionEnd)}`);
      forget();
      field().setSelectionRange(end, end);
    },
    /** True if a key was the list's. */
    takes(event: KeyboardEvent): boolean {
      if (beginning() === null) return false;
      if (event.key === "Escape") forget();
      else if (!keys?.(event)) return false;
      return true;
    },
  };
}
