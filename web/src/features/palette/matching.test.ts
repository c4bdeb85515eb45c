import { expect, test } from "vitest";
import { fitting } from "./matching";

const ALL = [
  { name: "Go to settings", also: "password theme" },
  { name: "Open a stage", also: "new stage create" },
  { name: "Sign out", also: "log out" },
];
const names = (typed: string) => fitting(ALL, typed).map(({ name }) => name);

test("an action is found by the beginnings of its words, in any order", () => {
  expect(names("st op")).toEqual(["Open a stage"]);
  expect(names("OUT")).toEqual(["Sign out"]);
  expect(names("tage")).toEqual([]);
});

test("an action is found by what others call it, below those that are called so", () => {
  expect(names("new st")).toEqual(["Open a stage"]);
  expect(names("pass")).toEqual(["Go to settings"]);
  const two = [{ name: "First", also: "second" }, { name: "Second" }];
  expect(fitting(two, "sec").map(({ name }) => name)).toEqual(["Second", "First"]);
});

test("accents don't matter, and nothing fits nothing", () => {
  expect(fitting([{ name: "Café" }], "cafe")).toHaveLength(1);
  expect(names("  ")).toEqual([]);
});
