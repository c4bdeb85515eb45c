import { expect, test } from "vitest";
import { recent, remember } from "./recent";

function storage() {
  const kept = new Map<string, string>();
  return {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
  };
}
const place = (n: number) => ({ name: `Song ${n}`, more: "", href: `/songs/${n}` });

test("the latest places stand first, each once, and old ones go", () => {
  const store = storage();
  for (const n of [1, 2, 3, 4, 5, 6, 2]) remember(7, place(n), store);
  expect(recent(7, store).map(({ href }) => href)).toEqual(["/songs/2", "/songs/6", "/songs/5", "/songs/4", "/songs/3"]);
});

test("somebody else at the same device sees none of them", () => {
  const store = storage();
  remember(7, place(1), store);
  expect(recent(8, store)).toEqual([]);
  remember(8, place(2), store);
  expect(recent(7, store)).toEqual([]);
});

test("what can't be read or written is as if there were nothing", () => {
  const broken = {
    getItem: () => "{",
    setItem: () => {
      throw new Error("full");
    },
  };
  expect(recent(7, broken)).toEqual([]);
  remember(7, place(1), broken);
});
