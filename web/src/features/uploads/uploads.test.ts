import { expect, test } from "vitest";
import { listed, type Upload } from "./uploads";

const upload = (id: number, status: Upload["status"]): Upload => ({
  id,
  file: new File([], `${id}.flac`),
  status,
  progress: 0,
  song: null,
  error: null,
  retryable: true,
});

test("an album's files stand in their order", () => {
  const all = [upload(1, "done"), upload(2, "failed"), upload(3, "waiting")];
  expect(listed(all)).toBe(all);
});

test("of a whole collection what needs a look stands first, and no more than one can look at", () => {
  const many = Array.from({ length: 5_000 }, (_, n) => upload(n, n < 4_000 ? "done" : "waiting"));
  const shown = listed(many.with(17, upload(17, "failed")).with(4_500, upload(4_500, "sending")));
  expect(shown.slice(0, 3).map(({ id }) => id)).toEqual([17, 4_500, 4_000]);
  expect(shown.length).toBe(100);
});
