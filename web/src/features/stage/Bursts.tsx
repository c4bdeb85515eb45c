import { For } from "solid-js";
import type { Stage } from "../../stage/stage";

/** Reactions float up over the stage; whoever sees none misses nothing, so nothing is announced. */
export function Bursts(props: { stage: Stage }) {
  return (
    <div class="bursts" aria-hidden="true">
      <For each={props.stage.bursts()}>
        {(burst) => <span ref={(el) => el.style.setProperty("--x", String((burst.id * 37) % 100))}>{burst.emoji}</span>}
      </For>
    </div>
  );
}
