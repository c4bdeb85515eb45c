import { expect, test } from "vitest";
import { changesOf, listed, numbered } from "./tags";

const WAS = { title: "So What", album: "Kind of Blue", genres: ["Jazz"], year: 1959, track: null };

test("what nobody touched is not sent", () => {
  expect(changesOf(WAS, { ...WAS })).toEqual({});
  expect(changesOf(WAS, { ...WAS, title: "So what?" })).toEqual({ title: "So what?" });
  expect(changesOf({ ...WAS, year: undefined }, { ...WAS, year: null })).toEqual({});
});

test("what was emptied is taken away", () => {
  expect(changesOf(WAS, { ...WAS, album: null, year: null, genres: [] })).toEqual({ album: null, year: null, genres: [] });
});

test("genres stand between commas, and a number is one or nothing", () => {
  expect(listed(" Jazz,, Modal ,")).toEqual(["Jazz", "Modal"]);
  expect([numbered(" "), numbered("1959")]).toEqual([null, 1959]);
});
