import { createRenderEffect, For } from "solid-js";
import type { Comment } from "../../protocol";

/** Where in the song something is said, as dots over its line. What they say stands in the list. */
export function Marks(props: { comments: readonly Comment[]; lengthUs: number }) {
  const marks = () => props.comments.filter(({ position_us }) => position_us !== null && position_us <= props.lengthUs);
  const place = (us: number) => (el: HTMLElement) =>
    createRenderEffect(() => el.style.setProperty("--at", `${(100 * us) / Math.max(1, props.lengthUs)}%`));
  return (
    <div class="marks" aria-hidden="true">
      <For each={marks()}>
        {(comment) => (
          <i ref={(el) => place(comment.position_us ?? 0)(el)} title={`${comment.author.username}: ${comment.body}`} />
        )}
      </For>
    </div>
  );
}
