import { expect, test } from "vitest";
import type { Notification } from "../../net/client";
import { placeOf } from "./place";
import { wordsOf } from "./words";

const told = (fields: Partial<Notification>): Notification => ({
  id: 1,
  kind: "mention",
  text: "",
  from: { id: 2, username: "ana b", avatar_url: null },
  stage: null,
  chat: null,
  song: null,
  album: null,
  comment: null,
  code: null,
  about: "Attic",
  excerpt: null,
  at_us: 1,
  read: false,
  ...fields,
});

test("each kind leads to what it is about", () => {
  expect(placeOf(told({ kind: "friend_request" }))).toBe("/friends");
  expect(placeOf(told({ kind: "friend_accepted" }))).toBe("/u/ana%20b");
  expect(placeOf(told({ kind: "invite", stage: 7, code: "a/b" }))).toBe("/s/7?invite=a%2Fb");
  expect(placeOf(told({ kind: "reply", stage: 7, chat: 12 }))).toBe("/s/7");
  expect(placeOf(told({ kind: "comment", album: 3, comment: 9 }))).toBe("/albums/3");
  expect(placeOf(told({ kind: "comment", song: 4, comment: 9 }))).toBe("/songs/4");
});

test("the words name who and what", () => {
  expect(wordsOf(told({ kind: "stage_opened" }))).toBe("ana b opened Attic");
});
