import { createRoot, createSignal } from "solid-js";
import { expect, test } from "vitest";
import { createChoosing } from "./choosing";

const songs = (...ids: number[]) => ids.map((id) => ({ id }));
const within = (act: () => void) =>
  createRoot((dispose) => {
    act();
    dispose();
  });

test("songs are chosen one by one, and from one to another in either direction", () =>
  within(() => {
    const choosing = createChoosing(() => songs(9, 3, 7, 1, 5));
    const chosen = () => choosing.chosen().map(({ id }) => id);
    choosing.start(true);
    choosing.choose(7, true, false);
    choosing.choose(9, true, true);
    expect(chosen()).toEqual([9, 3, 7]);
    choosing.choose(3, false, false);
    choosing.choose(5, true, true);
    expect(chosen()).toEqual([9, 3, 7, 1, 5]);
    choosing.none();
    expect(chosen()).toEqual([]);
    choosing.all();
    expect(chosen()).toHaveLength(5);
  }));

test("what is not in the list any more is not chosen any more, and who is done has chosen nothing", () =>
  within(() => {
    const [items, setItems] = createSignal(songs(1, 2));
    const choosing = createChoosing(items);
    choosing.start(true);
    choosing.all();
    setItems(songs(2));
    expect(choosing.chosen()).toEqual(songs(2));
    choosing.start(false);
    expect([choosing.active(), choosing.has(2), choosing.chosen()]).toEqual([false, false, []]);
  }));

test("a choice from nowhere is of one", () =>
  within(() => {
    const choosing = createChoosing(() => songs(1, 2, 3));
    choosing.start(true);
    choosing.choose(3, true, true);
    expect(choosing.chosen()).toEqual(songs(3));
  }));
