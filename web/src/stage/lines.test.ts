import { expect, test } from "vitest";
import { earlier, extent, following, held, later, lineOf } from "./lines";

const lines = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, n) => ({ seq: first + 2 * n }));

test("the end of a long conversation exists, and goes with it", () => {
  expect(extent(lines(1, 1_000), following)).toEqual({ from: 900, to: 1_000 });
  expect(extent(lines(1, 1_001), following)).toEqual({ from: 901, to: 1_001 });
  expect(extent(lines(1, 3), following)).toEqual({ from: 0, to: 3 });
});

test("what one reads stays, whatever is said and whatever was said before it", () => {
  const all = lines(101, 400);
  const reading = held(all, following);
  expect(extent([...all, ...lines(1_001, 1_050)], reading)).toEqual({ from: 200, to: 300 });
  expect(extent([...lines(1, 50), ...all], reading)).toEqual({ from: 250, to: 350 });
});

test("reading on, more lines exist, but never more than two hundred", () => {
  const all = lines(1, 1_000);
  let window = held(all, following);
  const seen = [];
  for (let step = 0; step < 4; step++) {
    window = earlier(all, window);
    seen.push(extent(all, window));
  }
  expect(seen).toEqual([
    { from: 850, to: 1_000 },
    { from: 800, to: 1_000 },
    { from: 750, to: 950 },
    { from: 700, to: 900 },
  ]);
  window = later(all, window);
  expect(extent(all, window)).toEqual({ from: 750, to: 950 });
});

test("both ends end", () => {
  const all = lines(1, 120);
  expect(extent(all, earlier(all, held(all, following)))).toEqual({ from: 0, to: 120 });
  expect(extent(all, later(all, held(all, following)))).toEqual({ from: 20, to: 120 });
});

test("a line is found by its number", () => {
  expect(lineOf(lines(1, 1_000), 501)).toEqual({ seq: 501 });
  expect(lineOf(lines(1, 1_000), 502)).toBeUndefined();
  expect(lineOf([], 1)).toBeUndefined();
});
