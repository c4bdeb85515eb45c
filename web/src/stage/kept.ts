/** What was typed on a stage and is not in its conversation yet outlasts a reload: the tab keeps it until it is closed. */

import type { OutgoingLine } from "./outgoing";

export interface Kept<T> {
  read(): T[];
  write(all: readonly T[]): void;
}

const draftOf = (stage: number, user: number) => `octave.draft.${stage}.${user}`;

export const keptDraft = (stage: number, user: number): string => tell(draftOf(stage, user)) ?? "";
export const keepDraft = (stage: number, user: number, words: string) => note(draftOf(stage, user), words);

/** The lines of a person that a stage has not taken. */
export function unsent(stage: number, user: number): Kept<OutgoingLine> {
  const name = `octave.unsent.${stage}.${user}`;
  return {
    read() {
      try {
        return JSON.parse(tell(name) ?? "[]") as OutgoingLine[];
      } catch {
        return [];
      }
    },
    write: (lines) => note(name, lines.length > 0 ? JSON.stringify(lines.map((line) => ({ ...line, error: null }))) : ""),
  };
}

/** Stands in where the browser keeps nothing. */
const memory = new Map<string, string>();

function tell(name: string): string | null {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return memory.get(name) ?? null;
  }
}

function note(name: string, value: string): void {
  try {
    if (value) sessionStorage.setItem(name, value);
    else sessionStorage.removeItem(name);
  } catch {
    memory.set(name, value);
  }
}
