/** A song's peaks as a drawing. */

/** The height of the drawing, and what a silent place keeps of it. */
const HEIGHT = 100;
const LEAST = 2;

/** The loudest of each of `bars` parts of equal length, from 0 to 1 of the loudest. */
export function barsOf(peaks: readonly number[], bars: number): number[] {
  const top = Math.max(1, ...peaks);
  return Array.from({ length: Math.min(bars, peaks.length) }, (_, bar) => {
    const many = Math.min(bars, peaks.length);
    const [from, to] = [Math.floor((bar * peaks.length) / many), Math.ceil(((bar + 1) * peaks.length) / many)];
    return Math.max(0, ...peaks.slice(from, to)) / top;
  });
}

/** Upright strokes around the middle, one unit apart. */
export function strokes(bars: readonly number[]): string {
  return bars
    .map((bar, at) => {
      const tall = Math.max(LEAST, bar * HEIGHT);
      return `M${at + 0.5} ${((HEIGHT - tall) / 2).toFixed(1)}v${tall.toFixed(1)}`;
    })
    .join("");
}
