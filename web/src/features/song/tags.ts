/** What somebody types of a song's tags, as the server takes it. */

/** What stands between commas. */
export const listed = (typed: string): string[] =>
  typed
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean);

/** What was typed for a number; what is none is left to the server to refuse, and an empty field takes it away. */
export const numbered = (typed: string): number | null => (typed.trim() === "" ? null : Number(typed));

/** Those of `typed` that are not as they were: what nobody touched is not sent, so that nothing is split or folded anew. */
export function changesOf<T extends object>(was: { [field in keyof T]?: unknown }, typed: T): Partial<T> {
  const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
  return Object.fromEntries(Object.entries(typed).filter(([field, value]) => !same(was[field as keyof T], value))) as Partial<T>;
}
