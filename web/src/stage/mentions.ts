/** Who is called in a line: `@name`, as `base/mentions.rs` of the server finds it. */

const CALL = /(?<![\p{L}\p{N}_.-])@([\p{L}\p{N}_.-]+)/gu;

/** A line in pieces; what calls somebody has the name too, without the mark that ends its sentence. */
export function pieces(text: string): { text: string; name?: string }[] {
  const found: { text: string; name?: string }[] = [];
  let end = 0;
  for (const { 1: whole = "", index } of text.matchAll(CALL)) {
    const name = whole.replace(/[.-]+$/, "");
    if (!name) continue;
    if (index > end) found.push({ text: text.slice(end, index) });
    end = index + 1 + name.length;
    found.push({ text: `@${name}`, name });
  }
  if (end < text.length) found.push({ text: text.slice(end) });
  return found;
}

const folded = (name: string) => name.normalize("NFKC").toLowerCase();
export const isCalled = (name: string, by: string) => folded(name) === folded(by);

/** The beginning of a name that is being written before the caret; null where none is. */
export function begun(text: string, caret: number): string | null {
  return /(?:^|[^\p{L}\p{N}_.-])@([\p{L}\p{N}_.-]*)$/u.exec(text.slice(0, caret))?.[1] ?? null;
}

/** Who may be meant by a beginning, the likeliest first, of at most `most`. */
export function meant<T extends { username: string }>(people: readonly T[], beginning: string, most: number): T[] {
  const wanted = folded(beginning);
  return people
    .filter(({ username }) => folded(username).startsWith(wanted))
    .toSorted((a, b) => a.username.length - b.username.length)
    .slice(0, most);
}
