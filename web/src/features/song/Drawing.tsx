import { createMemo, For } from "solid-js";
import { strokes } from "./outline";
import "../../styles/drawing.css";

/** A song's outline, twice: all of it, and what of it has been heard, which ends at `--at`. */
export function Drawing(props: { bars: readonly number[] }) {
  const path = createMemo(() => strokes(props.bars));
  return (
    <For each={["all", "heard"]}>
      {(part) => (
        <svg
          class={`outline-bars ${part}`}
          aria-hidden="true"
          preserveAspectRatio="none"
          viewBox={`0 0 ${props.bars.length || 1} 100`}
        >
          <path d={path()} />
        </svg>
      )}
    </For>
  );
}
