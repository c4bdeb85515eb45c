/**
 * Drags of a list's rows by mouse, pen or finger; with keys it is Alt and an arrow. Comes to a page only where somebody
 * may drag (`Rows` asks for it), because it is a good part of what the page weighs.
 */

import {
  AutoScroller,
  Cursor,
  DragDropManager,
  Draggable,
  PointerActivationConstraints,
  PointerSensor,
  PreventSelection,
} from "@dnd-kit/dom";

/** Before that a finger scrolls, and a mouse clicks. */
const HOLD_MS = 250;
const STEP_PX = 5;

export interface Drags {
  /** Whether what was pressed is a row that can be dragged. */
  grab(target: Element, y: number): boolean;
  /** `y` is the pointer's place on the page's window. */
  move(y: number): void;
  end(how: "dropped" | "called-off"): void;
}

/** Returns how to stop. The list is what is dragged from; which of its rows, `drags` remembers. */
export function followDrags(list: Element, drags: Drags): () => void {
  const pointer = PointerSensor.configure({
    activationConstraints: ({ pointerType }: PointerEvent) =>
      pointerType === "touch"
        ? [new PointerActivationConstraints.Delay({ value: HOLD_MS, tolerance: STEP_PX })]
        : [new PointerActivationConstraints.Distance({ value: STEP_PX })],
    preventActivation: ({ target, clientY }: PointerEvent) => !(target instanceof Element && drags.grab(target, clientY)),
  });
  const manager = new DragDropManager({ sensors: [pointer], plugins: [AutoScroller, Cursor, PreventSelection] });
  manager.monitor.addEventListener("dragstart", ({ operation }) => drags.move(operation.position.current.y));
  manager.monitor.addEventListener("dragmove", ({ to, operation }) => drags.move((to ?? operation.position.current).y));
  manager.monitor.addEventListener("dragend", ({ canceled, nativeEvent }) => {
    // Moves are told once per frame, and the hand may have gone on since.
    if (!canceled && nativeEvent instanceof PointerEvent) drags.move(nativeEvent.clientY);
    drags.end(canceled ? "called-off" : "dropped");
  });
  const rows = new Draggable({ id: "rows", element: list }, manager);
  return () => {
    rows.destroy();
    manager.destroy();
  };
}
