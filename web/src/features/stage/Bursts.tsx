import { For } from "solid-js";
import type { Room } from "../../stage/room";

/** Reactions float up over the stage; whoever sees none misses nothing, so nothing is announced. */
export function Bursts(props: { room: Room }) {
  return (
    <div class="bursts" aria-hidden="true">
      <For each={props.room.bursts()}>
        {(burst) => <span ref={(el) => el.style.setProperty("--x", String((burst.id * 37) % 100))}>{burst.emoji}</span>}
      </For>
    </div>
  );
}
