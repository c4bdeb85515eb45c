/** Which actions fit what is typed. */

export interface Named {
  readonly name: string;
  /** Other words that it is called by. */
  readonly also?: string;
}

/** Without case and accents. */
const folded = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const wordsOf = (text: string) =>
  folded(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/** Those of whose words one begins with each word that is typed; what is meant by its name stands first. */
export function fitting<T extends Named>(all: readonly T[], typed: string): T[] {
  const wanted = wordsOf(typed);
  if (wanted.length === 0) return [];
  const fits = (words: string[]) => wanted.every((part) => words.some((word) => word.startsWith(part)));
  const byName = all.filter(({ name }) => fits(wordsOf(name)));
  const byOther = all.filter((one) => !byName.includes(one) && fits(wordsOf(`${one.name} ${one.also ?? ""}`)));
  return [...byName, ...byOther];
}
