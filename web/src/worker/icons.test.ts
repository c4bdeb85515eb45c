import { inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { draw } from "../../icons";

/** The colour of a pixel: its lines are not filtered, and it has one piece of data. */
function pixel(png: Uint8Array, size: number, [x, y]: readonly [number, number]): number[] {
  const bytes = Buffer.from(png);
  const at = bytes.indexOf("IDAT");
  const lines = inflateSync(bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at - 4)));
  const from = y * (1 + size * 4) + 1 + x * 4;
  return [...lines.subarray(from, from + 4)];
}
const GROUND = [0xe2, 0x64, 0x3c, 255];
const INK = [0xff, 0xf6, 0xec, 255];

test("the icon is a dot between two arcs on a ground with round corners", () => {
  const png = draw(64, "rounded");
  const at = (...point: [number, number]) => pixel(png, 64, point);
  expect(at(0, 0)).toEqual([0, 0, 0, 0]);
  expect(at(32, 2)).toEqual(GROUND);
  expect(at(32, 32)).toEqual(INK);
  expect([at(13, 32), at(50, 32)]).toEqual([INK, INK]);
  expect([at(22, 32), at(42, 32)]).toEqual([GROUND, GROUND]);
});

test("what others cut into a shape fills its square, and what they colour has no ground", () => {
  expect(pixel(draw(64, "whole"), 64, [0, 0])).toEqual(GROUND);
  expect(pixel(draw(64, "bare"), 64, [32, 2])).toEqual([0, 0, 0, 0]);
  expect(pixel(draw(64, "bare"), 64, [32, 32])).toEqual(INK);
});

test("it is as large as is asked for, and its pieces are whole", () => {
  const bytes = Buffer.from(draw(180, "whole"));
  expect(bytes.subarray(1, 4).toString()).toBe("PNG");
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([180, 180]);
  // The last piece is empty, and its check is known.
  expect(bytes.subarray(-12).toString("hex")).toBe("0000000049454e44ae426082");
});
