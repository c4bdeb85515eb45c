import { expect, test } from "vitest";
import { contrast, dominant, painter, type Rgb, readable } from "./accent";

const fill = (colour: Rgb, count: number) => Array.from({ length: count }, () => [...colour, 255]).flat();

test("contrast runs from 1 to 21", () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21);
  expect(contrast([9, 9, 9], [9, 9, 9])).toBe(1);
});

test("colour is taken from the picture's colourful part, none from a grey one", () => {
  const [r, g, b] = dominant([...fill([120, 120, 120], 80), ...fill([30, 60, 200], 20)]) as Rgb;
  expect([r, g, b].map(Math.round)).toEqual([30, 60, 200]);
  expect(dominant(fill([90, 90, 92], 100))).toBeNull();
});

test("whatever the cover, text in its colour and text on it can be read", () => {
  const backgrounds = { dark: [41, 35, 31], light: [242, 235, 227] } as const;
  for (const theme of ["dark", "light"] as const) {
    for (let hue = 0; hue < 216; hue++) {
      const cover: Rgb = [(hue % 6) * 51, (Math.floor(hue / 6) % 6) * 51, Math.floor(hue / 36) * 51];
      const { accent, ink } = readable(cover, theme);
      expect(contrast(accent, backgrounds[theme]), `${cover} on ${theme}`).toBeGreaterThanOrEqual(4.5);
      expect(contrast(ink, accent)).toBeGreaterThanOrEqual(4.5);
    }
  }
});

test("a cover that comes late does not paint over the one of the song that plays", async () => {
  const answers = new Map<string, (colour: Rgb) => void>();
  const painted: (Rgb | null)[] = [];
  const follow = painter(
    (url) => new Promise((answer) => answers.set(url, answer)),
    (colour) => painted.push(colour),
  );
  const both = [follow("first", "dark"), follow("second", "dark")];
  answers.get("second")?.([0, 0, 255]);
  answers.get("first")?.([255, 0, 0]);
  await Promise.all(both);
  expect(painted).toEqual([[0, 0, 255]]);
});
