import { beforeEach, expect, test } from "vitest";
import { askUnread, setUnread, unread } from "./unread";

beforeEach(() => setUnread(0));

test("what was asked for is shown, and no answer changes nothing", async () => {
  await askUnread(async () => 4);
  expect(unread()).toBe(4);
  await askUnread(() => Promise.reject(new Error("offline")));
  expect(unread()).toBe(4);
});

test("an answer that is older than what was told meanwhile is not taken", async () => {
  let answer = (_: number) => {};
  const asked = askUnread(() => new Promise((resolve) => (answer = resolve)));
  setUnread(5);
  answer(4);
  await asked;
  expect(unread()).toBe(5);
});
