import { expect, test } from "vitest";
import { placeIn } from "./place";

const HERE = "https://music.example.org";

test("a link to a stage or a door of this server is found among words", () => {
  expect(placeIn([null, `Come in: ${HERE}/s/7?invite=a-b_c !`, null], HERE)).toBe("/s/7?invite=a-b_c");
  expect(placeIn(["Attic", "", `${HERE}/g/3x_y-Z`], HERE)).toBe("/g/3x_y-Z");
});

test("what leads elsewhere is no place here", () => {
  expect(placeIn(["https://other.example.org/s/7", `${HERE}/library`, `${HERE}/s/x`, "http://", "s/7"], HERE)).toBeNull();
  expect(placeIn([`https://music.example.org.evil.test/s/7`, `${HERE}@evil.test/s/7`], HERE)).toBeNull();
});
