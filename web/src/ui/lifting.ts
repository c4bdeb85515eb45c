/** A row that is lifted from its list and let down beside another. */

import { type Accessor, batch, createEffect, createSignal, onCleanup } from "solid-js";

export interface Mark {
  row: number;
  side: "above" | "below";
}

export interface Lifting {
  /** The row that is dragged. */
  lifted: Accessor<number | null>;
  /** Beside which row it would come to stand. */
  mark: Accessor<Mark | null>;
  /** Where it is, from the list's top. */
  topPx: Accessor<number>;
  /** The list has moved under the hand. */
  follow(): void;
}

interface Options {
  list(): HTMLElement;
  rowPx: number;
  count(): number;
  /** What the row at a place is called; `indexOf` finds it again. */
  keyAt(index: number): number;
  indexOf(key: number): number;
  /** Whether rows may be dragged. */
  may(): boolean;
  drop(index: number, to: number): void;
}

/**
 * Rows are remembered by what they are called and not by their places, because the list goes on changing while one drags.
 * A drag that is called off moves nothing, nor one whose row has gone.
 */
export function createLifting(options: Options): Lifting {
  const [lifted, setLifted] = createSignal<number | null>(null);
  const [mark, setMark] = createSignal<Mark | null>(null, { equals: (a, b) => a?.row === b?.row && a?.side === b?.side });
  const [topPx, setTop] = createSignal(0);
  let pressed = { row: 0, within: 0 };
  let pointer = 0;

  const y = () => pointer - options.list().getBoundingClientRect().top;
  function grab(target: Element, at: number): boolean {
    const row = target.closest<HTMLElement>("[data-row]");
    if (!row || target.closest("button, a, input, [popover]")) return false;
    pressed = { row: Number(row.dataset.row), within: at - row.getBoundingClientRect().top };
    // What is not known yet has a place and no name.
    return pressed.row >= 0;
  }
  /** The pointer or the list has moved. */
  function follow(): void {
    if (lifted() === null) return;
    const place = y() / options.rowPx;
    const over = Math.max(0, Math.min(options.count() - 1, Math.floor(place)));
    const row = options.keyAt(over);
    batch(() => {
      setTop(Math.max(0, Math.min((options.count() - 1) * options.rowPx, y() - pressed.within)));
      setMark(row === lifted() ? null : { row, side: place - over < 0.5 ? "above" : "below" });
    });
  }
  function end(how: "dropped" | "called-off"): void {
    const [from, target] = [options.indexOf(lifted() ?? 0), mark()];
    batch(() => {
      setLifted(null);
      setMark(null);
    });
    const beside = target ? options.indexOf(target.row) : -1;
    if (how !== "dropped" || !target || from < 0 || beside < 0) return;
    const place = beside + (target.side === "below" ? 1 : 0);
    options.drop(from, place > from ? place - 1 : place);
  }
  const drags = {
    grab,
    move(at: number) {
      pointer = at;
      setLifted(pressed.row);
      follow();
    },
    end,
  };

  createEffect(() => {
    if (!options.may()) return;
    let stop: (() => void) | null = null;
    let over = false;
    // Without it, should the network fail, there are still the keys and the menus.
    void import("./dragging").then(
      ({ followDrags }) => {
        if (!over) stop = followDrags(options.list(), drags);
      },
      () => undefined,
    );
    onCleanup(() => {
      over = true;
      stop?.();
      end("called-off");
    });
  });
  return { lifted, mark, topPx, follow };
}
