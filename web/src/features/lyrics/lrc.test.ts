import { expect, test } from "vitest";
import { lineAt, linesOf } from "./lrc";

const S = 1_000_000;

test("lines come at their times, several times if it is said so", () => {
  const lines = linesOf("[00:01.50]One\n[00:10.00][00:03.00]Twice\r\n[01:02:25] Colons too");
  expect(lines).toEqual([
    { us: 1.5 * S, text: "One" },
    { us: 3 * S, text: "Twice" },
    { us: 10 * S, text: "Twice" },
    { us: 62.25 * S, text: "Colons too" },
  ]);
});

test("what the file is, and when single words begin, is not sung", () => {
  const lines = linesOf("[ar: Somebody]\n[ti:Song]\n[length: 3:00]\n[00:01.00]<00:01.00> One <00:01.40> two");
  expect(lines).toEqual([{ us: S, text: "One two" }]);
});

test("an offset lets the words come earlier, never before the song", () => {
  expect(linesOf("[offset:+500]\n[00:00.20]a\n[00:02.00]b")).toEqual([
    { us: 0, text: "a" },
    { us: 1.5 * S, text: "b" },
  ]);
});

test("a line without a time belongs to the one above it", () => {
  expect(linesOf("[00:01.00]Guten Abend\nGood evening\n\n[00:02.00]gute Nacht")).toEqual([
    { us: S, text: "Guten Abend" },
    { us: S, text: "Good evening" },
    { us: 2 * S, text: "gute Nacht" },
  ]);
});

test("words without times stay as they stand, brackets and empty lines too", () => {
  expect(linesOf("\n[Chorus]\nla la\n\nla\n")).toEqual(["[Chorus]", "la la", "", "la"].map((text) => ({ us: null, text })));
  expect(linesOf(" \n")).toEqual([]);
});

test("the line of a moment is the last that has begun", () => {
  const lines = linesOf("[00:01.00]a\n[00:02.00]\n[00:03.00]b");
  expect([0, S, 2.5 * S, 99 * S].map((us) => lineAt(lines, us))).toEqual([-1, 0, 1, 2]);
  expect(lineAt(linesOf("plain\nwords"), 5 * S)).toBe(-1);
});
