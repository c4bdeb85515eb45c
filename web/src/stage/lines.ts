/** Which lines of a conversation exist on the page: some hundred around what one reads, however long it has become. */

/** By their numbers, in order. */
type Numbered = readonly { seq: number }[];

export interface LineWindow {
  /** The number of the last line; null follows the conversation. */
  end: number | null;
  /** At most so many lines. */
  count: number;
}

const FOLLOWED = 100;
const STEP = 50;
const MOST = 200;

export const following: LineWindow = { end: null, count: FOLLOWED };

/** The index of the first line whose number is above `seq`. */
export function above(lines: Numbered, seq: number): number {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((lines[middle]?.seq ?? 0) > seq) high = middle;
    else low = middle + 1;
  }
  return low;
}

export function lineOf<T extends { seq: number }>(lines: readonly T[], seq: number): T | undefined {
  const found = lines[above(lines, seq) - 1];
  return found?.seq === seq ? found : undefined;
}

/** The window as indexes: from the first line to behind the last one. */
export function extent(lines: Numbered, { end, count }: LineWindow): { from: number; to: number } {
  const to = end === null ? lines.length : above(lines, end);
  return { from: Math.max(0, to - count), to };
}

/** Stands still while the conversation goes on. */
export function held(lines: Numbered, window: LineWindow): LineWindow {
  return { end: window.end ?? lines.at(-1)?.seq ?? 0, count: window.count };
}

export function earlier(lines: Numbered, window: LineWindow): LineWindow {
  const { from, to } = extent(lines, window);
  const top = Math.max(0, from - STEP);
  return between(lines, top, Math.min(to, top + MOST));
}

export function later(lines: Numbered, window: LineWindow): LineWindow {
  const { from, to } = extent(lines, window);
  const bottom = Math.min(lines.length, to + STEP);
  return between(lines, Math.max(from, bottom - MOST), bottom);
}

function between(lines: Numbered, from: number, to: number): LineWindow {
  return { end: lines[to - 1]?.seq ?? 0, count: to - from };
}
