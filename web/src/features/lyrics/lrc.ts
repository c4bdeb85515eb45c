/** The words of a song as lines: plain ones, or those of an LRC file, which begin with their times. */

export interface WordsLine {
  /** When it begins, in microseconds; null in words without times. */
  us: number | null;
  text: string;
}

/** `[01:23.45]`, also with a colon before the fraction or without one. */
const STAMP = /\[(\d+):(\d{1,2})(?:[.:](\d{1,3}))?\]/y;
/** `[ar: Somebody]`: what the file is. */
const ABOUT = /^\[([a-z#]+)\s*:(.*)\]$/i;
/** When single words begin. */
const WITHIN = /<\d+:\d{1,2}(?:[.:]\d{1,3})?>/g;

/** Lines in the order of their times; where no line has one, all as they stand. */
export function linesOf(lyrics: string): WordsLine[] {
  const raw = lyrics.split(/\r\n|\r|\n/).map((line) => line.trim());
  const offset = raw.map((line) => line.match(ABOUT)).find((about) => about?.[1]?.toLowerCase() === "offset")?.[2];
  // A positive offset lets words come earlier.
  const earlier = (Number(offset) || 0) * 1_000;
  const timed: WordsLine[] = [];
  const plain: WordsLine[] = [];
  for (const line of raw) {
    const { times, rest } = stamped(line);
    const text = rest.replaceAll(WITHIN, "").replaceAll(/\s+/g, " ").trim();
    if (times.length === 0 && ABOUT.test(line)) continue;
    for (const us of times) timed.push({ us: Math.max(0, us - earlier), text });
    // A second language stands below its line without a time of its own.
    const above = timed.at(-1);
    if (times.length === 0 && text && above) timed.push({ us: above.us, text });
    plain.push({ us: null, text });
  }
  return timed.length > 0 ? timed.toSorted((a, b) => (a.us ?? 0) - (b.us ?? 0)) : trimmed(plain);
}

/** The times that a line begins with, and what it says. */
function stamped(line: string): { times: number[]; rest: string } {
  const times: number[] = [];
  let at = 0;
  for (;;) {
    STAMP.lastIndex = at;
    const found = STAMP.exec(line);
    if (!found) return { times, rest: line.slice(at) };
    at = STAMP.lastIndex;
    const [, minutes, seconds, fraction] = found;
    times.push(Math.round((Number(minutes) * 60 + Number(seconds) + Number(`0.${fraction ?? 0}`)) * 1_000_000));
  }
}

function trimmed(lines: WordsLine[]): WordsLine[] {
  const first = lines.findIndex((line) => line.text !== "");
  const last = lines.findLastIndex((line) => line.text !== "");
  return first < 0 ? [] : lines.slice(first, last + 1);
}

/** Which line is sung at a moment; -1 before the first one, and where lines have no times. */
export function lineAt(lines: readonly WordsLine[], us: number): number {
  return lines.findLastIndex((line) => line.us !== null && line.us <= us);
}
