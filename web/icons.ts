import { deflateSync } from "node:zlib";
import type { Plugin } from "vite";

/**
 * The icon of `public/icon.svg` as pictures, for what takes no SVG: home screens and notifications. The drawing is a dot
 * between two arcs on a ground; each pixel is covered by how far it is from an edge.
 */

type Rgba = readonly [number, number, number, number];
type Point = readonly [number, number];

/** The grid that it is drawn on. */
const GRID = 64;
const GROUND: Rgba = [0xe2, 0x64, 0x3c, 255];
const INK: Rgba = [0xff, 0xf6, 0xec, 255];
const NOTHING: Rgba = [0, 0, 0, 0];
const MIDDLE: Point = [32, 32];
const [DOT, STROKE, ARC, CORNER] = [6, 3, 18, 16];
/** From the middle of a chord of 24 to the middle of its circle. */
const SAGITTA = Math.sqrt(ARC ** 2 - 12 ** 2);
/** Where each arc begins, whose circle it is on, and to which side it lies. */
const ARCS = [
  { x: 18, circle: [18 + SAGITTA, 32], side: -1 },
  { x: 46, circle: [46 - SAGITTA, 32], side: 1 },
] as const;

const distance = ([x, y]: Point, [a, b]: Point) => Math.hypot(x - a, y - b);

/** How far a point is outside of the drawing; below nothing: inside. */
function toInk(point: Point): number {
  const arcs = ARCS.map(({ x, circle, side }) => {
    const on = (point[0] - x) * side >= 0;
    const ends = Math.min(distance(point, [x, 20]), distance(point, [x, 44]));
    return (on ? Math.abs(distance(point, circle) - ARC) : ends) - STROKE;
  });
  return Math.min(distance(point, MIDDLE) - DOT, ...arcs);
}

/** How far a point is outside of the ground with its round corners. */
function toGround([x, y]: Point): number {
  const half = GRID / 2 - CORNER;
  const [dx, dy] = [Math.abs(x - 32) - half, Math.abs(y - 32) - half];
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - CORNER;
}

const over = (top: Rgba, part: number, below: Rgba): Rgba => {
  const a = (top[3] / 255) * part;
  const rest = (below[3] / 255) * (1 - a);
  const mix = (c: 0 | 1 | 2) => (a + rest === 0 ? 0 : (top[c] * a + below[c] * rest) / (a + rest));
  return [mix(0), mix(1), mix(2), (a + rest) * 255];
};

/** `whole` fills the square, as what is cut into a shape by others must; `bare` has no ground, as what others colour. */
type Ground = "rounded" | "whole" | "bare";

export function draw(size: number, ground: Ground): Uint8Array {
  const scale = GRID / size;
  const covered = (away: number) => Math.min(1, Math.max(0, 0.5 - away / scale));
  const pixels = new Uint8Array(size * size * 4);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const point: Point = [(column + 0.5) * scale, (row + 0.5) * scale];
      const part = ground === "whole" ? 1 : ground === "bare" ? 0 : covered(toGround(point));
      pixels.set(over(INK, covered(toInk(point)), over(GROUND, part, NOTHING)).map(Math.round), (row * size + column) * 4);
    }
  }
  return png(size, pixels);
}

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});
const crc32 = (bytes: Uint8Array) => ~bytes.reduce((crc, byte) => (CRC[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8), -1) >>> 0;

/** A picture of 8 bits a channel (PNG, third edition, section 5). */
function png(size: number, pixels: Uint8Array): Uint8Array {
  const chunk = (name: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
    const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    crc.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, crc]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6], 8);
  const lines = Buffer.alloc(size * (1 + size * 4));
  for (let row = 0; row < size; row++) {
    lines.set(pixels.subarray(row * size * 4, (row + 1) * size * 4), row * (1 + size * 4) + 1);
  }
  const magic = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
  const data = chunk("IDAT", deflateSync(lines, { level: 9 }));
  return Buffer.concat([magic, chunk("IHDR", header), data, chunk("IEND", new Uint8Array())]);
}

/** What `public/manifest.webmanifest`, the page and the service worker name. */
const FILES: readonly [string, number, Ground][] = [
  ["icon-192.png", 192, "rounded"],
  ["icon-512.png", 512, "rounded"],
  ["icon-maskable-192.png", 192, "whole"],
  ["icon-maskable-512.png", 512, "whole"],
  ["icon-apple.png", 180, "whole"],
  ["icon-badge.png", 96, "bare"],
];

export function icons(): Plugin {
  return {
    name: "octave:icons",
    apply: "build",
    buildStart() {
      for (const [fileName, size, ground] of FILES) {
        this.emitFile({ type: "asset", fileName, source: draw(size, ground) });
      }
    },
  };
}
