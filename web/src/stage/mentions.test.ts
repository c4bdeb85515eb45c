import { expect, test } from "vitest";
import { begun, isCalled, meant, pieces } from "./mentions";

const names = (text: string) => pieces(text).flatMap(({ name }) => name ?? []);

test("calls are found as the server finds them, and addresses are none", () => {
  expect(names("hi @ana, and (@Zoë)! ask @ben.")).toEqual(["ana", "Zoë", "ben"]);
  expect(names("mail ana@example.org or x.@y, @ alone")).toEqual([]);
  expect(names("@a.b-c_d")).toEqual(["a.b-c_d"]);
});

test("the pieces are the line", () => {
  for (const text of ["", "no one", "@ana", "a @ana. b @ben", "@- @."]) {
    expect(
      pieces(text)
        .map((piece) => piece.text)
        .join(""),
    ).toBe(text);
  }
});

test("a name is called in whatever case", () => {
  expect([isCalled("Ana", "ana"), isCalled("anna", "ana")]).toEqual([true, false]);
});

test("what is being written before the caret is completed, and nothing else", () => {
  expect(begun("hi @an", 6)).toBe("an");
  expect(begun("@", 1)).toBe("");
  expect(begun("hi @an and", 10)).toBeNull();
  expect(begun("hi @an and", 6)).toBe("an");
  expect(begun("mail@an", 7)).toBeNull();
});

test("the shortest name that begins so is the likeliest", () => {
  const people = ["annabel", "Ana", "ben", "an"].map((username) => ({ username }));
  expect(meant(people, "AN", 2).map(({ username }) => username)).toEqual(["an", "Ana"]);
  expect(meant(people, "", 9)).toHaveLength(4);
});
