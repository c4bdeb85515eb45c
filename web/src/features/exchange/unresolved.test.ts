import { beforeEach, expect, test, vi } from "vitest";

const store = new Map<string, string>();
vi.stubGlobal("localStorage", {
  getItem: (name: string) => store.get(name) ?? null,
  setItem: (name: string, value: string) => void store.set(name, value),
  removeItem: (name: string) => void store.delete(name),
});
const { keep, leaveOut, placeIn, resolved, waiting } = await import("./unresolved");

const entry = (position: number) => ({ position, said: `Song ${position}`, proposed: [] });
const LIST = 7;

beforeEach(() => keep(LIST, [entry(1), entry(2), entry(5)]));

test("an entry's place is that of its file, less those before it without a song", () => {
  // The file has 0 to 5, and the playlist 0, 3 and 4.
  expect([1, 2, 5].map((position) => placeIn(LIST, position))).toEqual([1, 1, 3]);
});

test("who gets a song in any order comes to stand where they belong", () => {
  const list = ["0", "3", "4"];
  for (const position of [5, 1, 2]) {
    list.splice(placeIn(LIST, position), 0, String(position));
    resolved(LIST, position);
  }
  expect(list.join("")).toBe("012345");
  expect(waiting(LIST)).toEqual([]);
});

test("one that is left out still counts as missing", () => {
  leaveOut(LIST, 1);
  expect(waiting(LIST).map(({ position }) => position)).toEqual([2, 5]);
  expect(placeIn(LIST, 2)).toBe(1);
});

test("the browser keeps them as long as one waits", () => {
  expect(JSON.parse(store.get("octave.unresolved.7") ?? "")).toHaveLength(3);
  leaveOut(LIST, 1);
  for (const position of [2, 5]) resolved(LIST, position);
  expect(store.has("octave.unresolved.7")).toBe(false);
});
