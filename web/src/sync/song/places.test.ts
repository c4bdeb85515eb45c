import { expect, test } from "vitest";
import { type Place, Places } from "./places";

const HABITS = { walked: 1_000, apart: 500, back: 100 };
/** A file of which each next byte holds fewer samples, with a place every hundred bytes. */
const samplesAt = (offset: number) => Math.floor(100_000 * (1 - (1 - offset / 10_000) ** 2));
const all: Place[] = Array.from({ length: 100 }, (_, n) => ({ offset: n * 100, start: samplesAt(n * 100) }));
const END: Place = { offset: 10_000, start: 100_000 };

function file() {
  const looks: number[] = [];
  const places = new Places<Place>({ offset: 0, start: 0 }, [], END, HABITS);
  const look = async (from: number, a: Place, b: Place) => {
    looks.push(from);
    return all.find(({ offset, start }) => offset >= from && start > a.start && start < b.start);
  };
  return { places, looks, look };
}

test("a sample is found in a few looks, never behind it and not far before it", async () => {
  for (const sample of [0, 999, 20_000, 50_000, 99_000, 99_999]) {
    const { places, looks, look } = file();
    const found = await places.locate(sample, look);
    expect(found.start).toBeLessThanOrEqual(sample);
    expect(sample - found.start).toBeLessThan(4 * HABITS.walked);
    expect(looks.length).toBeLessThanOrEqual(16);
  }
});

test("what is known already is not looked for again", async () => {
  const { places, looks, look } = file();
  places.note({ offset: 5_000, start: samplesAt(5_000) });
  expect((await places.locate(samplesAt(5_000) + 900, look)).offset).toBe(5_000);
  expect(looks).toEqual([]);
  expect(places.offsetOf(samplesAt(5_000))).toBe(5_000);
});

test("places close to another and beyond the end are not kept", async () => {
  const { places, look } = file();
  places.note({ offset: 10, start: HABITS.apart - 1 });
  places.note({ offset: 9_990, start: END.start });
  expect((await places.locate(900, look)).offset).toBe(0);
  expect(places.offsetOf(50_000)).toBe(5_000);
});
